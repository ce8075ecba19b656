"""Compounds: the ways to write one word, closed, hyphenated or apart ("wifi", "wi-fi", "wi fi"; "B12", "B 12").

A word is made of atoms: runs of letters and numbers. Spellings join neighbouring atoms or keep them apart; which ones a
collection has is for the index to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from harbor_search.analysis.stopwords import QUALIFIERS, STOP_WORDS
from harbor_search.analysis.tokenizer import tokenize

__all__ = ["atoms_of", "has_preposition", "joined", "splits", "spellings"]

_ATOM = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[^\W0-9_]+")
_HYPHENS = frozenset("-\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d\u30fb")

_LONGEST = 64
"""Letters of a compound; what is longer is cut in the index, and not remembered here: it may be as long as a query."""

_MOST_ATOMS = 4
"""Of a word that is looked for in all spellings; four can be written in eight ways."""

_FUNCTION_WORDS = STOP_WORDS | QUALIFIERS
_PARTICLES = frozenset("up out off down over under in on through away back by after all".split())
"""Parts of nouns that come from verbs: "check-up", "follow-on", "login", "outpatient"."""

_PREPOSITIONS = frozenset(["in", "on", "by", "after"])

_APART = _FUNCTION_WORDS - _PARTICLES
"""Words that stand beside any other without making a compound of it: "the rapist" is no therapist."""

_LETTERS_ALONE = frozenset("bcdefghjklmnpqrstuvwxyz")
"""Letters that begin compounds ("e-mail", "x-ray"); "a" and "I" are words."""


def spellings(word: str) -> tuple[str, ...]:
    """The other ways to write a word whose parts are told by a hyphen or by a digit beside a letter; a space is apart.

    None where other signs part it: "and/or" is two words.
    """
    return _spellings(word) if len(word) <= _LONGEST else ()


@lru_cache(maxsize=16_384)
def _spellings(word: str) -> tuple[str, ...]:
    atoms, written = _atoms(word)
    if not 1 < len(atoms) <= _MOST_ATOMS:
        return ()
    found: dict[str, None] = {}
    for choice in range(1 << (len(atoms) - 1)):
        gaps = [bool(choice >> i & 1) for i in range(len(atoms) - 1)]
        if gaps != written and not any(_are_numbers(*atoms[i : i + 2]) for i, gap in enumerate(gaps) if not gap):
            found["".join(atom + " " * gap for atom, gap in zip(atoms, [*gaps, False], strict=True))] = None
    return tuple(found)


def atoms_of(word: str) -> list[str]:
    """The letters and the numbers that make up a word (in lower case): "covid" and "19" of "covid19"."""
    if len(word) > _LONGEST or word.isalpha() or word.isdecimal():
        return [word]
    atoms = _ATOM.findall(word)
    return atoms if "".join(atoms) == word else [word]


def joined(first: str, second: str) -> str:
    """Two words that stand beside each other as one; empty where they would not make a compound."""
    return _joined(first, second) if len(first) + len(second) <= _LONGEST else ""


@lru_cache(maxsize=16_384)
def _joined(first: str, second: str) -> str:
    if not (first.isalnum() and second.isalnum()) or _are_numbers(first, second):
        return ""
    first, second = first.lower(), second.lower()
    return "" if first in _APART or second in _APART else first + second


def has_preposition(pair: tuple[str, str]) -> bool:
    """Whether one of two words stands beside so many others that being neighbours says little: "in formation"."""
    return not _PREPOSITIONS.isdisjoint(pair)


def splits(word: str) -> Iterator[tuple[str, str]]:
    """The pairs of words that a closed word may be made of, as far as its letters tell."""
    for at in range(1, len(word) - 1) if 3 < len(word) <= _LONGEST and word.isalpha() else ():
        first, second = word[:at], word[at:]
        if (at > 1 or first in _LETTERS_ALONE) and not _APART & {first, second}:
            yield first, second


def _atoms(word: str) -> tuple[list[str], list[bool]]:
    """The atoms of a word, and after each but the last whether it is written apart; nothing where it has none."""
    atoms: list[str] = []
    written: list[bool] = []
    end = 0
    for token in tokenize(word):
        between = word[end : token.start]
        inside = _ATOM.findall(token.text)
        if "".join(inside) != token.text or (atoms and not (between and _HYPHENS.issuperset(between))):
            return [], []
        written += [True] * bool(atoms) + [False] * (len(inside) - 1)
        atoms += inside
        end = token.end
    return atoms, written


def _are_numbers(first: str, second: str) -> bool:
    """Whether to join two words would make another number: 2-5 is not 25."""
    return first[-1].isdecimal() and second[0].isdecimal()
