"""What may be suggested to somebody who is typing: titles, headings, and what is frequent in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harbor_search.analysis import tokenize
from harbor_search.analysis.batches import Vocabulary, encoded
from harbor_search.analysis.stopwords import ENGLISH, StopWords

__all__ = ["HEADING", "KINDS", "PHRASE", "TITLE", "Entries", "Outline", "collect_entries"]

TITLE, HEADING, PHRASE = range(3)
KINDS = ("title", "heading", "phrase")

_LONGEST_PHRASE = 3
"""Words: longer ones are mostly parts of one title that others repeat."""

_FREQUENT = 3
"""Titles and headings that have a phrase, at least, for it to be one of the collection's."""

_MOST_PHRASES = 10_000
"""The most frequent: nobody pages through suggestions."""

_WORTH = {TITLE: (2.0, 0.2), HEADING: (0.8, 0.3), PHRASE: (0.6, 0.5)}
"""What an entry of a kind is worth, and what the logarithm of the number of its articles adds: a title leads to an
article, a phrase of twenty articles to as much."""

_READ = 0.1
"""What the logarithm of an article's views adds: popular ones first among equals."""

_BREAKS = re.compile(r"[^\w\s'\u2019-]")
"""What stands between two parts of a title and not within a phrase."""

_LONGEST_TEXT = 150
"""Characters: what is longer is no title that anybody would choose from a list."""

Int64s = npt.NDArray[np.int64]


class Outline(NamedTuple):
    """An article as suggestions see it: its number, section (a code), views (-1: unknown), title and headings."""

    document: int
    section: int
    views: int
    title: str
    headings: Sequence[str]


@dataclass(frozen=True, slots=True)
class Entries:
    """Texts to suggest, each once. `documents` has an article of each, `weights` how good each is as such; `stop` are
    the function words of their languages."""

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
    if not text or len(text) > _LONGEST_TEXT:
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
    """How good an entry is: what many articles say or many people read."""
    own, shared = _WORTH[entry.kind]
    return own + shared * log(entry.articles) + _READ * log(1 + max(entry.views, 0))


def _phrases(entries: Sequence[_Entry], stop: StopWords) -> Iterator[_Entry]:
    """The words and phrases that stand in several entries and neither begin nor end with a function word."""
    vocabulary = Vocabulary()
    batch = vocabulary.tokenize(*encoded([entry.text for entry in entries]))
    tokens = batch.tokens.astype(np.int64)
    owners = np.repeat(np.arange(len(entries)), batch.counts)
    function = np.array([_is_function(text, stop) for text in vocabulary.texts()], np.bool_)
    shares = np.array([entry.articles for entry in entries], np.int64)
    listed: list[tuple[int, int, int]] = []
    for size in range(1, _LONGEST_PHRASE + 1):
        listed += _ngrams(tokens, owners, shares, function, size)
    listed.sort(key=lambda each: (-each[0], each[1], each[2]))
    firsts = np.cumsum(batch.counts) - batch.counts
    for articles, start, size in listed[:_MOST_PHRASES]:
        entry = entries[int(owners[start])]
        words = list(tokenize(entry.text))[int(start - firsts[owners[start]]) :][:size]
        text = entry.text[words[0].start : words[-1].end].lower()
        if _BREAKS.search(text):
            continue
        yield _Entry(text, PHRASE, entry.document, -1, articles, entry.sections)


def _ngrams(
    tokens: Int64s, owners: Int64s, shares: Int64s, function: npt.NDArray[np.bool_], size: int
) -> list[tuple[int, int, int]]:
    """(articles, place of one occurrence, size) of the frequent phrases of `size` tokens."""
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
    frequent = np.flatnonzero(articles >= _FREQUENT)
    frequent = frequent[(occurrences[frequent] > 1) | (size == 1)]
    return [(int(articles[at]), int(starts[firsts[at]]), size) for at in frequent]


def _is_function(word: str, stop: StopWords) -> bool:
    return word in stop.words or word in stop.qualifiers or len(word) < 2 or word.isdecimal()
