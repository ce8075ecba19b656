"""Sentences: where in a text one can start reading.

A rule-based splitter for English prose. It errs towards long sentences: a missed boundary shows a reader a little too
much, a wrong one shows "with Dr." and stops.
"""

from __future__ import annotations

import re

from harbor_search.results import Range

__all__ = ["sentences"]

# The look-behind keeps a long run of dots from being tried at each of its dots.
_END = re.compile(
    r"(?<![.!?\u2026])[.!?\u2026]++[\"'\u201d\u2019\u00bb)\]]*+(?=\s)|[\u3002\uff01\uff1f]++[\u300d\u300f\u201d]*+|\n[^\S\n]*+\n"
)
_WORD_BEFORE = re.compile(r"[^\s(\[\"'\u201c\u2018]*+\Z")
_LONGEST_WORD = 24
"""Characters to look back for the word before a full stop: no abbreviation is longer."""

_OPENERS = "\"'\u201c\u2018\u00ab(["

_TITLES = frozenset(
    "dr mr mrs ms prof st sgt rev fr jr sr vs e.g i.e cf approx fig figs vol ca al dept resp incl esp".split()
)
"""Abbreviations that are followed by what they belong to, so that no sentence ends with them."""

_BEFORE_NUMBERS = frozenset("no nos p pp sec ch par".split())
"""Abbreviations before a number, words or letters anywhere else."""

_DOTTED_TIMES = frozenset({"a.m", "p.m", "b.c", "a.d", "ph.d", "m.d"})
"""Dotted abbreviations that often end a sentence; other ones (U.S., U.K.) mostly stand before a name."""

_LETTERED = frozenset(
    "vitamin vitamins hepatitis influenza type group grade stage strep class phase part factor plan option table".split()
)
"""Words that a letter belongs to: "vitamin A." may end a sentence, "John F." may not."""


def sentences(text: str) -> list[Range]:
    """The sentences of `text` in order, as ranges without the white space around them. Takes linear time.

    Blank lines end sentences too. The number of a list's item belongs to the sentence after it.
    """
    found: list[Range] = []
    start = _skip_space(text, 0)
    for match in _END.finditer(text):
        end = match.end()
        if match.start() < start:
            continue
        if text[match.start()] == "\n":
            end = match.start()
        elif not _ends_sentence(text, start, match.start(), end):
            continue
        _append(found, text, start, end)
        start = _skip_space(text, match.end())
    _append(found, text, start, len(text))
    return found


def _append(found: list[Range], text: str, start: int, end: int) -> None:
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        found.append((start, end))


def _skip_space(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


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
