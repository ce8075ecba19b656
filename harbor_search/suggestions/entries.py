"""The texts that can be suggested: titles, headings, and frequent phrases in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harbor_search.analysis import tokenize
from harbor_search.analysis.batch_analysis import Vocabulary, encoded
from harbor_search.analysis.stopwords import ENGLISH, StopWords

__all__ = ["HEADING", "KINDS", "PHRASE", "TITLE", "Entries", "Outline", "collect_entries"]

TITLE, HEADING, PHRASE = range(3)
KINDS = ("title", "heading", "phrase")

_MAX_PHRASE_WORDS = 3
"""Longer phrases are mostly parts of one title that others repeat."""

_MIN_ARTICLES = 3
"""Minimum number of titles and headings with a phrase."""

_MAX_PHRASES = 10_000
"""Only the most frequent phrases are kept."""

_WEIGHTS = {TITLE: (2.0, 0.2), HEADING: (0.8, 0.3), PHRASE: (0.6, 0.5)}
"""(weight, factor of the logarithm of the number of articles) for each kind: a phrase of twenty articles weighs as much
as a title, which leads to one article."""

_VIEWS_WEIGHT = 0.1
"""Factor of the logarithm of an article's views: popular articles come first among equals."""

_BREAKS = re.compile(r"[^\w\s'\u2019-]")
"""Punctuation, across which no phrase extends."""

_MAX_TEXT_LENGTH = 150
"""Characters; longer titles and headings are not suggested."""

Int64s = npt.NDArray[np.int64]


class Outline(NamedTuple):
    """The parts of an article used for suggestions: number, section (a code), views (-1: unknown), title, headings."""

    document: int
    section: int
    views: int
    title: str
    headings: Sequence[str]


@dataclass(frozen=True, slots=True)
class Entries:
    """Distinct texts to suggest. `documents` has an article with each, `weights` its static score; `stop` are the
    function words of their languages."""

    texts: list[str]
    kinds: npt.NDArray[np.uint8]
    weights: npt.NDArray[np.float32]
    documents: npt.NDArray[np.int32]
    sections: list[frozenset[int]]
    stop: StopWords


@dataclass(slots=True)
class _Entry:
    text: str
    kind: int
    document: int
    views: int
    articles: int
    sections: set[int]


def collect_entries(outlines: Iterable[Outline], stop: StopWords = ENGLISH) -> Entries:
    """The entries of a collection whose languages have the function words `stop`."""
    found: dict[str, _Entry] = {}
    for outline in outlines:
        _add(found, outline.title, TITLE, outline)
        for heading in dict.fromkeys(outline.headings):
            _add(found, heading, HEADING, outline)
    for phrase in _phrases(list(found.values()), stop):
        found.setdefault(phrase.text.casefold(), phrase)
    entries = list(found.values())
    return Entries(
        [each.text for each in entries],
        np.array([each.kind for each in entries], np.uint8),
        np.array([_weight(each) for each in entries], np.float32),
        np.array([each.document for each in entries], np.int32),
        [frozenset(each.sections) for each in entries],
        stop,
    )


def _add(found: dict[str, _Entry], text: str, kind: int, outline: Outline) -> None:
    if not text or len(text) > _MAX_TEXT_LENGTH:
        return
    entry = found.get(key := text.casefold())
    if entry is None:
        found[key] = _Entry(text, kind, outline.document, outline.views, 1, {outline.section})
        return
    entry.articles += 1
    entry.sections.add(outline.section)
    if kind < entry.kind:
        entry.kind, entry.document, entry.views, entry.text = kind, outline.document, outline.views, text


def _weight(entry: _Entry) -> float:
    """The static score of an entry, by its kind, number of articles and views."""
    own, shared = _WEIGHTS[entry.kind]
    return own + shared * log(entry.articles) + _VIEWS_WEIGHT * log(1 + max(entry.views, 0))


def _phrases(entries: Sequence[_Entry], stop: StopWords) -> Iterator[_Entry]:
    """The words and phrases that occur in several entries and neither begin nor end with a function word."""
    vocabulary = Vocabulary()
    batch = vocabulary.tokenize(*encoded([entry.text for entry in entries]))
    tokens = batch.tokens.astype(np.int64)
    owners = np.repeat(np.arange(len(entries)), batch.counts)
    function = np.array([_is_function(text, stop) for text in vocabulary.texts()], np.bool_)
    shares = np.array([entry.articles for entry in entries], np.int64)
    listed: list[tuple[int, int, int]] = []
    for size in range(1, _MAX_PHRASE_WORDS + 1):
        listed += _ngrams(tokens, owners, shares, function, size)
    listed.sort(key=lambda each: (-each[0], each[1], each[2]))
    firsts = np.cumsum(batch.counts) - batch.counts
    for articles, start, size in listed[:_MAX_PHRASES]:
        entry = entries[int(owners[start])]
        words = list(tokenize(entry.text))[int(start - firsts[owners[start]]) :][:size]
        text = entry.text[words[0].start : words[-1].end].lower()
        if _BREAKS.search(text):
            continue
        yield _Entry(text, PHRASE, entry.document, -1, articles, entry.sections)


def _ngrams(
    tokens: Int64s, owners: Int64s, shares: Int64s, function: npt.NDArray[np.bool_], size: int
) -> list[tuple[int, int, int]]:
    """(articles, offset of one occurrence, size) of the frequent phrases of `size` tokens."""
    count = tokens.size - size + 1
    if count <= 0:
        return []
    starts = np.arange(count)
    whole = owners[:count] == owners[size - 1 :]
    whole &= ~function[tokens[:count]] & ~function[tokens[size - 1 :]]
    starts = starts[whole]
    keys = np.zeros(starts.size, np.int64)
    for offset in range(size):
        keys = keys * np.int64(function.size) + tokens[starts + offset]
    _, firsts, inverse, occurrences = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    articles = np.bincount(inverse, shares[owners[starts]], firsts.size).astype(np.int64)
    frequent = np.flatnonzero(articles >= _MIN_ARTICLES)
    frequent = frequent[(occurrences[frequent] > 1) | (size == 1)]
    return [(int(articles[at]), int(starts[firsts[at]]), size) for at in frequent]


def _is_function(word: str, stop: StopWords) -> bool:
    return word in stop.words or word in stop.qualifiers or len(word) < 2 or word.isdecimal()
