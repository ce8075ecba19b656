"""From one text to its words: the definition of a token.

A token is a run of word characters; apostrophes between two of them belong to it, accents and soft hyphens within do
not end it, and characters of scripts without spaces are tokens of their own (see `characters`). A number is one token
with the point or commas in it ("2.5", "1,000"), as 2.5 is neither 2-5 nor 2 and 5. What signs may make a name of is
kept as well, for the analyzer to judge: a point before a word (".NET") and "++" or "#" after it ("C++", "C#").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from harbor_search.analysis.characters import JOINER, MARK, SEPARATOR, SOLO, VOICING, WORD, classify, voiced

__all__ = ["Token", "tokenize"]

_RUN = re.compile(r"[0-9]++(?:[.,][0-9]++)++")
_NUMBER = re.compile(
    r"[0-9]+\.[0-9]+|[0-9]+,[0-9]{1,2}"  # 2.5, and 2,5 as most of Europe writes it
    r"|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?"  # 1,000,000.5
    r"|[0-9]{1,3}(?:\.[0-9]{3}){2,}(?:,[0-9]+)?|[0-9]{1,3}\.[0-9]{3},[0-9]+"  # 1.000.000,5
)
_PLAIN = re.compile(r"[A-Za-z0-9 ()/:;-]*+")
"""A text whose signs do nothing but part words."""

_PLAIN_WORD = re.compile(r"[A-Za-z0-9]+")
_SIGNS = re.compile(r"\+\+(?![+#])|#(?![0-9A-Za-z+#])")


class Token(NamedTuple):
    """A word of a text: its folded form, its number in the text, and its half-open character range."""

    text: str
    position: int
    start: int
    end: int


def tokenize(text: str) -> Iterator[Token]:
    """The tokens of `text`, in order; positions count from 0 without gaps."""
    if text.isascii() and text.isalnum():  # one word, as most texts are that are asked about one by one
        yield Token(text.lower(), 0, 0, len(text))
        return
    if _PLAIN.fullmatch(text):  # several, as most others
        for number, found in enumerate(_PLAIN_WORD.finditer(text)):
            yield Token(found[0].lower(), number, *found.span())
        return
    position, at, size = 0, 0, len(text)
    while at < size:
        kind, folded = classify(text[at])
        start = at
        at += 1
        if kind == SOLO:
            at, folded = _with_voicing(text, at, folded)
        elif kind == WORD:
            at, word = _rest_of_word(text, start)
            point = _has_point_before(text, start)
            start, folded = start - point, "." * point + word
        else:
            continue
        yield Token(folded, position, start, at)
        position += 1


def _with_voicing(text: str, at: int, kana: str) -> tuple[int, str]:
    """The character before `at` with the mark at `at` that changes its sound, if one does."""
    composed = voiced(kana, text[at]) if text[at : at + 1] and classify(text[at])[0] == VOICING else ""
    return (at + 1, composed) if composed else (at, kana)


def _rest_of_word(text: str, start: int) -> tuple[int, str]:
    """Where the word from `start` on ends, and its folded characters."""
    at = _number_end(text, start)
    folded, size = [text[start:at]], len(text)
    while at < size:
        kind, character = classify(text[at])
        if kind == JOINER and not (at > start and at + 1 < size and classify(text[at + 1])[0] == WORD):
            break
        if kind not in (WORD, JOINER, MARK):
            break
        folded.append(character)
        at += 1
    signs = _SIGNS.match(text, at)
    return (signs.end(), "".join(folded) + signs[0]) if signs else (at, "".join(folded))


def _number_end(text: str, start: int) -> int:
    """Where the number that begins at `start` ends, if a point or comma is in it; else `start`.

    A date or the number of a chapter ("27.11.2026", "3.2.1") is as many numbers as it has parts.
    """
    if start > 1 and text[start - 1] in ".," and "0" <= text[start - 2] <= "9":
        return start
    run = _RUN.match(text, start)
    return run.end() if run and _NUMBER.fullmatch(run[0]) else start


def _has_point_before(text: str, start: int) -> bool:
    """Whether a point stands right before a word and after no other character that could end a sentence."""
    if not (start and text[start - 1] == "." and text[start].isascii()):
        return False
    before = text[start - 2] if start > 1 else " "
    return before != "." and classify(before)[0] in (SEPARATOR, JOINER)
