"""What each character is to the tokenizer, and what it is folded to.

One function decides both for the tokenizer of single texts and, tabulated, for the one of whole batches, so that the
two cannot disagree on a character.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["JOINER", "MARK", "SEPARATOR", "SOLO", "VOICING", "WORD", "classify", "fold", "voiced"]

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

VOICING = 5
"""Changes the sound of the kana before it, with which it is one character in all but old encodings."""

# What keyboards and editors make of an apostrophe, the okina and saltillo of Polynesian and Mexican languages included.
_APOSTROPHES = frozenset("'`\u00b4\u2018\u2019\u201b\u02bb\u02bc\u02bd\u02bf\ua78b\ua78c\uff07")

_VOICED_MARKS = {"\u3099": "\u3099", "\uff9e": "\u3099", "\u309a": "\u309a", "\uff9f": "\u309a"}
"""To the mark that Unicode composes kana with."""

_MARKS = (
    (0x00AD, 0x00AD),  # soft hyphen
    (0x0300, 0x0344),  # combining accents, but for the Greek iota below a letter
    (0x0346, 0x036F),
    (0x0591, 0x05C7),  # Hebrew points
    (0x0640, 0x0640),  # tatweel, which stretches Arabic words
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


_LETTERS = {
    **{"æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i", "ĸ": "k", "ŋ": "n", "ə": "e", "ɛ": "e", "ɔ": "o", "ƿ": "w"},
    # Arabic: as writers leave the dots out, and as Persian and Urdu keyboards have the same letters.
    **{"ة": "ه", "ى": "ي", "ی": "ي", "ې": "ي", "ک": "ك", "ہ": "ه", "ھ": "ه", "ە": "ه", "ٱ": "ا"},
}
"""What readers type for letters that have no decomposition in Unicode."""

_WHOLE = frozenset("йї")
"""Letters of their own, which only look as if they had an accent; stems of Cyrillic words depend on them."""

_VARIED_LATIN = re.compile("LATIN SMALL LETTER ([A-Z]) WITH .+")


@lru_cache(maxsize=4096)
def classify(character: str) -> tuple[int, str]:
    """The class of one character and the single character it is folded to ("" for SEPARATOR and MARK).

    Folding is to lower case without accents where that is one character; `fold` does the rest on whole words.
    """
    code = ord(character)
    if character in _APOSTROPHES:
        return JOINER, "'"
    if character in _VOICED_MARKS:
        return VOICING, ""
    if _within(code, _MARKS):
        return MARK, ""
    if not (character.isalnum() or unicodedata.category(character) in ("Mn", "Mc")):
        return SEPARATOR, ""
    folded = fold(character)
    single = folded if len(folded) == 1 else character
    return (SOLO if _within(ord(single), _SOLO) else WORD), single


def voiced(kana: str, mark: str) -> str:
    """The one character that a kana and a VOICING mark make; empty where there is none."""
    composed = unicodedata.normalize("NFC", kana + _VOICED_MARKS[mark])
    return composed if len(composed) == 1 else ""


def fold(word: str) -> str:
    """`word` in lower case, compatibility forms resolved (ﬁ, full width), accents removed, digits those of ASCII.

    Letters that Unicode does not decompose become what readers without such a key type: o for ø, oe for œ.
    """
    if word.isascii():
        return word.lower()
    characters = (c for c in unicodedata.normalize("NFC", word) if not _within(ord(c), _MARKS))
    folded = "".join(map(_fold_character, characters))
    return unicodedata.normalize("NFC", folded)


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    for _ in range(3):  # a fold can yield a character that folds again; three rounds reach the end for all of Unicode
        decomposed = unicodedata.normalize("NFKD", character.casefold())
        if unicodedata.normalize("NFC", decomposed) in _WHOLE:
            return unicodedata.normalize("NFC", decomposed)
        bare = "".join(_plain_letter(c) for c in decomposed if not _within(ord(c), _MARKS))
        if not bare or not all(c.isalnum() or unicodedata.category(c) in ("Mn", "Mc") for c in bare):
            return character.casefold() if len(character.casefold()) == 1 else character
        if bare == character:
            break
        character = bare if len(bare) == 1 else "".join(_fold_character(c) for c in bare)
    return character


def _plain_letter(character: str) -> str:
    """What a character without accents is typed as."""
    if character.isascii():
        return character
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if character in _LETTERS:
        return _LETTERS[character]
    varied = _VARIED_LATIN.fullmatch(unicodedata.name(character, ""))
    return varied[1].lower() if varied else character


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= code <= high for low, high in ranges)
