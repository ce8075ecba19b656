"""Whether a file is still the one that was read: by inode, time and size, which the system tells in a microsecond."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["FileStamp", "file_stamp"]

FileStamp = tuple[int, int, int]
"""Inode, time of the last change in nanoseconds, and size in bytes."""


def file_stamp(path: str | Path) -> FileStamp | None:
    """The stamp of the file at `path`, None where there is none. A file that is replaced or changed has another one.

    Raises:
        OSError: it cannot be asked for.
    """
    try:
        status = os.stat(path)
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size
