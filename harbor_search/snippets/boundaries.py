"""Where a text can be cut so that no word, accented letter or emoji is cut in two.

Cutting between words at white space is best, between words anywhere (after a hyphen, between Chinese characters) is
next, and between two whole characters of an endless word is better than showing none of it. Every search looks at as
many characters as it is given and no more.

Texts are code points (int32); `properties` are those of `analysis.character_properties`, which must know them all.
"""

from __future__ import annotations

import numpy as np

from harbor_search.analysis.character_properties import EXTENDS, HALF, IN_WORD, SPACE
from harbor_search.compiled import kernel, part

__all__ = ["cut_after", "cut_before"]

_ZERO_WIDTH_JOINER = 0x200D

_AT_SPACE, _AFTER_SPACE, _BETWEEN_WORDS, _BETWEEN_CHARACTERS = range(4)
"""What a place can be."""


@kernel
def cut_before(text, properties, at, wanted, lowest):
    """The best place to end a passage: as late as possible, at most `at` and above `lowest`.

    A place from `wanted` on, so that all before `wanted` is shown, is better than any before it. `at` where there is
    no place at all. Needs lowest < wanted <= at <= text.size.
    """
    for side in range(2):
        low, high = (wanted, at) if side == 0 else (lowest + 1, wanted - 1)
        for kind in (_AT_SPACE, _BETWEEN_WORDS):
            found = _last(text, properties, kind, low, high)
            if found >= 0:
                return found
    found = _last(text, properties, _BETWEEN_CHARACTERS, lowest + 1, at)
    return at if found < 0 else found


@kernel
def cut_after(text, properties, at, wanted, lowest):
    """The best place to begin a passage: the earliest from `at` on, at most `wanted`; else the latest before `at`.

    Never before `lowest`; `wanted` where there is no place at all. Needs lowest <= at <= wanted <= text.size.
    """
    for place in range(at, wanted + 1):
        if _is(text, properties, _AFTER_SPACE, place):
            return place
    found = _last(text, properties, _AFTER_SPACE, lowest, at - 1)
    if found >= 0:
        return found
    for kind in (_BETWEEN_WORDS, _BETWEEN_CHARACTERS):
        found = _last(text, properties, kind, lowest, wanted)
        if found >= 0:
            return found
    return wanted


@part
def _last(text, properties, kind, low, high):
    """The last place of a kind from `low` to `high`, -1 where there is none."""
    place = high
    while place >= low:
        if _is(text, properties, kind, place):
            return place
        place -= 1
    return np.int64(-1)


@part
def _is(text, properties, kind, at):
    """Whether a place of the text is of a kind."""
    if kind == _AFTER_SPACE:
        if at == text.size or properties[text[at]] & SPACE:
            return False
        return at == 0 or (properties[text[at - 1]] & SPACE and _between_characters(text, properties, at))
    if at == 0 or at == text.size:
        return True
    before, after = properties[text[at - 1]], properties[text[at]]
    if kind == _AT_SPACE and not ((before | after) & SPACE):
        return False
    if kind == _BETWEEN_WORDS and before & after & IN_WORD:
        return False
    return _between_characters(text, properties, at)


@part
def _between_characters(text, properties, at):
    """Whether what readers see as one character does not extend over `at`.

    Simpler and stricter than Unicode's grapheme clusters: never between two flags, for one.
    """
    before, after = text[at - 1], text[at]
    if before == _ZERO_WIDTH_JOINER or (before == 0x0D and after == 0x0A):
        return False
    return not (properties[after] & EXTENDS or properties[before] & properties[after] & HALF)
