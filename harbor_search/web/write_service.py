"""What is written to an application: kept in the journal at once, made searchable by whoever follows that."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from harbor_search.config import Settings
from harbor_search.engines import SearchEngine
from harbor_search.indexing import Follower, FollowerProcess, journal_path
from harbor_search.journal import Change, GroupCommit, Journal, Outcome

__all__ = ["WriteService"]


class WriteService:
    """Threads may share it. The journal is opened with the first write."""

    def __init__(self, settings: Settings, engine: SearchEngine | None) -> None:
        """`engine` is one that was given and not made from the settings: a thread of ours brings it up to date.
        Otherwise a process does."""
        self._settings = settings
        self._engine = engine
        self._path = journal_path(settings)
        self._process = FollowerProcess(settings)
        self._thread: threading.Thread | None = None
        self._journal: Journal | None = None
        self._commits = GroupCommit(self._record)

    def any_yet(self) -> bool:
        """Whether anything was ever written."""
        return self._path.exists()

    def begin(self) -> None:
        """See to it that what is written becomes searchable; costs nothing once that is so."""
        if self._engine is None:
            self._process.start()
        elif self._thread is None:
            follower = Follower(self._engine, self._settings)
            never = threading.Event()
            self._thread = threading.Thread(target=follower.run, args=(never.wait,), daemon=True)
            self._thread.start()

    def write(self, changes: Sequence[Change]) -> list[Outcome]:
        """Keep `changes`; when this returns they are on the disk.

        Raises:
            OperationalError: they cannot be kept; none of them is.
        """
        outcomes = self._commits.submit(changes)
        self.begin()
        return outcomes

    def _record(self, changes: Sequence[Change]) -> list[Outcome]:
        # One thread at a time is here.
        self._journal = self._journal or Journal(self._path)
        return self._journal.record(changes)
