"""What a word sounds like, roughly: a key that spellings by ear share ("newmonia" and "pneumonia").

The rules are those that phonetic keys of English have in common (L. Philips, Hanging on the Metaphone, Computer
Language 1990): a vowel counts, roughly, where a word begins with it, silent letters do not, and of a pair one does.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from harbor_search.compiled import part

__all__ = ["sound_of", "sounds_of_letters"]

_SILENT, _OPEN, _FRONT, _VOWEL, _K, _S, _F, _J, _OTHERS = range(9)
"""The numbers of sounds: none, vowels to `_VOWEL` (a; e, i and y; o, u and w), and consonants."""

_LETTERS = (
    ("a\u00e0\u00e1\u00e2\u00e3\u00e4\u00e5\u00e6", _OPEN),
    ("eiy\u00e8\u00e9\u00ea\u00eb\u00ec\u00ed\u00ee\u00ef\u00fd\u00ff", _FRONT),
    ("ouw\u00f2\u00f3\u00f4\u00f5\u00f6\u00f8\u00f9\u00fa\u00fb\u00fc", _VOWEL),
    ("ckq", _K),
    ("sxz\u00e7\u00df", _S),
    ("f", _F),
    ("j", _J),
)
"""Letters, of English and those that it borrowed, and their sound."""


@lru_cache(maxsize=1)
def sounds_of_letters() -> npt.NDArray[np.uint8]:
    """uint8[256]: what letters sound like where nothing beside them says otherwise, as numbers of sounds."""
    sounds = np.zeros(256, np.uint8)
    for number, letter in enumerate("bdghlmnprtv"):
        sounds[ord(letter)] = _OTHERS + number
    for same, sound in _LETTERS:
        for letter in same:
            sounds[ord(letter)] = sound
    return sounds


_A, _B, _C, _E, _G, _H, _I = (ord(each) for each in "abceghi")
_K_, _M, _N, _O, _P, _R, _S_, _T, _W, _X, _Y = (ord(each) for each in "kmnoprstwxy")


@part
def sound_of(points, start, end, letters, vowels):  # type: ignore[no-untyped-def]
    """The key of a word in lower case, uint32[start:end] of `points`; `letters` as `sounds_of_letters` gives them.

    With `vowels` 1 it also says where vowels are, but for an "e" at the end; with 2 also which.
    """
    key, last = np.uint64(0), 0
    at = start
    while at < end:
        sound = _sound(points, start, at, end, letters)
        if 0 < sound <= _VOWEL:
            heard = at == start or (vowels > 0 and last > _VOWEL and not (points[at] == _E and at + 1 == end))
            sound, last = (sound if at == start or vowels > 1 else _VOWEL), _VOWEL
        else:
            heard = sound > _VOWEL and sound != last
            last = sound if sound > _VOWEL else last
        if heard:
            key = key * np.uint64(37) + np.uint64(sound)
        if points[at] == _X and at > start and sound == _K:
            key = key * np.uint64(37) + np.uint64(_S)
            last = _S
        at += 2 if points[at] == _P and sound == _F else 1
    return key


@part
def _sound(points, start, at, end, letters):  # type: ignore[no-untyped-def]
    """What the letter at a place of a word sounds like there."""
    letter = points[at]
    if letter >= letters.size:
        return 20 + np.int64(letter % 16)
    following = points[at + 1] if at + 1 < end else np.uint32(0)
    next_but_one = points[at + 2] if at + 2 < end else np.uint32(0)
    before = points[at - 1] if at > start else np.uint32(0)
    soft = following in (_E, _I, _Y)
    sound = np.int64(letters[letter])
    if at == start and _is_silent_first(letter, following):
        return _SILENT
    if letter == _C:
        return _S if soft else _K
    if letter == _G:
        if following == _H:
            return _SILENT if next_but_one == _T or at + 2 == end else sound
        if (following in (_M, _N)) and at + 2 == end:
            return _SILENT
        return _J if soft else sound
    if letter == _H:
        return sound if at == start else _SILENT
    if letter == _P and following == _H:
        return _F
    if letter == _T:
        if following == _I and (next_but_one in (_O, _A)):
            return _S
        # "asthma" and "itch"
        silent = (before == _S_ and following == _H and next_but_one == _M) or (following == _C and next_but_one == _H)
        return _SILENT if silent else sound
    if letter == _X:
        return _S if at == start else _K
    if letter == _B and before == _M and at + 1 == end:
        return _SILENT
    return sound


@part
def _is_silent_first(letter, following):  # type: ignore[no-untyped-def]
    """Whether a word's first letter is not heard before its second: knee, gnat, mnemonic, psalm, pneumonia, wrist."""
    if letter == _P:
        return following in (_N, _S_, _T)
    if letter == _W:
        return following == _R
    return (letter in (_K_, _G, _M)) and following == _N
