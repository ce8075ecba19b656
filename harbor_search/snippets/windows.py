"""Windows: which stretch of a text shows most of what was asked for.

The score of a stretch is the sum of its words' weights, where the same word again counts for a fraction of the time
before, so that different words win over one repeated. Two different words right beside each other, as in a phrase, or
near each other count for more than the two alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Feature", "Match", "Pair", "Window", "best_window", "features_of", "pair_weight"]

Match = tuple[int, int, int]
"""A matched word of a text: start, end (half-open character range) and leaf."""

Pair = tuple[int, int, float]
"""Two leaves whose words follow each other, and what that is worth as a share of the lesser word's weight."""

Feature = tuple[int, int, int | Pair]
"""What a window can show, a match or a pair of them: start, end, and what it is."""

_REPEATS = (1.0, 0.25, 0.1, 0.05)
"""What the first, second, ... time of the same word is worth; further times are worth nothing."""

_ADJACENT = (2, 0.6)
_NEAR = (30, 0.2)
"""Characters between two different words, and the share that such a pair is worth."""

_MORE = 1.000001
"""How much more a score must be to be more: sums of the same numbers in another order differ in their last digits."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of text from the offset `start` on that contains features[first:last]."""

    score: float
    start: int
    first: int
    last: int


def features_of(matches: Iterable[Match]) -> list[Feature]:
    """The matches (ascending) and, after the first of its two, each pair of matches that follow each other closely."""
    features: list[Feature] = []
    previous: Match | None = None
    for match in matches:
        if previous is not None and previous[2] != match[2] and 0 <= match[0] - previous[1] <= _NEAR[0]:
            share = _ADJACENT[1] if match[0] - previous[1] <= _ADJACENT[0] else _NEAR[1]
            features.append((previous[0], match[1], (previous[2], match[2], share)))
        features.append(match)
        previous = match
    return features


def pair_weight(pair: Pair, weights: Mapping[int | Pair, float]) -> float:
    """What a pair is worth, given the weights of its leaves."""
    return pair[2] * min(weights[pair[0]], weights[pair[1]])


def best_window(
    features: Sequence[Feature],
    starts: Sequence[tuple[int, float]],
    reach: int,
    weights: Mapping[int | Pair, float],
) -> Window | None:
    """The window of `reach` characters with the highest score, the first of equals; None where all are empty.

    `starts` are where windows may begin, ascending, each with a factor for its score; `features` ascend by start.
    Takes time linear in both.
    """
    counts = dict.fromkeys(weights, 0)
    total, first, last, size, most = 0.0, 0, 0, len(features), len(_REPEATS)
    best, at = 0.0, None
    for start, factor in starts:
        while first < size and features[first][0] < start:
            if first < last:
                key = features[first][2]
                counts[key] -= 1
                if counts[key] < most:
                    total -= weights[key] * _REPEATS[counts[key]]
            first += 1
        last = max(first, last)
        while last < size and features[last][1] <= start + reach:
            key = features[last][2]
            if counts[key] < most:
                total += weights[key] * _REPEATS[counts[key]]
            counts[key] += 1
            last += 1
        if first < last and total * factor > best * _MORE:
            best, at = total * factor, (start, first, last)
    return None if at is None else Window(best, *at)
