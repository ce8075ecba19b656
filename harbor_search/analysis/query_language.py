"""In which language a query is, as its function words tell: they are few, in every sentence, and not shared by many."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from typing import NamedTuple, Protocol

from harbor_search.analysis.stopwords import StopWords, naming_words, stop_words_by_language, stop_words_of

__all__ = ["foreign_language", "stop_words_in"]

_LEAST_EVIDENCE = 2
"""Words of another language that a query must have before it is taken for one in that language."""

_WORD = re.compile(r"[^\W\d_]+")


class _Evidence(NamedTuple):
    """Of a query, the function words of a language, those of them that are of none of the collection's languages, and
    function words of the collection's languages that are none there."""

    stop: StopWords
    functions: Set[str]
    foreign: Set[str]
    against: Set[str]

    @property
    def is_sure(self) -> bool:
        """Whether two words speak for the language alone, and twice as many as against it."""
        alone = len(self.foreign - naming_words())
        return alone >= _LEAST_EVIDENCE and alone > 2 * len(self.against)


class Known(Protocol):
    """What is known of the words of a collection."""

    def frequency(self, word: str) -> int:
        """In how many articles a word stands, in any form."""
        ...

    def adjacent(self, words: Sequence[str]) -> int:
        """In how many articles these words stand one after the other."""
        ...


def stop_words_in(text: str, analyzer: str) -> StopWords:
    """Those of the language of a query: the collection's own, unless the words are surely of another one that its
    analyzer joins.

    A wrong guess would leave the subject out of the search: "die" says nothing in German, but "die hard" names a film.
    """
    own, *others = stop_words_of(analyzer)
    if not others:
        return own
    found = _likeliest(set(_words(text)), [own], others)
    return found.stop if found.is_sure else own


def foreign_language(text: str, analyzer: str, known: Known) -> StopWords | None:
    """The function words of the language that a query is in, where that is plainly none of the collection's.

    It is where function words say so surely. One says so where none of the collection's languages has a word in the
    query and at least half of the words besides are none that articles have, which must be two where it is in articles
    or in names. But what stands in articles beside the same word as in the query is part of a name ("de Lange").
    """
    own = stop_words_of(analyzer)
    languages = [stop for name, stop in stop_words_by_language().items() if stop not in own]
    words = _words(text)
    found = _likeliest(set(words), own, languages)
    if found.is_sure:
        return found.stop
    telling = {word for at, word in enumerate(words) if word in found.foreign and _tells(words, at, known)}
    if found.against or not telling:
        return None
    content = set(words) - found.functions
    unknown = [word for word in content if not known.frequency(word)]
    least = 2 if all(word in naming_words() or _is_in_articles(word, known) for word in telling) else 1
    return found.stop if len(unknown) >= max(least, len(content) / 2) else None


def _is_in_articles(word: str, known: Known) -> bool:
    """Whether articles have a word, in its letters: with an accent it is another one than without."""
    return word.isascii() and known.frequency(word) > 0


def _tells(words: Sequence[str], at: int, known: Known) -> bool:
    """Whether a function word of another language is one in its place: with an accent surely, else where articles do
    not have it beside a neighbour of the query."""
    if not words[at].isascii():
        return True
    pairs = [words[first : first + 2] for first in (at - 1, at) if 0 <= first < len(words) - 1]
    return bool(pairs) and not any(map(known.adjacent, pairs))


def _likeliest(words: Set[str], own: Iterable[StopWords], others: Iterable[StopWords]) -> _Evidence:
    """The evidence for that of some languages for which most words speak."""
    ours = {word for word in words if any(_has(stop, word) for stop in own)}
    evidence = []
    for stop in others:
        theirs = {word for word in words if _has(stop, word)}
        evidence.append(_Evidence(stop, theirs, theirs - ours, ours - theirs))
    return max(evidence, key=lambda each: (len(each.foreign - naming_words()), len(each.foreign), len(each.functions)))


def _words(text: str) -> list[str]:
    """The words of a query that may tell: of single letters those with an accent, as "a" is one of many languages."""
    return [word for word in _WORD.findall(text.lower()) if len(word) > 1 or not word.isascii()]


def _has(stop: StopWords, word: str) -> bool:
    return word in stop.words or word in stop.qualifiers
