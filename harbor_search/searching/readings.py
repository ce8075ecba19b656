"""Readings: what it says of an article that it matches some of the ways to answer a query and not others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import NamedTuple, cast

import orjson

from harbor_search.results import LOOKED_FOR, Match
from harbor_search.searching.concepts import SYNONYM, Concept, Way

__all__ = ["Reading", "Readings", "Reasons", "reasons"]

_MOST_KNOWN = 256
"""Patterns of matches remembered of a query: the hits of a page have a few, and a long query has millions."""

_MOST_SHOWN = 32
"""The same with the texts that show them: few hits of a page do not show all words as they were typed."""


class Reasons(NamedTuple):
    """What a hit says that it lacks, and has otherwise than it was typed; and both as its JSON has them."""

    lacks: tuple[str, ...]
    matched: tuple[Match, ...]
    json: bytes


class Reading(NamedTuple):
    """What is lacking, and what was found: the words that were found as they were typed or in another form, and as a
    `Match` what was found otherwise. The former in lower case are `typed`; `bits` says which of `Readings.words` they
    are, as `HitTable.marked` takes it. `as_typed` is what a hit says that shows them as they were typed."""

    lacks: tuple[str, ...]
    matched: tuple[Match | str, ...]
    typed: frozenset[str]
    bits: int
    as_typed: Reasons


class Readings:
    """The readings of one query's concepts. Most hits of a page have the same, so each is found out once."""

    def __init__(self, concepts: Sequence[Concept]) -> None:
        self._concepts = concepts
        self._known: dict[tuple[bool, ...], Reading] = {}
        self._reasons: dict[tuple[tuple[bool, ...], bytes], Reasons] = {}

    @cached_property
    def words(self) -> tuple[str, ...]:
        """All words that may be found as they were typed, in lower case."""
        literal = (way for concept in self._concepts for ways in concept.literal for way in ways if _is_typed(way))
        return tuple(dict.fromkeys(way.text.lower() for way in literal))

    def of(self, matches: tuple[bool, ...]) -> Reading:
        """The reading of an article, of which `matches` say for each way of the concepts whether it matches that."""
        reading = self._known.get(matches)
        if reading is None:
            reading = _read(matches, self._concepts, self.words)
            if len(self._known) < _MOST_KNOWN:
                self._known[matches] = reading
        return reading

    def of_each(self, matches: Sequence[tuple[bool, ...]]) -> list[Reading]:
        """The readings of some articles."""
        found = list(map(self._known.get, matches))
        if None in found:
            return list(map(self.of, matches))
        return cast(list[Reading], found)

    def reasons(self, matches: tuple[bool, ...], shown: bytes, read: Callable[[Reading, bytes], Reasons]) -> Reasons:
        """What `read` makes of the reading of an article in which these texts are shown."""
        known = self._reasons.get((matches, shown))
        if known is None:
            known = read(self.of(matches), shown)
            if len(self._reasons) < _MOST_SHOWN:
                self._reasons[matches, shown] = known
        return known


def reasons(lacks: tuple[str, ...], matched: Iterable[Match]) -> Reasons:
    """What a hit says that lacks words, and has these otherwise."""
    otherwise = tuple(matched)
    return Reasons(lacks, otherwise, b"," + orjson.dumps({"lacks": lacks, "matched": otherwise})[1:-1])


def _is_typed(way: Way) -> bool:
    return way.by is None and way.text.isalpha()


def _read(matches: Sequence[bool], concepts: Sequence[Concept], words: Sequence[str]) -> Reading:
    lacks: list[str] = []
    matched: list[Match | str] = []
    at = 0
    for concept in concepts:
        literal, others = concept.literal, concept.others
        have: list[Way] = []
        lacking: list[str] = []
        for ways in literal:
            own, at = matches[at : at + len(ways)], at + len(ways)
            if True in own:
                have.append(ways[own.index(True)])
            else:
                lacking.append(ways[0].text)
        own, at = matches[at : at + len(others)], at + len(others)
        if have and not lacking:
            matched += [Match(*each) for each in dict.fromkeys([(w.typed, w.by, w.text) for w in have if w.by])]
            matched += [way.text for way in have if _is_typed(way)]
        elif True in own:
            other = others[own.index(True)]
            matched.append(Match(concept.typed, other.by or SYNONYM, other.text))
        else:
            lacks += lacking
    typed = frozenset([each.lower() for each in matched if isinstance(each, str)])
    bits = 0
    for place, word in enumerate(words):
        bits |= (word in typed) << min(place, LOOKED_FOR)
    as_typed = reasons(tuple(lacks), [each for each in matched if isinstance(each, Match)])
    return Reading(as_typed.lacks, tuple(matched), typed, bits, as_typed)
