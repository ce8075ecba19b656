"""What each character is to the tokenizer, and what it is folded to.

One function decides both for the tokenizer of single texts and, tabulated, for the one of whole batches, so that the
two cannot disagree on a character.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

__all__ = ["JOINER", "MARK", "SEPARATOR", "SOLO", "WORD", "classify", "fold"]

SEPARATOR = 0
"""Ends a word."""
WORD = 1
"""Part of a word."""
JOINER = 2
"""Part of a word where it stands right between two WORD characters: the apostrophes."""
MARK = 3
"""Neither ends a word nor shows in it: accents written as characters of their own, soft hyphens."""
SOLO = 4
"""A word by itself: scripts written without spaces, where every character is matched and phrases make words."""

_APOSTROPHES = frozenset("'\u2019\u02bc\uff07")

_MARKS = (
    (0x00AD, 0x00AD),  # soft hyphen
    (0x0300, 0x036F),  # combining accents
    (0x0591, 0x05C7),  # Hebrew points
    (0x064B, 0x065F),  # Arabic vowel signs
    (0x0670, 0x0670),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x200B, 0x200D),  # zero-width space and joiners
    (0x2060, 0x2060),
    (0x20D0, 0x20FF),
    (0xFE00, 0xFE0F),  # variation selectors
    (0xFE20, 0xFE2F),
    (0xFEFF, 0xFEFF),
)

_SOLO = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x3007),
    (0x3040, 0x30FF),  # kana
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x323AF),
)


@lru_cache(maxsize=4096)
def classify(character: str) -> tuple[int, str]:
    """The class of one character and the single character it is folded to ("" for SEPARATOR and MARK).

    Folding is to lower case without accents where that is one character; `fold` does the rest on whole words.
    """
    code = ord(character)
    if character in _APOSTROPHES:
        return JOINER, "'"
    if _within(code, _MARKS):
        return MARK, ""
    if not (character.isalnum() or unicodedata.category(character) in ("Mn", "Mc")):
        return SEPARATOR, ""
    folded = fold(character)
    return (SOLO if _within(code, _SOLO) else WORD), folded if len(folded) == 1 else character


def fold(word: str) -> str:
    """`word` in lower case, compatibility forms resolved (ﬁ, full width), accents removed."""
    if word.isascii():
        return word.lower()
    return "".join(_fold_character(character) for character in word)


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    for _ in range(3):  # a fold can yield a character that folds again; three rounds reach the end for all of Unicode
        decomposed = unicodedata.normalize("NFKD", character.casefold())
        bare = "".join(c for c in decomposed if not _within(ord(c), _MARKS))
        if not bare or not all(c.isalnum() or unicodedata.category(c) in ("Mn", "Mc") for c in bare):
            return character
        if bare == character:
            break
        character = bare if len(bare) == 1 else "".join(_fold_character(c) for c in bare)
    return character


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= code <= high for low, high in ranges)
