"""Abbreviations: whether a full stop belongs to the word before it rather than to the sentence.

Texts are code points (int32); `properties` are those of `analysis.character_properties`. Words are compared as numbers.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from harbor_search.analysis.character_properties import ALPHA, DIGIT, SPACE, UPPER
from harbor_search.compiled import part

__all__ = ["is_abbreviation"]

_LONGEST_WORD = 24
"""Characters to look back for the word before a full stop: no abbreviation is longer."""

_DOT = ord(".")


def _key(word: str) -> int:
    """A word of letters and dots as a number: five bits a character."""
    key = 0
    for character in word:
        key = key << 5 | (27 if character == "." else ord(character) - 96)
    return key


def _keys(words: str) -> npt.NDArray[np.int64]:
    return np.array([_key(word) for word in words.split()], np.int64)


_TITLES = _keys("dr mr mrs ms prof st sgt rev fr jr sr vs e.g i.e cf approx fig figs vol ca al dept resp incl esp")
"""Abbreviations that are followed by what they belong to, so that no sentence ends with them."""

_BEFORE_NUMBERS = _keys("no nos p pp sec ch par")
"""Abbreviations before a number, words or letters anywhere else."""

_DOTTED_TIMES = _keys("a.m p.m b.c a.d ph.d m.d")
"""Dotted abbreviations that often end a sentence; other ones (U.S., U.K.) mostly stand before a name."""

_LETTERED = _keys(
    "vitamin vitamins hepatitis influenza type group grade stage strep class phase part factor plan option table"
)
"""Words that a letter belongs to: "vitamin A." may end a sentence, "John F." may not."""


@part
def is_abbreviation(text, properties, start, stop, following):
    """Whether the full stop at `stop` belongs to the word before it rather than to the sentence."""
    first = _word_before(text, properties, start, stop)
    size = stop - first
    if size == 0:
        return False
    key = _key_of(text, first, stop)
    if _is_among(_TITLES, key) or (following & DIGIT and _is_among(_BEFORE_NUMBERS, key)):
        return True
    letters, digits, dots = 0, 0, 0
    for i in range(first, stop):
        letters += (properties[text[i]] & ALPHA) != 0
        digits += (properties[text[i]] & DIGIT) != 0
        dots += text[i] == _DOT
    if digits == size and first == start:
        return True  # the number of a list's item
    if size == 1 and properties[text[first]] & UPPER:
        if text[first] == 0x49:  # "I" is a word
            return False
        before = max(stop - 2, np.int64(0))
        return not _is_among(_LETTERED, _key_of(text, _word_before(text, properties, start, before), before))
    return dots > 0 and letters > 0 and letters + dots == size and size <= 5 and not _is_among(_DOTTED_TIMES, key)


@part
def _word_before(text, properties, start, stop):
    """Where the characters right before `stop` begin, back to white space, a quote or a bracket."""
    least, at = max(start, stop - _LONGEST_WORD), max(stop, start)
    while at > least and not (properties[text[at - 1]] & SPACE or _parts_words(text[at - 1])):
        at -= 1
    return at


@part
def _parts_words(code):
    return code == 0x28 or code == 0x5B or code == 0x22 or code == 0x27 or code == 0x201C or code == 0x2018


@part
def _key_of(text, first, stop):
    """As `_key`, of the word in lower case; 0 where it is not of ASCII letters and dots, or too long."""
    if stop - first > 12:
        return np.int64(0)
    key = np.int64(0)
    for i in range(first, stop):
        code = np.int64(text[i])
        letter = code | 0x20
        if code == _DOT:
            key = key << 5 | 27
        elif letter >= 0x61 and letter <= 0x7A and code < 0x80:
            key = key << 5 | (letter - 96)
        else:
            return np.int64(0)
    return key


@part
def _is_among(keys, key):
    for i in range(keys.size):
        if keys[i] == key:
            return True
    return False
