"""Articles with the places of all their terms, kept from page to page: to find the places takes longer than to search.

What is kept is bounded in bytes, and goes by the hash of an article's content: it is true whatever is published.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from threading import Lock
from typing import NamedTuple

import numpy as np

from harbor_search.analysis import Analyzer
from harbor_search.analysis.batch_analysis import Batch, Vocabulary, encoded
from harbor_search.analysis.token_spans import locate_spans
from harbor_search.article import Article
from harbor_search.engines.languages import analyzer_of

__all__ = ["LocatedArticle", "LocatedArticles", "Locator", "Place", "TermPlaces"]

_MOST_WORDS = 200_000
"""Distinct words that are remembered, some 40 MB; then it begins anew."""

_OBJECTS = 1_000
"""Bytes that the objects of an article take besides its texts and the places of its terms, roughly."""


class Place(NamedTuple):
    """Where a term stands in a text: the number of the word, and its half-open range of characters."""

    position: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TermPlaces:
    """The places of the terms of one text.

    `terms` are its distinct terms, sorted; `ends` says where the places of each end in `places`, three numbers a place.
    """

    field: str
    section: int
    terms: tuple[str, ...]
    ends: array[int]
    places: array[int]

    def of(self, term: str) -> list[Place]:
        """The places of a term, in the order of the text."""
        at = bisect_left(self.terms, term)
        if at == len(self.terms) or self.terms[at] != term:
            return []
        numbers = self.places[self.ends[at - 1] if at else 0 : self.ends[at]]
        return [Place(*numbers[start : start + 3]) for start in range(0, len(numbers), 3)]

    def beginning_with(self, prefix: str) -> Iterator[str]:
        """The terms that begin so."""
        for at in range(bisect_left(self.terms, prefix), len(self.terms)):
            if not self.terms[at].startswith(prefix):
                return
            yield self.terms[at]


@dataclass(frozen=True, slots=True)
class LocatedArticle:
    """An article and, where its terms were looked for, their places in each of its texts that has some."""

    article: Article
    texts: tuple[TermPlaces, ...] = ()

    @property
    def held(self) -> int:
        """About how many bytes it takes."""
        texts = sum(4 * (len(each.ends) + len(each.places)) + 8 * len(each.terms) for each in self.texts)
        return texts + sum(len(section.text) for section in self.article.body) + _OBJECTS


class LocatedArticles:
    """The articles that were located last, by names that tell their content. Threads may share it."""

    def __init__(self, most_bytes: int) -> None:
        self._most, self._held = most_bytes, 0
        self._known: OrderedDict[tuple[str, ...], LocatedArticle] = OrderedDict()
        self._lock = Lock()

    @property
    def held(self) -> int:
        """About how many bytes are kept."""
        return self._held

    def get(self, name: tuple[str, ...]) -> LocatedArticle | None:
        """The article of this name, if it is here."""
        with self._lock:
            known = self._known.get(name)
            if known is not None:
                self._known.move_to_end(name)
            return known

    def keep(self, name: tuple[str, ...], located: LocatedArticle) -> None:
        """Keep an article, in the place of those that were not asked for longest."""
        with self._lock:
            if located.held > self._most or name in self._known:
                return
            self._known[name] = located
            self._held += located.held
            while self._held > self._most:
                _, oldest = self._known.popitem(last=False)
                self._held -= oldest.held


class Locator:
    """Finds the places of terms, many articles at a time. Threads may share it.

    It cuts texts by the kernel that cuts them for the index, and has each distinct word analysed once.
    """

    def __init__(self, collection: Analyzer) -> None:
        """`collection` is the analyzer of the index, with those of its other languages."""
        self._collection = collection
        self._others = frozenset(collection.others)
        self._lock = Lock()
        self._begin()

    def locate(self, articles: Sequence[Article]) -> list[LocatedArticle]:
        """The places of the terms of some articles, analysed as they were for the index."""
        texts = [list(_texts(article)) for article in articles]
        joined, sizes = encoded([text for each in texts for _, _, text in each])
        with self._lock:
            if len(self._vocabulary) > _MOST_WORDS:
                self._begin()
            batch = self._vocabulary.tokenize(joined, sizes)
            numbers, ranges = batch.tokens.tolist(), _character_ranges(batch)
            located, start, ends = [], 0, iter(np.cumsum(batch.counts).tolist())
            for article, own in zip(articles, texts, strict=True):
                found = []
                for field, section, _ in own:
                    end = next(ends)
                    terms = self._terms_of(article, numbers[start:end])
                    found.append(_by_term(field, section, terms, *(each[start:end] for each in ranges)))
                    start = end
                located.append(LocatedArticle(article, tuple(each for each in found if each.terms)))
            return located

    def _begin(self) -> None:
        self._vocabulary = Vocabulary()
        self._terms: dict[str, dict[int, str]] = {}  # by analyzer and word

    def _terms_of(self, article: Article, words: Sequence[int]) -> list[str]:
        """The terms of words of an article, by the analyzer of its language; empty where they have none."""
        analyzer = analyzer_of(article.language, self._collection, self._others)
        known = self._terms.setdefault(analyzer.name, {})
        new = list({word for word in words if word not in known})
        if new:
            known.update(zip(new, analyzer.terms(self._vocabulary.texts(np.array(new, np.int64))), strict=True))
        return [known[word] for word in words]


def _character_ranges(batch: Batch) -> tuple[list[int], list[int]]:
    """Where each token of a batch begins, and where it ends, in characters from the beginning of its text."""
    places = np.zeros((batch.tokens.size, 2), np.int64)
    places[:, 0] = np.arange(batch.tokens.size)
    spans = np.concatenate([batch.spans, np.zeros(8, np.uint8)])  # the kernel reads so many bytes at once
    locate_spans(spans, 0, batch.spans.size, batch.counts.astype(np.int64), places)
    return places[:, 0].tolist(), places[:, 1].tolist()


def _texts(article: Article) -> Iterator[tuple[str, int, str]]:
    yield "title", -1, article.title
    for number, section in enumerate(article.body):
        yield "heading", number, section.heading
        yield "body", number, section.text
    for number, name in enumerate(article.tags):
        yield "names", number, name


def _by_term(field: str, section: int, terms: Sequence[str], starts: Sequence[int], ends: Sequence[int]) -> TermPlaces:
    places: dict[str, list[int]] = {}
    for position, (term, start, end) in enumerate(zip(terms, starts, ends, strict=True)):
        if term:
            places.setdefault(term, []).extend((position, start, end))
    distinct = tuple(sorted(places))
    ordered = [places[term] for term in distinct]
    ends = array("I", accumulate(map(len, ordered)))
    return TermPlaces(field, section, distinct, ends, array("I", chain.from_iterable(ordered)))
