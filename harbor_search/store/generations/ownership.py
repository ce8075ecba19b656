"""Ownership and permissions of index files.

Whoosh's table of contents is a pickle: anyone who can write a file in the index folder can run code in every process
that searches it. So an index that others could have written is refused, as ssh refuses a key that others can read. Our
own files are never writable by others, whatever the umask is.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from harbor_search.errors import OperationalError

__all__ = ["make_folder", "make_private", "require_private", "require_private_tree"]

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def make_folder(path: Path) -> None:
    """Create `path` and its parents if absent, writable by their owner only (the umask may narrow this further)."""
    # Path.mkdir(parents=True) would leave the parents' mode to the umask.
    if not path.parent.exists():
        make_folder(path.parent)
    path.mkdir(mode=0o755, exist_ok=True)


def make_private(path: Path) -> None:
    """Remove write permission on `path` for group and others."""
    mode = path.stat().st_mode
    if mode & _OTHERS_WRITE:
        path.chmod(stat.S_IMODE(mode) & ~_OTHERS_WRITE)


def require_private(path: Path) -> None:
    """Check that only this process's user or root can have written `path`.

    Raises:
        OperationalError: others may write it, or another user owns it; the message has the command that fixes it.
        OSError: `stat` failed.
    """
    if not hasattr(os, "geteuid"):
        return
    status = path.stat()
    if status.st_uid not in (0, os.geteuid()):
        raise OperationalError(
            f"{path} belongs to another user (uid {status.st_uid}), who could run code here through the index; "
            f"run as that user, or take it over with: chown -R {os.geteuid()} '{path}'"
        )
    if status.st_mode & _OTHERS_WRITE:
        raise OperationalError(
            f"{path} can be written by other users (mode {stat.S_IMODE(status.st_mode):o}), who could run code here "
            f"through the index; if you trust what it holds: chmod -R go-w '{path}'"
        )


def require_private_tree(folder: Path) -> None:
    """`require_private` for `folder` and everything below it."""
    require_private(folder)
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            require_private(Path(parent, name))
