"""Sentences: where in a text one can start reading.

A rule-based splitter for English prose. It errs towards long sentences: a missed boundary shows a reader a little too
much, a wrong one shows "with Dr." and stops.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from harbor_search.results import Range

__all__ = ["sentences", "sentences_near"]

# The look-behind keeps a long run of dots from being tried at each of its dots.
_END = re.compile(
    r"(?<![.!?\u2026])[.!?\u2026]++[\"'\u201d\u2019\u00bb)\]]*+(?=\s)|[\u3002\uff01\uff1f]++[\u300d\u300f\u201d]*+|\n[^\S\n]*+\n"
)
_WORD_BEFORE = re.compile(r"[^\s(\[\"'\u201c\u2018]*+\Z")
_LONGEST_WORD = 24
"""Characters to look back for the word before a full stop: no abbreviation is longer."""

_OPENERS = "\"'\u201c\u2018\u00ab(["


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TITLES = _words("dr mr mrs ms prof st sgt rev fr jr sr vs e.g i.e cf approx fig figs vol ca al dept resp incl esp")
"""Abbreviations that are followed by what they belong to, so that no sentence ends with them."""

_BEFORE_NUMBERS = _words("no nos p pp sec ch par")
"""Abbreviations before a number, words or letters anywhere else."""

_DOTTED_TIMES = _words("a.m p.m b.c a.d ph.d m.d")
"""Dotted abbreviations that often end a sentence; other ones (U.S., U.K.) mostly stand before a name."""

_LETTERED = _words(
    "vitamin vitamins hepatitis influenza type group grade stage strep class phase part factor plan option table"
)
"""Words that a letter belongs to: "vitamin A." may end a sentence, "John F." may not."""


def sentences(text: str) -> list[Range]:
    """The sentences of `text` in order, as ranges without the white space around them. Takes linear time.

    Blank lines end sentences too. The number of a list's item belongs to the sentence after it.
    """
    found: list[Range] = []
    start = _skip_space(text, 0)
    for match in _END.finditer(text):
        stop, end = match.span()
        if stop < start:
            continue
        if text[stop] == "\n":
            found.append((start, start + len(text[start:stop].rstrip())))
        elif _is_plain_end(text, stop, end) or _ends_sentence(text, start, stop, end):
            found.append((start, end))
        else:
            continue
        start = _skip_space(text, end)
    if start < len(text):
        found.append((start, start + len(text[start:].rstrip())))
    return found


def sentences_near(text: str, places: Iterable[int], margin: int) -> list[Range]:
    """The sentences within `margin` characters of any of `places` (ascending).

    The first and last of what is looked at may be cut, as the text goes on. Takes time linear in the text looked at.
    """
    spans: list[Range] = []
    for place in places:
        low, high = max(place - margin, 0), min(place + margin, len(text))
        if spans and low <= spans[-1][1]:
            spans[-1] = (spans[-1][0], high)
        else:
            spans.append((low, high))
    return [(low + start, low + end) for low, high in spans for start, end in sentences(text[low:high])]


def _skip_space(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _is_plain_end(text: str, stop: int, end: int) -> bool:
    """Whether this is a full stop after a word too long for an abbreviation and before a capital: most ends are."""
    word = text[max(stop - 7, 0) : stop]
    return (
        text[stop] == "."
        and stop + 1 == end
        and word.isalpha()
        and len(word) == 7
        and text[end + 1 : end + 2].isupper()
    )


def _ends_sentence(text: str, start: int, stop: int, end: int) -> bool:
    """Whether the signs text[stop:end] end the sentence that began at `start`."""
    if text[stop] in "\u3002\uff01\uff1f":
        return True
    following = _first_character(text, end)
    closed = text[end - 1] in "\"'\u201d\u2019\u00bb)]"
    if text[stop] in "!?" and not closed:
        return True
    if following.islower():
        return False
    return text[stop:end] != "." or not _is_abbreviation(text, start, stop, following)


def _first_character(text: str, at: int) -> str:
    """The first character after white space and opening quotes or brackets, looking a few characters ahead."""
    return text[at : at + 12].lstrip().lstrip(_OPENERS)[:1]


def _is_abbreviation(text: str, start: int, stop: int, following: str) -> bool:
    """Whether the full stop at `stop` belongs to the word before it rather than to the sentence."""
    word = _word_before(text, start, stop)
    lower = word.lower()
    if lower in _TITLES or (lower in _BEFORE_NUMBERS and following.isdigit()):
        return True
    if word.isdigit() and stop - len(word) == start:
        return True  # the number of a list's item
    if len(word) == 1 and word.isupper():
        return word != "I" and _word_before(text, start, stop - 2).lower() not in _LETTERED
    return "." in word and word.replace(".", "").isalpha() and len(word) <= 5 and lower not in _DOTTED_TIMES


def _word_before(text: str, start: int, stop: int) -> str:
    """The characters right before `stop`, back to white space, a quote or a bracket."""
    found = _WORD_BEFORE.search(text[max(start, stop - _LONGEST_WORD) : max(stop, start)])
    return found[0] if found else ""
