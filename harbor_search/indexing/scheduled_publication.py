"""The moments that are to come at which written articles are published or expire."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from harbor_search.ingest import PublicationRules, next_change_of
from harbor_search.journal import Journal

__all__ = ["Planned"]

AT_ONCE = 1_000
"""Records looked at in one go: some hundredths of a second, so that what is written meanwhile need not wait."""


class Planned:
    """Knows of each record in a journal when it will be judged otherwise than it was in an index.

    It knows nothing before `begin`, which a look at all records follows, slice by slice with `look_on`.
    """

    def __init__(self) -> None:
        self._moments: list[tuple[datetime, str]] = []
        self._reached: str | None = None
        self._rules = PublicationRules()
        self._judged_later = False

    @property
    def complete(self) -> bool:
        """Whether all records were looked at."""
        return self._reached is None

    def begin(self, rules: PublicationRules, *, judged_later: bool = False) -> None:
        """Look at all records anew: at what changes after `rules.now`.

        With `judged_later` these are due at once, as they were judged at a later moment than now.
        """
        self._moments.clear()
        self._rules = rules
        self._judged_later = judged_later
        self._reached = ""

    def look_on(self, journal: Journal) -> None:
        """Look at some more records."""
        if self._reached is None:
            return
        entries = journal.after(self._reached, AT_ONCE)
        for entry in entries:
            if entry.record is not None:
                change = next_change_of(entry.record, self._rules)
                self.note(self._rules.now if change and self._judged_later else change, entry.id)
        self._reached = entries[-1].id if len(entries) == AT_ONCE else None

    def note(self, moment: datetime | None, article_id: str) -> None:
        """An article that is judged otherwise from `moment` on (None: it never will be)."""
        if moment is not None:
            heapq.heappush(self._moments, (moment, article_id))

    def has_come(self, now: datetime) -> bool:
        """Whether one of the moments has come."""
        return bool(self._moments) and self._moments[0][0] <= now

    @contextmanager
    def due(self, now: datetime) -> Iterator[list[str]]:
        """The ids of articles whose moment has come, at most so many; where judging them anew fails they stay due."""
        count = min(AT_ONCE, len(self._moments))
        taken = [heapq.heappop(self._moments) for _ in range(count) if self.has_come(now)]
        try:
            yield [article_id for _, article_id in taken]
        except BaseException:
            for moment, article_id in taken:
                self.note(moment, article_id)
            raise
