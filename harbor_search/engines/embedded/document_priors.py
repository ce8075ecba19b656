"""What scores count for the articles of a snapshot by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from harbor_search.engines.embedded.snapshot import Snapshot
from harbor_search.engines.priors import freshness_factor, views_factor
from harbor_search.engines.second_look import SecondLook
from harbor_search.store import NO_DATE

__all__ = ["DocumentPriors"]


class DocumentPriors:
    """The priors of documents by the settings `look`; none by default. Threads may share it."""

    def __init__(self, snapshot: Snapshot, look: SecondLook) -> None:
        self._snapshot, self._look = snapshot, look

    def factors(self, documents: Sequence[int]) -> Iterator[tuple[str, list[float]]]:
        """By name what the scores of documents count for being new, and for being read; only what is asked for."""
        snapshot, look = self._snapshot, self._look
        if look.freshness:
            today = date.today().toordinal()
            yield "freshness", [self._freshness(int(snapshot.published[each]), today) for each in documents]
        if look.popularity:
            views = (int(snapshot.views[each]) for each in documents)
            yield "popularity", [views_factor(look.popularity, each, snapshot.most_views) for each in views]

    def _freshness(self, published: int, today: int) -> float:
        """What an article counts that was published on a day (proleptic ordinal, NO_DATE: nobody knows)."""
        if published == NO_DATE:
            return 1.0
        return freshness_factor(self._look.freshness, today - published, self._look.freshness_days)
