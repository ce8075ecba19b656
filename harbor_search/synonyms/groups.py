"""The text of a list of synonyms, and what it says.

A line is a group of names:

    heart attack, myocardial infarction        each finds the others
    anemia = anaemia, low red blood cells      = joins spellings of one name, which count as the same word
    water pill => diuretic                     the left finds the right, and not the other way round
    # what is behind this sign is for people

A backslash takes the meaning from a comma, a sign of equality or a number sign. Lists in the format of Solr are read as
well, as they are written with commas and `=>`. Where Solr puts the right in the place of the left, we add it: what a
reader typed is always searched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["SPELLING_WEIGHT", "SYNONYM_WEIGHT", "Equivalent", "Fault", "read_groups"]

SPELLING_WEIGHT = 1.0
"""What an occurrence of a name in another spelling counts, an occurrence of what was typed being 1."""

SYNONYM_WEIGHT = 0.8
"""What an occurrence of another name counts: an article that says it in the reader's words comes first."""

_ARROW = re.compile(r"(?<!\\)=>")
_COMMA = re.compile(r"(?<!\\),")
_EQUAL = re.compile(r"(?<!\\)=")
_COMMENT = re.compile(r"(?<!\\)#.*")
_ESCAPED = re.compile(r"\\(.)")
_MOST_NAMES = 64


class Equivalent(NamedTuple):
    """A search for `name` also finds `other`, which counts `weight` of it.

    They are `mutual` where both name the same thing, and not where one is only what the other is about.
    """

    name: str
    other: str
    weight: float
    mutual: bool = True


class Fault(NamedTuple):
    """A line that says nothing that could be used, and why."""

    line: int
    reason: str


def read_groups(text: str) -> Iterator[Equivalent | Fault]:
    """What the lines of a list say, in order; a faulty line is a `Fault` and does not stop the others."""
    for number, line in enumerate(text.splitlines(), 1):
        content = _COMMENT.sub("", line).strip()
        if content:
            yield from _group(number, content)


def _group(number: int, line: str) -> Iterator[Equivalent | Fault]:
    sides = [_names(side) for side in _ARROW.split(line)]
    if len(sides) > 2:
        yield Fault(number, "a line has at most one =>")
    elif not all(sides):
        yield Fault(number, "there is no name on one side of =>")
    elif sum(len(spellings) for side in sides for spellings in side) > _MOST_NAMES:
        yield Fault(number, f"more than {_MOST_NAMES} names stand in one group")
    elif len(sides) == 2:
        yield from _one_way(*sides)
    elif sum(map(len, sides[0])) < 2:
        yield Fault(number, "a name stands alone: write other names beside it, with commas in between")
    else:
        yield from _both_ways(sides[0])


def _names(side: str) -> list[list[str]]:
    """Names, each a list of its spellings."""
    spelled = ([_plain(each) for each in _EQUAL.split(name)] for name in _COMMA.split(side))
    return [found for spellings in spelled if (found := [each for each in spellings if each])]


def _plain(name: str) -> str:
    return " ".join(_ESCAPED.sub(r"\1", name).split())


def _both_ways(names: list[list[str]]) -> Iterator[Equivalent]:
    for spellings in names:
        for name in spellings:
            for others in names:
                weight = SPELLING_WEIGHT if others is spellings else SYNONYM_WEIGHT
                yield from (Equivalent(name, other, weight) for other in others if other != name)


def _one_way(left: list[list[str]], right: list[list[str]]) -> Iterator[Equivalent]:
    for spellings in left:
        for name in spellings:
            yield from (Equivalent(name, other, SPELLING_WEIGHT) for other in spellings if other != name)
            yield from (Equivalent(name, other, SYNONYM_WEIGHT, mutual=False) for others in right for other in others)
