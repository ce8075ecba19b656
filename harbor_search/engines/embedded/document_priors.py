"""What scores count for the articles of a snapshot by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harbor_search.engines.embedded.snapshot import Snapshot
from harbor_search.engines.priors import prior_factors
from harbor_search.engines.rescoring import RescoringWeights
from harbor_search.store import NO_DATE

__all__ = ["DocumentPriors"]


class DocumentPriors:
    """The priors of documents by the settings `look`; none by default. Threads may share it."""

    def __init__(self, snapshot: Snapshot, look: RescoringWeights) -> None:
        self._snapshot, self._look = snapshot, look

    def factors(self, documents: Sequence[int]) -> Iterator[tuple[str, list[float]]]:
        """By name what the scores of documents count for being new, and for being read; only what is asked for."""
        snapshot = self._snapshot

        def published() -> list[int | None]:
            days = (int(snapshot.published[each]) for each in documents)
            return [None if day == NO_DATE else day for day in days]

        def views() -> list[int]:
            return [int(snapshot.views[each]) for each in documents]

        return prior_factors(self._look, published, views, lambda: snapshot.most_views)
