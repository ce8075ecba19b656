"""What is known of the words of an index, for spelling and for choosing what to search."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from harbor_search.analysis import Analyzer
from harbor_search.analysis.variants import variants
from harbor_search.engines.analysed_query import analyse, in_other_languages
from harbor_search.engines.clauses import Clause
from harbor_search.engines.clauses import Phrase as AnalysedPhrase
from harbor_search.engines.clauses import Term as AnalysedTerm
from harbor_search.engines.opensearch.generation import Generation
from harbor_search.engines.opensearch.mapping import TEXT_FIELDS
from harbor_search.engines.opensearch.requests import Asking
from harbor_search.engines.opensearch.word_list import WordList, WordReading
from harbor_search.query import Boolean, Phrase, Term
from harbor_search.spelling import Lexicon

__all__ = ["ClusterVocabulary"]

PORTION = 30_000
"""Words that one request reads, about: how many there are is estimated, and hashes spread them."""

READING = 60.0
"""Seconds that all words are waited for before searches are taken; those of 100,000 articles take 4."""

MOST_BUCKETS = 65_535
"""Words that one answer may have (`search.max_buckets`)."""

MOST_KNOWN = 65_536
"""Words and phrases whose frequency is remembered: some ten megabytes."""


class ClusterVocabulary:
    """As `engines.Vocabulary`, for one index. Threads may share it."""

    def __init__(
        self,
        generation: Generation,
        analyzer: Analyzer,
        ask: Asking,
        reading: WordReading,
        before: ClusterVocabulary | None = None,
    ) -> None:
        """`ask` asks about the index. The words of the index `before` stand in for those of this one until they are
        read.

        An index never changes, so what was counted once is so for good.
        """
        self._generation = generation
        self._analyzer = analyzer
        self._ask = ask
        self._words: WordList = WordList(self._portions, reading, before._words if before is not None else None)
        self._counts: dict[Clause, int] = {}
        self._spelt: dict[str, bool] = {}

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

    @property
    def lexicon(self) -> Lexicon:
        """All words of the articles, or of those of the index before, until they are read."""
        return self._words.lexicon()

    def prepare(self) -> None:
        """Read all words, and wait for them if that does not take too long."""
        self._words.prepare(READING)

    def _portions(self) -> Callable[[], list[str] | None]:
        """What reads the words, a portion at a time.

        Words are spread over the portions by their hash. Pages in alphabetical order (a composite aggregation) would
        walk through all articles more slowly for each page.
        """
        return partial(next, self._each_portion(), None)

    def _each_portion(self) -> Iterator[list[str]]:
        distinct = self._all({"words": {"cardinality": {"field": "words"}}})
        portions = 1 + distinct["value"] // PORTION
        for portion in range(portions):
            chosen = {"partition": portion, "num_partitions": portions}
            terms = {"field": "words", "size": MOST_BUCKETS, "include": chosen}
            yield [bucket["key"] for bucket in self._all({"words": {"terms": terms}})["buckets"]]

    def _all(self, words: dict[str, Any]) -> dict[str, Any]:
        """What an aggregation `words` says of all articles."""
        found = self._ask(lambda requests: requests.search_all({"aggs": words}))
        return dict(found["aggregations"]["words"])

    def spelt(self, word: str) -> bool:
        """Whether a word stands in any article in just this spelling."""
        known = self._spelt.get(word)
        if known is None:
            if len(self._spelt) >= MOST_KNOWN:
                self._spelt.clear()
            asked = {"size": 0, "track_total_hits": 1, "query": {"term": {"words": word}}}
            found = self._ask(lambda requests: requests.search(asked))
            known = self._spelt[word] = bool(found["hits"]["total"]["value"])
        return known

    def prefetch(self, words: Iterable[str]) -> None:
        """Look up how frequent these words are by one request."""
        self.counts([clause for word in words for clause in self._clauses(word)])

    def frequency(self, word: str) -> int:
        """In how many articles a word stands: in the field, and the language of the collection, that has most."""
        return max(self.counts(self._clauses(word)), default=0)

    def document_frequency(self, leaf: AnalysedTerm | AnalysedPhrase) -> int:
        """How many articles have a term or phrase of an analysed query."""
        return self._frequency(leaf)

    def may_have(self, terms: Sequence[bytes], field: str | None) -> list[bool]:
        """That any article may have each of some terms of a field: which of them none has takes a request to know."""
        return [True] * len(terms)

    def together(self, words: Sequence[str]) -> int:
        """In how many articles all of some words stand."""
        return self._frequency(analyse(Boolean(must=tuple(Term(word) for word in words)), self._analyzer))

    def adjacent(self, words: Sequence[str]) -> int:
        """In how many articles some words stand one after the other."""
        return self._frequency(analyse(Phrase(" ".join(words)), self._analyzer))

    def counts(self, clauses: Sequence[Clause]) -> list[int]:
        """How many articles match each of some clauses; those not known yet are counted by one request."""
        known = self._counts
        found = {clause: known[clause] for clause in clauses if clause in known}
        unknown = [clause for clause in dict.fromkeys(clauses) if clause not in found]
        if unknown:
            found |= zip(unknown, self._ask(lambda requests: requests.counts(unknown)), strict=True)
            if len(known) > MOST_KNOWN:
                known.clear()
            known.update(found)
        return [found[clause] for clause in clauses]

    def _clauses(self, word: str) -> list[Clause]:
        """The clauses that a word may be: as it is spelt and varied, in each language, and a term in each field."""
        found: list[Clause] = []
        for text in (word, *variants(word, self.analyzer)):
            for leaf in (analyse(Term(text), self._analyzer), *in_other_languages(text, None, 0, self._analyzer)):
                if isinstance(leaf, AnalysedTerm):
                    found += [leaf._replace(field=field) for field in TEXT_FIELDS]
                elif isinstance(leaf, AnalysedPhrase):
                    found.append(leaf)
        return found

    def _frequency(self, clause: Clause | None) -> int:
        return 0 if clause is None else self.counts([clause])[0]
