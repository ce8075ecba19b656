"""The order of hits: by score, and of equal scores by the articles' ids."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

__all__ = ["best_first"]


def best_first(documents: Sequence[int], scores: Sequence[float], rank: Callable[[int], Any]) -> list[int]:
    """The places of documents by descending score; of those that score the same, by ascending `rank`."""
    places = sorted(range(len(scores)), key=scores.__getitem__, reverse=True)
    # Ties are rare, and asking for ranks takes longer than all else.
    if len(set(scores)) < len(scores):
        places.sort(key=lambda place: (-scores[place], rank(documents[place])))
    return places
