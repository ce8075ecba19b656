"""The folder in which the workers of a server leave their metrics, so that each of them can report those of all."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["metrics_folder"]

_PREFIX = "harbor-search-metrics-"

_LOCK = "server.lock"
"""Locked by the server as long as it lives: the kernel drops the lock however the server ends."""

_YOUNG = 60.0
"""Seconds for which a folder is let be: its server may not have locked it yet."""


@contextmanager
def metrics_folder() -> Iterator[Path]:
    """A new folder, removed at the end; those of servers that were killed are removed before.

    Raises:
        OSError: there is no room for a folder of temporary files.
    """
    with suppress(OSError):
        _remove_abandoned(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as name, (Path(name) / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield Path(name)


def _remove_abandoned(parent: Path) -> None:
    for folder in parent.glob(f"{_PREFIX}*"):
        # What is another user's cannot be opened, and stays.
        with suppress(OSError):
            if _is_abandoned(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_abandoned(folder: Path) -> bool:
    status = folder.lstat()
    if status.st_uid != os.getuid() or time.time() - status.st_mtime < _YOUNG:
        return False
    with (folder / _LOCK).open("r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
