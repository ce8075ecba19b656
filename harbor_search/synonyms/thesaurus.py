"""Finding names in a query's words, and the other names that they have.

Names are compared as the index compares words: by their analysed terms, so that "heart attacks" is *heart attack*, by
one of the spellings and forms of a word, so that "wisdom tooth" is *wisdom teeth*, and with letters and numbers apart,
so that "covid19" is *covid-19*.
Function words of the collection's languages, such as "in" and "the", are passed over, so that "ringing in my ears" is
*ringing in the ears*, but in names that have a single word besides: "the pill" is not any pill.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from harbor_search.analysis import Analyzer, tokenize
from harbor_search.analysis.compounds import atoms_of
from harbor_search.analysis.stopwords import all_stop_words
from harbor_search.analysis.variants import name_form
from harbor_search.synonyms.groups import Equivalent

__all__ = ["Name", "Other", "Thesaurus"]

Key = tuple[str, ...]

_PLAIN = re.compile("[A-Za-z]+(?: [A-Za-z]+)*")


class Other(NamedTuple):
    """Another name, what an occurrence of it counts (1: as much as what was typed), and whether it names the same."""

    text: str
    weight: float
    mutual: bool = True


class Name(NamedTuple):
    """A name that stands in a query: the indices of its words there, and the other names of the same thing."""

    words: tuple[int, ...]
    others: tuple[Other, ...]


class Thesaurus:
    """The other names of names, for one analyzer. Never changes; threads may share it."""

    def __init__(self, equivalents: Iterable[Equivalent], analyzer: Analyzer) -> None:
        self._stop = all_stop_words(analyzer.name).words
        self._others: dict[Key, dict[str, Other]] = {}
        equivalents = tuple(equivalents)
        keys, self._words = _compared({text: None for each in equivalents for text in each[:2]}, analyzer)
        for name, other, weight, mutual in equivalents:
            key, other_key = keys[name], keys[other]
            if key and other_key and key != other_key:
                others = self._others.setdefault(key, {})
                known = others.get(other, Other(other, 0.0, mutual=False))
                others[other] = Other(other, max(weight, known.weight), mutual or known.mutual)
        self._longest = max(map(len, self._others), default=0)
        self._firsts = frozenset(key[0] for key in self._others)

    def __len__(self) -> int:
        """How many names have others."""
        return len(self._others)

    def knows(self, term: str) -> bool:
        """Whether an analysed word is part of any name: then it is spelt as people spell it."""
        return term in self._words

    def others_of(self, term: str) -> tuple[Other, ...]:
        """The other names of a name of one word, by its term."""
        return tuple(self._others.get((term,), {}).values())

    def names(self, words: Sequence[str], terms: Sequence[str], aside: Collection[int] = ()) -> list[Name]:
        """The names in a query, left to right, the longest first where several begin; none overlap.

        `terms` are the analysed `words`, one each, of which those stand for several that have letters and numbers; an
        empty one is no part of a name. Those at the indices `aside` may
        stand between the words of a name: "my ears keep ringing".
        """
        if self._firsts.isdisjoint(terms):
            return []
        content = [index for index, word in enumerate(words) if word.lower() not in self._stop]
        found: dict[int, Name] = {}
        taken: set[int] = set()
        closer = [index for index in content if index not in aside] if aside else ()
        for places in (content, closer, range(len(words))):
            for name in self._along(places, terms, taken):
                found[name.words[0]] = name
        return [found[first] for first in sorted(found)]

    def _along(self, places: Sequence[int], terms: Sequence[str], taken: set[int]) -> Iterable[Name]:
        at = 0
        while at < len(places):
            size = 1
            if terms[places[at]] in self._firsts and places[at] not in taken:
                for size in range(min(self._longest, len(places) - at), 0, -1):
                    span = tuple(places[at : at + size])
                    others = self._others.get(tuple(terms[index] for index in span))
                    if others is not None and taken.isdisjoint(span):
                        taken.update(span)
                        yield Name(span, tuple(others.values()))
                        break
            at += size


def _compared(texts: Collection[str], analyzer: Analyzer) -> tuple[dict[str, Key], set[str]]:
    """By which terms each text is compared, and all the terms that the texts have.

    Most texts are letters and spaces, and share their words, which are analysed once: that takes a tenth of the time.
    """
    plain = {text: text.lower().split() for text in texts if _PLAIN.fullmatch(text)}
    words = list({word: None for own in plain.values() for word in own})
    stop = all_stop_words(analyzer.name).words
    terms, compared = set(analyzer.terms(words)), _by_form(words, analyzer)
    keys = {}
    for text in texts:
        if text in plain:
            own = [(word, word) for word in plain[text]]
        else:
            own = [(token.text, atom) for token in tokenize(text) for atom in atoms_of(token.text)]
            terms |= {token.text for token in analyzer.analyze(text)}
            compared |= _by_form([atom for _, atom in own], analyzer)
        content = [atom for word, atom in own if word not in stop]
        whole = len(content) > 1 or len(content) == len(own)
        keys[text] = tuple(compared[atom] for atom in (content if whole else [atom for _, atom in own]))
    return keys, {part for term in terms for part in term.split()}


def _by_form(words: Sequence[str], analyzer: Analyzer) -> dict[str, str]:
    """The term that each word is compared by: that of one of its forms, the same for all of them."""
    return dict(zip(words, analyzer.terms([name_form(word, analyzer.name) for word in words]), strict=True))
