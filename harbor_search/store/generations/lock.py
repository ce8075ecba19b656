"""File locks that are released when their process ends.

A `flock` belongs to the open file; the kernel drops it when the last descriptor closes, however the process ended, so
nothing has to be cleaned up after a kill. The lock file itself stays: if it were removed, two writers could hold locks
on two files of the same name.
"""

from __future__ import annotations

import json
import os
import sys
import time
import weakref
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from harbor_search.errors import OperationalError

__all__ = ["WriterLock", "try_exclusive", "try_shared"]

if sys.platform == "win32":

    def _try(descriptor: int, *, shared: bool) -> bool:
        raise OperationalError("the embedded index needs the file locks of Linux, macOS or BSD; run it there or in WSL")

else:
    import fcntl

    def _try(descriptor: int, *, shared: bool) -> bool:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def try_shared(descriptor: int) -> bool:
    """Take a shared lock on the open file, without waiting; whether that succeeded."""
    return _try(descriptor, shared=True)


def try_exclusive(descriptor: int) -> bool:
    """Take an exclusive lock on the open file, without waiting; whether that succeeded."""
    return _try(descriptor, shared=False)


TIMEOUT = 60.0
"""Seconds to wait for a brief holder, which needs tenths of a second, or some seconds for a merge."""

POLL_INTERVAL = 0.01
"""Seconds between attempts."""

MAX_SILENT_POLLS = 50
"""Attempts during which the lock file may be empty before its holder counts as a long-running one."""


class WriterLock:
    """The exclusive right to change the index; a context manager.

    The lock file says which process holds it and since when, for the error message of the next writer.
    """

    def __init__(self, path: Path, *, brief: bool = False) -> None:
        """`brief`: the lock will be released soon, so that other writers wait for it; otherwise they fail at once."""
        self._path = path
        self._brief = brief
        self._descriptor: int | None = None

    def __enter__(self) -> WriterLock:
        """Take the lock; waits only while a brief holder has it.

        Raises:
            OperationalError: another process, or another thread of this one, holds it.
            OSError: the lock file cannot be made or locked.
        """
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            if not self._acquire(descriptor):
                raise OperationalError(
                    f"another rebuild, update or rollback of {self._path.parent} is running{_holder(descriptor)}; "
                    "wait until it has ended, or stop it"
                )
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, _holder_record(self._brief), 0)
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor
        _held_locks.add(self)
        return self

    def _acquire(self, descriptor: int) -> bool:
        deadline, silent = time.monotonic() + TIMEOUT, 0
        while not try_exclusive(descriptor):
            brief = _is_brief(descriptor)
            silent = silent + 1 if brief is None else 0
            # A brief writer is retried soon by its caller; it need not wait.
            if self._brief or brief is False or silent > MAX_SILENT_POLLS or time.monotonic() > deadline:
                return False
            time.sleep(POLL_INTERVAL)
        return True

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._descriptor is not None:
            with suppress(OSError):
                os.ftruncate(self._descriptor, 0)
        self._close()

    def _close(self) -> None:
        _held_locks.discard(self)
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _holder_record(brief: bool) -> bytes:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    return json.dumps({"pid": os.getpid(), "since": since, "brief": brief}).encode()


def _is_brief(descriptor: int) -> bool | None:
    """Whether the holder is brief; None if the file is empty: the lock is just being taken or released."""
    try:
        return bool(json.loads(os.pread(descriptor, 1000, 0)).get("brief"))
    except (ValueError, AttributeError):
        return None


def _holder(descriptor: int) -> str:
    """Who holds the lock, for the message; empty if the holder has not written it yet."""
    try:
        values = json.loads(os.pread(descriptor, 1000, 0))
        return f" (process {int(values['pid'])}, since {datetime.fromisoformat(values['since']):%Y-%m-%d %H:%M:%S %Z})"
    except (ValueError, TypeError, KeyError):
        return ""


_held_locks: weakref.WeakSet[WriterLock] = weakref.WeakSet()


def _release_in_child() -> None:
    # A forked worker shares its parent's lock: if the parent were killed, the orphan would block the next rebuild.
    for lock in list(_held_locks):
        lock._close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_release_in_child)
