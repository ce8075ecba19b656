"""What a score counts for an article by itself, whatever was asked: how new it is, and how often it is read.

Both are off by default: a text on sleep is not worse for being three years old, and what is read most is what was shown
first.
"""

from __future__ import annotations

import math

__all__ = ["freshness_factor", "views_factor"]


def freshness_factor(weight: float, days: int, half_life: float) -> float:
    """What a score counts for an article of that many days: 1 + `weight` for one of today, half as much more for one
    of `half_life` days."""
    return 1.0 + weight * math.pow(2.0, -max(days, 0) / half_life)


def views_factor(weight: float, views: int, most: int) -> float:
    """What a score counts for an article with so many views: 1 + `weight` for the one with the `most`, and for a tenth
    of them as much less at each tenth (logarithms: few articles have nearly all views)."""
    return 1.0 + weight * math.log1p(max(views, 0)) / math.log1p(most) if most > 0 else 1.0
