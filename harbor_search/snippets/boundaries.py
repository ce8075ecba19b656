"""Where a text can be cut so that no word, accented letter or emoji is cut in two.

Cutting between words at white space is best, between words anywhere (after a hyphen, between Chinese characters) is
next, and between two whole characters of an endless word is better than showing none of it. Every search looks at as
many characters as it is given and no more.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable

from harbor_search.analysis.characters import JOINER, MARK, WORD, classify

__all__ = ["cut_after", "cut_before"]

_ZERO_WIDTH_JOINER = "\u200d"


def cut_before(text: str, at: int, *, wanted: int, lowest: int) -> int:
    """The best place to end a passage: as late as possible, at most `at` and above `lowest`.

    A place from `wanted` on, so that all before `wanted` is shown, is better than any before it. `at` where there is
    no place at all. Needs lowest < wanted <= at <= len(text).
    """
    for low, high in ((wanted, at), (lowest + 1, wanted - 1)):
        found = _first(text, range(high, low - 1, -1), (_at_space, _between_words))
        if found is not None:
            return found
    found = _first(text, range(at, lowest, -1), (_between_characters,))
    return at if found is None else found


def cut_after(text: str, at: int, *, wanted: int, lowest: int) -> int:
    """The best place to begin a passage: the earliest from `at` on, at most `wanted`; else the latest before `at`.

    Never before `lowest`; `wanted` where there is no place at all. Needs lowest <= at <= wanted <= len(text).
    """
    for places in (range(at, wanted + 1), range(at - 1, lowest - 1, -1)):
        found = _first(text, places, (_after_space,))
        if found is not None:
            return found
    found = _first(text, range(wanted, lowest - 1, -1), (_between_words, _between_characters))
    return wanted if found is None else found


def _first(text: str, places: Iterable[int], tests: tuple[Callable[[str, int], bool], ...]) -> int | None:
    for test in tests:
        for place in places:
            if test(text, place):
                return place
    return None


def _at_space(text: str, at: int) -> bool:
    if at in (0, len(text)):
        return True
    return (text[at].isspace() or text[at - 1].isspace()) and _between_characters(text, at)


def _after_space(text: str, at: int) -> bool:
    if at == len(text) or text[at].isspace():
        return False
    return at == 0 or (text[at - 1].isspace() and _between_characters(text, at))


def _between_words(text: str, at: int) -> bool:
    if at in (0, len(text)):
        return True
    return not (_in_word(text[at - 1]) and _in_word(text[at])) and _between_characters(text, at)


def _in_word(character: str) -> bool:
    return classify(character)[0] in (WORD, JOINER, MARK)


def _between_characters(text: str, at: int) -> bool:
    """Whether what readers see as one character does not extend over `at`.

    Simpler and stricter than Unicode's grapheme clusters: never between two flags, for one.
    """
    if at in (0, len(text)):
        return True
    before, after = text[at - 1], text[at]
    if after.isascii():
        return (before, after) != ("\r", "\n") and before != _ZERO_WIDTH_JOINER
    return not (_extends(after) or before == _ZERO_WIDTH_JOINER or (_is_half(before) and _is_half(after)))


def _extends(character: str) -> bool:
    """Whether `character` is shown as part of the one before it."""
    return (
        unicodedata.category(character)[0] == "M"
        or character in (_ZERO_WIDTH_JOINER, "\u0e33", "\u0eb3")  # the Thai and Lao vowel AM
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= character <= "\U000e007f"  # tags of regional flags
        or "\u1160" <= character <= "\u11ff"  # vowels and finals of Hangul letters
    )


def _is_half(character: str) -> bool:
    """Whether two of these make one character: surrogates, letters of flags."""
    return "\ud800" <= character <= "\udfff" or "\U0001f1e6" <= character <= "\U0001f1ff"
