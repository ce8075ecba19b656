"""Windows: which stretch of a text shows most of what was asked for.

The score of a stretch is the sum of its words' weights, where the same word again counts for a fraction of the time
before, so that different words win over one repeated. Two different words right beside each other, as in a phrase, or
near each other count as one more word.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

__all__ = ["Match", "Window", "best_window"]

Match = tuple[int, int, int]
"""A matched word of a text: start, end (half-open character range) and leaf."""

_REPEATS = (1.0, 0.25, 0.1, 0.05)
"""What the first, second, ... time of the same word is worth; further times are worth nothing."""

_ADJACENT = (2, 0.6)
_NEAR = (30, 0.2)
"""Characters between two different words, and what that is worth, as a share of the lesser word's weight."""

_MORE = 1.000001
"""How much more a score must be to be more: sums of the same numbers in another order differ in their last digits."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of text from the offset `start` on that contains matches[first:last]."""

    score: float
    start: int
    first: int
    last: int


@dataclass(slots=True)
class _Bag:
    """Words and pairs of words with their total score, which is right after every addition and removal."""

    total: float = 0.0
    counts: dict[Hashable, int] = field(default_factory=dict)

    def add(self, key: Hashable, weight: float) -> None:
        count = self.counts.get(key, 0)
        self.counts[key] = count + 1
        if count < len(_REPEATS):
            self.total += weight * _REPEATS[count]

    def remove(self, key: Hashable, weight: float) -> None:
        count = self.counts[key] - 1
        self.counts[key] = count
        if count < len(_REPEATS):
            self.total -= weight * _REPEATS[count]


def best_window(
    matches: Sequence[Match], starts: Sequence[tuple[int, float]], reach: int, weights: Mapping[int, float]
) -> Window | None:
    """The window of `reach` characters with the highest score, the first of equals; None without matches.

    `starts` are where windows may begin, each with a factor for its score: one per match, ascending, such that the
    window contains its match. `matches` are in ascending order. Takes time linear in their number.
    """
    bag = _Bag()
    best: Window | None = None
    first = last = 0
    for start, factor in starts:
        while last < len(matches) and matches[last][1] <= start + reach:
            _enter(bag, matches, first, last, weights)
            last += 1
        while first < last and matches[first][0] < start:
            _leave(bag, matches, first, last, weights)
            first += 1
        score = bag.total * factor
        if best is None or score > best.score * _MORE:
            best = Window(score, start, first, last)
    return best


def _enter(bag: _Bag, matches: Sequence[Match], first: int, index: int, weights: Mapping[int, float]) -> None:
    leaf = matches[index][2]
    bag.add(leaf, weights[leaf])
    if index > first and (share := _pair_share(matches[index - 1], matches[index])):
        other = matches[index - 1][2]
        bag.add((other, leaf, share), share * min(weights[other], weights[leaf]))


def _leave(bag: _Bag, matches: Sequence[Match], index: int, last: int, weights: Mapping[int, float]) -> None:
    leaf = matches[index][2]
    bag.remove(leaf, weights[leaf])
    if index + 1 < last and (share := _pair_share(matches[index], matches[index + 1])):
        other = matches[index + 1][2]
        bag.remove((leaf, other, share), share * min(weights[other], weights[leaf]))


def _pair_share(one: Match, other: Match) -> float:
    """What two matches that follow each other are worth together."""
    gap = other[0] - one[1]
    if one[2] == other[2] or not 0 <= gap <= _NEAR[0]:
        return 0.0
    return _ADJACENT[1] if gap <= _ADJACENT[0] else _NEAR[1]
