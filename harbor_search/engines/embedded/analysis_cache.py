"""What queries are analysed to in one snapshot, remembered: readers turn pages, narrow what they found, repeat it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple, TypeVar

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

_Made = TypeVar("_Made")

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
        self._words: dict[Node, Mapping[Node, Clause | None]] = {}
        self._characters = 0

    def clause(self, query: Node) -> Clause | None:
        """The analysed query."""
        return self._known(self._clauses, query, analyse)

    def clauses(self, queries: Iterable[Node]) -> list[Clause | None]:
        """Several of them."""
        return list(map(self.clause, queries))

    def search(self, query: Node, criteria: Criteria) -> AnalysedSearch:
        """A query with what else is asked of it."""
        beside = tuple(self.clause(each) for each in (criteria.preferred, criteria.together) if each is not None)
        named = criteria.aspects or criteria.tested
        by_node = self._known(self._words, query, clauses_by_node) if named else _NO_NODES
        return AnalysedSearch(self.clause(query), beside, by_node)

    def _known(
        self, known: dict[Node, _Made], query: Node, make: Callable[[Node, Analyzer, WordForms], _Made]
    ) -> _Made:
        if query not in known:
            size = _size(query)
            self._characters += size
            if self._characters > _MOST_CHARACTERS:
                self._clauses.clear()
                self._words.clear()
                self._characters = size
            self._forms.prefetch(list(words_of(query)))
            known[query] = make(query, self._analyzer, self._forms)
        return known[query]


def _size(tree: Node) -> int:
    """The characters of a tree, and what else its nodes take."""
    parts: list[object] = [tree]
    # As long as parts are added, they are gone through.
    for part in parts:
        if isinstance(part, tuple):
            parts += part
    return sum(len(part) for part in parts if isinstance(part, str)) + _NODE * len(parts)
