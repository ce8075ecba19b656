"""Writes to an application: recorded in the journal at once, made searchable by a follower of the journal."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from harbor_search.config import Settings
from harbor_search.engines import SearchEngine
from harbor_search.indexing import Follower, FollowerProcess, journal_path
from harbor_search.journal import Change, GroupCommit, Journal, Outcome

__all__ = ["WriteService"]


class WriteService:
    """Thread-safe. The journal is opened by the first write."""

    def __init__(self, settings: Settings, engine: SearchEngine | None) -> None:
        """`engine` is one passed by the caller instead of made from the settings: a thread of this process updates it.
        Otherwise a separate process updates the index."""
        self._settings = settings
        self._engine = engine
        self._path = journal_path(settings)
        self._process = FollowerProcess(settings)
        self._thread: threading.Thread | None = None
        self._journal: Journal | None = None
        self._commits = GroupCommit(self._record)

    def any_yet(self) -> bool:
        """Whether anything was ever written (the journal exists)."""
        return self._path.exists()

    def begin(self) -> None:
        """Start the follower of the journal, if it is not running; cheap otherwise."""
        if self._engine is None:
            self._process.start()
        elif self._thread is None:
            follower = Follower(self._engine, self._settings)
            never = threading.Event()
            self._thread = threading.Thread(target=follower.run, args=(never.wait,), daemon=True)
            self._thread.start()

    def write(self, changes: Sequence[Change]) -> list[Outcome]:
        """Record `changes` durably.

        Raises:
            OperationalError: they cannot be written; none of them is recorded.
        """
        outcomes = self._commits.submit(changes)
        self.begin()
        return outcomes

    def _record(self, changes: Sequence[Change]) -> list[Outcome]:
        # Called by one thread at a time.
        self._journal = self._journal or Journal(self._path)
        return self._journal.record(changes)
