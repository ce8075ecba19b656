"""Where compiled code is kept: in the folder that was set, else beside the program, else in the user's cache folder.

Code is looked for in each of these and written to the first that can be written, so that code which an administrator
had compiled beside the program serves users who may not write there.
"""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from numba.misc.appdirs import user_cache_dir

__all__ = ["can_keep", "code_kept_in", "folders", "keep_code_in", "make_folder"]

_PACKAGE = Path(__file__).parents[1]

_set: list[Path] = []


def keep_code_in(folder: str) -> None:
    """Keep compiled code of this process in `folder` and nowhere else; an empty name stands for the usual places."""
    _set[:] = [Path(folder)] if folder else []
    folders.cache_clear()


def code_kept_in() -> str:
    """The folder that was set, for another process of this program; empty for the usual places."""
    return str(_set[0]) if _set else ""


@lru_cache(maxsize=1)
def folders() -> tuple[Path, ...]:
    """The folders to look in, in order; those that others could have written are left out."""
    # Two copies of the program in one home would drop each other's code as outdated.
    copy = hashlib.blake2b(str(_PACKAGE).encode(), digest_size=8).hexdigest()
    usual = [_PACKAGE / "__pycache__" / "kernels", Path(user_cache_dir("harbor_search")) / f"kernels-{copy}"]
    return tuple(folder for folder in _set or usual if not folder.exists() or _is_ours(folder))


def can_keep() -> bool:
    """Whether any of the folders can be written."""
    for folder in folders():
        with suppress(OSError):
            make_folder(folder)
            if os.access(folder, os.W_OK):
                return True
    return False


def make_folder(folder: Path) -> None:
    """Create `folder` for its owner alone to write and for all to read.

    Raises:
        OSError: it cannot be created.
    """
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)  # whatever the umask: others may run what is in it


def _is_ours(folder: Path) -> bool:
    """Whether only this user or root can have written `folder`: what lies there is run."""
    if not hasattr(os, "geteuid"):
        return True
    status = folder.stat()
    return status.st_uid in (0, os.geteuid()) and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
