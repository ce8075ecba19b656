"""What queries are analysed to in one snapshot, remembered: readers turn pages, narrow what they found, repeat it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from harbor_search.analysis import Analyzer
from harbor_search.engines.analysed_query import analyse, clauses_by_node, words_of
from harbor_search.engines.clauses import Clause
from harbor_search.engines.criteria import Criteria
from harbor_search.engines.word_forms import WordForms
from harbor_search.query import Node

__all__ = ["AnalysedSearch", "QueryAnalyses"]

_MOST_CHARACTERS = 2_000_000
"""Characters of the trees of which it is remembered what they are analysed to, with `_NODE` for each node: some
thousands of what readers type, some hundreds of pasted texts. Each takes some bytes of memory."""

_NODE = 10
"""Characters that each part of a tree takes as much as, besides its text: with what it becomes."""

_Asked = tuple[Node, Node | None, Node | None, bool]
"""A query, what is preferred, what is to have words together, and whether the query's nodes are asked for."""

_NO_NODES: Mapping[Node, Clause | None] = MappingProxyType({})


class AnalysedSearch(NamedTuple):
    """A search in the terms of the index: its query; `beside` that what the criteria say is preferred and what is to
    have words together, where they say so, in this order; and what each node of the query becomes, where the criteria
    name some."""

    clause: Clause | None
    beside: tuple[Clause | None, ...]
    by_node: Mapping[Node, Clause | None]


class QueryAnalyses:
    """Analysed queries, with words in all the spellings that a snapshot has. Hold its lock."""

    def __init__(self, analyzer: Analyzer, forms: WordForms) -> None:
        self._analyzer, self._forms = analyzer, forms
        self._clauses: dict[Node, Clause | None] = {}
        self._searches: dict[_Asked, AnalysedSearch] = {}
        self._characters = 0

    def clause(self, query: Node) -> Clause | None:
        """The analysed query."""
        if query not in self._clauses:
            self._make_room(query)
            self._forms.prefetch(words_of(query))
            self._clauses[query] = analyse(query, self._analyzer, self._forms)
        return self._clauses[query]

    def clauses(self, queries: Iterable[Node]) -> list[Clause | None]:
        """Several of them."""
        return list(map(self.clause, queries))

    def search(self, query: Node, criteria: Criteria) -> AnalysedSearch:
        """A query with what else is asked of it."""
        asked = query, criteria.preferred, criteria.together, bool(criteria.aspects or criteria.tested)
        known = self._searches.get(asked)
        if known is None:
            self._make_room(asked)
            known = self._searches[asked] = self._analysed(*asked)
        return known

    def _analysed(self, query: Node, preferred: Node | None, together: Node | None, by_node: bool, /) -> AnalysedSearch:
        beside = [each for each in (preferred, together) if each is not None]
        self._forms.prefetch(*map(words_of, (query, *beside)))
        clause, *others = [analyse(each, self._analyzer, self._forms) for each in (query, *beside)]
        named = clauses_by_node(query, self._analyzer, self._forms, clause) if by_node else _NO_NODES
        return AnalysedSearch(clause, tuple(others), named)

    def _make_room(self, asked: Node | _Asked) -> None:
        size = _size(asked)
        self._characters += size
        if self._characters > _MOST_CHARACTERS:
            self._clauses.clear()
            self._searches.clear()
            self._characters = size


def _size(trees: Node | _Asked) -> int:
    """The characters of some trees, and what else their nodes take."""
    parts: list[object] = [trees]
    characters = 0
    # As long as parts are added, they are gone through.
    for part in parts:
        if isinstance(part, tuple):
            parts += part
        elif isinstance(part, str):
            characters += len(part)
    return characters + _NODE * len(parts)
