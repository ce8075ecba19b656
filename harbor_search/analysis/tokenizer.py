"""From one text to its words: the definition of a token.

A token is a run of word characters; apostrophes between two of them belong to it, accents and soft hyphens within do
not end it, and characters of scripts without spaces are tokens of their own (see `characters`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from harbor_search.analysis.characters import JOINER, MARK, SOLO, WORD, classify

__all__ = ["Token", "tokenize"]


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: its folded form, its number in the text, and its half-open character range."""

    text: str
    position: int
    start: int
    end: int


def tokenize(text: str) -> Iterator[Token]:
    """The tokens of `text`, in order; positions count from 0 without gaps."""
    position, at, size = 0, 0, len(text)
    while at < size:
        kind, folded = classify(text[at])
        start = at
        at += 1
        if kind == SOLO:
            yield Token(folded, position, start, at)
            position += 1
        elif kind == WORD:
            at, word = _rest_of_word(text, at)
            yield Token(folded + word, position, start, at)
            position += 1


def _rest_of_word(text: str, at: int) -> tuple[int, str]:
    folded, size = [], len(text)
    while at < size:
        kind, character = classify(text[at])
        if kind == JOINER and not (at + 1 < size and classify(text[at + 1])[0] == WORD):
            break
        if kind not in (WORD, JOINER, MARK):
            break
        folded.append(character)
        at += 1
    return at, "".join(folded)
