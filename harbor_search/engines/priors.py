"""What a score counts for an article by itself, whatever was asked: how new it is, and how often it is read.

Both are off by default: a text on sleep is not worse for being three years old, and what is read most is what was shown
first.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from harbor_search.engines.rescoring import RescoringWeights

__all__ = ["freshness_factor", "prior_factors", "views_factor"]


def prior_factors(
    look: RescoringWeights,
    published: Callable[[], Sequence[int | None]],
    views: Callable[[], Sequence[int]],
    most_views: Callable[[], int],
) -> Iterator[tuple[str, list[float]]]:
    """By name what the scores of some articles count for being new, and for being read; only what `look` asks for, and
    only for that are the arguments called.

    They give the days on which the articles were published (proleptic ordinals, None where nobody knows), how often
    each was read, and the most of all articles.
    """
    if look.freshness:
        today = date.today().toordinal()
        yield "freshness", [_freshness(look, day, today) for day in published()]
    if look.popularity:
        most = most_views()
        yield "popularity", [views_factor(look.popularity, each, most) for each in views()]


def _freshness(look: RescoringWeights, published: int | None, today: int) -> float:
    return 1.0 if published is None else freshness_factor(look.freshness, today - published, look.freshness_days)


def freshness_factor(weight: float, days: int, half_life: float) -> float:
    """What a score counts for an article of that many days: 1 + `weight` for one of today, half as much more for one
    of `half_life` days."""
    return 1.0 + weight * math.pow(2.0, -max(days, 0) / half_life)


def views_factor(weight: float, views: int, most: int) -> float:
    """What a score counts for an article with so many views: 1 + `weight` for the one with the `most`, and for a tenth
    of them as much less at each tenth (logarithms: few articles have nearly all views)."""
    return 1.0 + weight * math.log1p(max(views, 0)) / math.log1p(most) if most > 0 else 1.0
