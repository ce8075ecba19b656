"""Group commit: concurrent writes of several threads share one sync of the disk."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from harbor_search.journal.journal import Change, Outcome

__all__ = ["GroupCommit"]

_Waiting = tuple[Sequence[Change], "Future[list[Outcome]]"]


class GroupCommit:
    """Passes the changes of all waiting threads to `record` together, and returns to each its own outcomes.

    A thread that finds no other one writing writes for all that are waiting; syncing the disk takes milliseconds, and
    threads that arrive meanwhile form the next group.
    """

    def __init__(self, record: Callable[[Sequence[Change]], list[Outcome]]) -> None:
        self._record = record
        self._writing = threading.Lock()
        self._queue = threading.Lock()
        self._waiting: list[_Waiting] = []

    def submit(self, changes: Sequence[Change]) -> list[Outcome]:
        """Write `changes` durably; returns the outcome of each.

        Raises:
            Exception: what `record` raised for the group, none of which was written.
        """
        future: Future[list[Outcome]] = Future()
        with self._queue:
            self._waiting.append((changes, future))
        with self._writing:
            if not future.done():
                self._write_all()
        return future.result()

    def _write_all(self) -> None:
        with self._queue:
            group, self._waiting = self._waiting, []
        try:
            outcomes = self._record([change for changes, _ in group for change in changes])
        except BaseException as error:
            for _, future in group:
                future.set_exception(error)
            return
        start = 0
        for changes, future in group:
            future.set_result(outcomes[start : start + len(changes)])
            start += len(changes)
