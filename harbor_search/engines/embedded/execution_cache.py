"""Executions of searches that were made before, to be run again: readers turn pages and ask the same things.

What is kept is what a search is made into, never what it finds: its plans and lists, while those are in memory.
"""

from __future__ import annotations

from harbor_search.engines.criteria import Criteria
from harbor_search.engines.embedded.query_execution import Execution
from harbor_search.query import Query

__all__ = ["KeptExecutions"]

_MOST_KEPT = 1_024
"""Each takes some kilobytes ..."""

_LARGEST = 48
"""... where the query has no more leaves than this: what is longer was pasted, and is not asked again."""


class KeptExecutions:
    """Executions by the very query and criteria that they are of, which whoever asks again has kept as well.

    They are not compared: that would take a tenth of the time of a search. Hold the snapshot's lock.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[int, int], tuple[Query, Criteria, Execution]] = {}

    def get(self, query: Query, criteria: Criteria) -> Execution | None:
        """The execution of a search, where it was kept and can be run again."""
        key = id(query), id(criteria)
        known = self._kept.pop(key, None)
        if known is None or not known[2].reopen():
            return None
        self._kept[key] = known  # after those that were asked less lately
        return known[2]

    def close(self, query: Query, criteria: Criteria, execution: Execution) -> None:
        """End the execution of a search, and keep it where that is possible."""
        key = id(query), id(criteria)
        if not execution.close():
            self._kept.pop(key, None)
        elif key not in self._kept and execution.size <= _LARGEST:
            if len(self._kept) >= _MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            # With what it is of, so that no other query has the same identity.
            self._kept[key] = query, criteria, execution
