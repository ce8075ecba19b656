"""What is known of the words of an index, for spelling and for choosing what to search."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from typing import Any

from harbor_search.analysis import Analyzer
from harbor_search.engines.analysed_query import Clause, analyse
from harbor_search.engines.analysed_query import Phrase as AnalysedPhrase
from harbor_search.engines.analysed_query import Term as AnalysedTerm
from harbor_search.engines.opensearch.generations import Generation
from harbor_search.query import Boolean, Phrase, Term
from harbor_search.spelling import Lexicon

__all__ = ["ClusterVocabulary"]

PAGE = 10_000
"""Words that one request reads."""

MOST_KNOWN = 65_536
"""Words and phrases whose frequency is remembered: some ten megabytes."""


class ClusterVocabulary:
    """As `engines.Vocabulary`, for one index. Threads may share it."""

    def __init__(
        self,
        generation: Generation,
        analyzer: Analyzer,
        count: Callable[[Clause | None], int],
        ask: Callable[[dict[str, Any]], dict[str, Any]],
    ) -> None:
        """`count` tells how many articles match a clause, `ask` sends the body of a search."""
        self._generation = generation
        self._analyzer = analyzer
        self._count = lru_cache(maxsize=MOST_KNOWN)(count)
        self._ask = ask

    @property
    def generation(self) -> str:
        """The name of the generation."""
        return self._generation.name

    @property
    def analyzer(self) -> str:
        """The name of the analyzer of words."""
        return self._analyzer.name

    @property
    def articles(self) -> int:
        """How many articles there are."""
        return int(self._generation.meta["articles"])

    @cached_property
    def lexicon(self) -> Lexicon:
        """All words of the articles, read page by page when the first misspelt word comes."""
        words: list[str] = []
        source: dict[str, Any] = {"sources": [{"word": {"terms": {"field": "words"}}}], "size": PAGE}
        while True:
            found = self._ask({"size": 0, "aggs": {"words": {"composite": source}}})["aggregations"]["words"]
            words += [bucket["key"]["word"] for bucket in found["buckets"]]
            if "after_key" not in found:
                return Lexicon(words)
            source["after"] = found["after_key"]

    def frequency(self, word: str) -> int:
        """In how many articles a word stands."""
        return self._count(analyse(Term(word), self._analyzer))

    def document_frequency(self, leaf: AnalysedTerm | AnalysedPhrase) -> int:
        """How many articles have a term or phrase of an analysed query."""
        return self._count(leaf)

    def together(self, words: Sequence[str]) -> int:
        """In how many articles all of some words stand."""
        return self._count(analyse(Boolean(must=tuple(Term(word) for word in words)), self._analyzer))

    def adjacent(self, words: Sequence[str]) -> int:
        """In how many articles some words stand one behind the other."""
        return self._count(analyse(Phrase(" ".join(words)), self._analyzer))
