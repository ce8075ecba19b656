"""The hits of a page in their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

__all__ = ["RankedHit", "RankedPage"]

Json = dict[str, Any]


class RankedHit(NamedTuple):
    """A hit of the cluster, its score, what that counts by rules, and what is due to its meaning. `section` is the
    number of the one that is closest to what is meant, where no word of the query is in the article."""

    hit: Json
    score: float
    rules: tuple[tuple[str, float], ...] = ()
    meaning: float = 0.0
    section: int | None = None


class RankedPage(NamedTuple):
    """The best hits as far as they are known, of which the page begins at `offset` and has `size`; the last one of them
    (None: there are none) in the cluster's own order, ids of those whose title a better one has, with the id of that
    one, and how many of all matches were found by their meaning alone. `shrunk` is the factor of the scores of all
    hits that come after, and `feedback` says whether what the first ones say had a say in the order."""

    best: Sequence[RankedHit]
    offset: int
    size: int
    last: Json | None
    repeats: Mapping[str, str] = MappingProxyType({})
    by_meaning: int = 0
    shrunk: float = 1.0
    feedback: bool = False

    @property
    def hits(self) -> Sequence[RankedHit]:
        """The hits of the page."""
        return self.best[self.offset : self.offset + self.size]
