"""What Unicode says of characters, tabulated for kernels: looked up when a character is first met.

A kernel that meets a character without `KNOWN` gives up; its caller has `learn` look up the characters of the text and
calls again. Each process learns a character once, and a text of ASCII none.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from harbor_search.analysis.characters import JOINER, MARK, WORD, classify

__all__ = ["ALPHA", "DIGIT", "EXTENDS", "HALF", "IN_WORD", "KNOWN", "LOWER", "SPACE", "UPPER", "Properties"]
__all__ += ["character_properties", "code_points", "learn"]

SPACE, UPPER, LOWER, DIGIT, ALPHA = 1, 2, 4, 8, 16
"""As the methods of `str` say."""
IN_WORD = 32
"""Part of a word, as the tokenizer sees it."""
EXTENDS = 64
"""Shown as part of the character before it."""
HALF = 128
"""Two of these make one character: surrogates, letters of flags."""
KNOWN = 256

_JOINERS = frozenset("\u200d\u0e33\u0eb3")
"""The zero-width joiner; the Thai and Lao vowel AM."""

Properties = npt.NDArray[np.uint16]


@lru_cache(maxsize=1)
def character_properties() -> Properties:
    """uint16[code points]: the properties of each character, as far as they were looked up."""
    table = np.zeros(0x110000, np.uint16)
    _learn(table, range(0x80))
    return table


def learn(text: str) -> None:
    """Look up the characters of `text`."""
    table = character_properties()
    _learn(table, [code for code in set(map(ord, text)) if not table[code]])


def code_points(text: str) -> npt.NDArray[np.int32]:
    """int32[characters] of a text, whose characters are known from now on."""
    if not text.isascii():
        learn(text)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.int32)


def _learn(table: Properties, codes: Iterable[int]) -> None:
    for code in codes:
        table[code] = _properties(chr(code))


def _properties(character: str) -> int:
    return (
        KNOWN
        | (SPACE if character.isspace() else 0)
        | (UPPER if character.isupper() else 0)
        | (LOWER if character.islower() else 0)
        | (DIGIT if character.isdigit() else 0)
        | (ALPHA if character.isalpha() else 0)
        | (IN_WORD if classify(character)[0] in (WORD, JOINER, MARK) else 0)
        | (EXTENDS if _extends(character) else 0)
        | (HALF if "\ud800" <= character <= "\udfff" or "\U0001f1e6" <= character <= "\U0001f1ff" else 0)
    )


def _extends(character: str) -> bool:
    return (
        unicodedata.category(character)[0] == "M"
        or character in _JOINERS
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= character <= "\U000e007f"  # tags of regional flags
        or "\u1160" <= character <= "\u11ff"  # vowels and finals of Hangul letters
    )
