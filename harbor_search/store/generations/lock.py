"""Locks that die with their holder.

`flock` belongs to the open file, and the kernel drops it when the last descriptor of it closes, however the process
ended; nothing has to be cleaned up after a kill. The lock file itself stays: removing it would let two writers hold
locks on two files of one name.
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
    """Lock the open file together with other sharers, unless somebody holds it alone; never waits."""
    return _try(descriptor, shared=True)


def try_exclusive(descriptor: int) -> bool:
    """Lock the open file alone, unless anybody holds it; never waits."""
    return _try(descriptor, shared=False)


PATIENCE = 60.0
"""Seconds to wait for a brief holder, which needs tenths, or some seconds for a merge."""

LOOK = 0.01
"""Seconds between attempts meanwhile."""

SILENCE = 50
"""Looks at a holder that says nothing, before it counts as one that stays."""


class WriterLock:
    """The right to change the index, held by one process at a time; a context manager.

    The file says who holds it since when, for the message that the next one gets.
    """

    def __init__(self, path: Path, *, brief: bool = False) -> None:
        """With `brief` it is let go in a moment, and the next one waits for that; others are refused at once."""
        self._path = path
        self._brief = brief
        self._descriptor: int | None = None

    def __enter__(self) -> WriterLock:
        """Take the lock, at once or, where a brief holder has it, when that has done.

        Raises:
            OperationalError: another process, or another thread of this one, holds it.
            OSError: the lock file cannot be made or locked.
        """
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            if not self._take(descriptor):
                raise OperationalError(
                    f"another rebuild, update or rollback of {self._path.parent} is running{_holder(descriptor)}; "
                    "wait until it has ended, or stop it"
                )
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, _introduction(self._brief), 0)
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor
        _held.add(self)
        return self

    def _take(self, descriptor: int) -> bool:
        deadline, silent = time.monotonic() + PATIENCE, 0
        while not try_exclusive(descriptor):
            brief = _is_brief(descriptor)
            silent = silent + 1 if brief is None else 0
            # Who is brief itself comes again soon; it need not wait.
            if self._brief or brief is False or silent > SILENCE or time.monotonic() > deadline:
                return False
            time.sleep(LOOK)
        return True

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._descriptor is not None:
            with suppress(OSError):
                os.ftruncate(self._descriptor, 0)
        self._close()

    def _close(self) -> None:
        _held.discard(self)
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _introduction(brief: bool) -> bytes:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    return json.dumps({"pid": os.getpid(), "since": since, "brief": brief}).encode()


def _is_brief(descriptor: int) -> bool | None:
    """Whether who holds the lock lets it go soon; None where it says nothing: it is taking it, or letting it go."""
    try:
        return bool(json.loads(os.pread(descriptor, 1000, 0)).get("brief"))
    except (ValueError, AttributeError):
        return None


def _holder(descriptor: int) -> str:
    """Who holds the lock, as far as the file tells: a holder that has just locked may not have written it yet."""
    try:
        values = json.loads(os.pread(descriptor, 1000, 0))
        return f" (process {int(values['pid'])}, since {datetime.fromisoformat(values['since']):%Y-%m-%d %H:%M:%S %Z})"
    except (ValueError, TypeError, KeyError):
        return ""


_held: weakref.WeakSet[WriterLock] = weakref.WeakSet()


def _let_go_in_child() -> None:
    # A forked worker shares its parent's lock; were the parent killed, an orphan would keep the next rebuild out.
    for lock in list(_held):
        lock._close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go_in_child)
