"""Durable writes (fsync), and turning operating system errors into messages with a cure.

To a file system a file's bytes and its name are two things: `fsync` of the file makes the bytes durable, `fsync` of the
folder makes the name durable. Replacing a file atomically needs both, in this order: bytes, rename, folder. Otherwise a
power cut may leave the new name without its content.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harbor_search.errors import OperationalError

__all__ = [
    "disk_faults",
    "is_disk_fault",
    "replace_file",
    "sync_file",
    "sync_folder",
    "temporary_path",
    "to_operational_error",
]

_CURES = {
    errno.ENOSPC: "free some space on that disk, then try again",
    errno.EDQUOT: "free some space or raise the quota of the user, then try again",
    errno.EFBIG: "raise the limit on the size of files, then try again",
    errno.EROFS: "mount that disk for writing, or choose another index folder with --index",
    errno.EACCES: "give the user that runs this command the right to it, or choose another index folder with --index",
    errno.EPERM: "give the user that runs this command the right to it, or choose another index folder with --index",
    errno.EIO: "the disk itself reports a fault: check it, or choose another index folder with --index",
    errno.EMFILE: "raise the limit on open files (ulimit -n), then try again",
    errno.ENFILE: "raise the system's limit on open files, then try again",
    errno.ENOLCK: "choose an index folder on a local disk with --index: this file system cannot lock",
    errno.ENOTSUP: "choose an index folder on a local disk with --index: this file system lacks what an index needs",
    errno.ENOTDIR: "a file stands where a folder should be: move it away, or choose another index folder with --index",
}
_DISK_ERRNOS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EMFILE, errno.ENFILE)
_DEFAULT_CURE = "check that folder and its disk, then try again"


def is_disk_fault(error: OSError, root: Path) -> bool:
    """Whether `error` comes from the disk or the folder `root`, and not, say, from a broken pipe or a source."""
    if error.errno in _DISK_ERRNOS:
        return True
    if error.errno is None:
        # numpy reports a short write to a full disk without errno or path; subclasses mean something else.
        return type(error) is OSError
    return isinstance(error.filename, str) and Path(error.filename).is_relative_to(root)


def to_operational_error(doing: str, path: Path, error: OSError) -> OperationalError:
    """An error with a message for users: what failed (`doing`, as in "write the index"), the path, the cure."""
    at = error.filename if isinstance(error.filename, str) else str(path)
    cure = _CURES.get(error.errno or 0, _DEFAULT_CURE)
    return OperationalError(f"cannot {doing}: {at}: {error.strerror or error}; {cure}")


@contextmanager
def disk_faults(doing: str, path: Path) -> Iterator[None]:
    """Convert every `OSError` of the block to an `OperationalError`."""
    try:
        yield
    except OSError as error:
        raise to_operational_error(doing, path, error) from error


def sync_file(path: Path) -> None:
    """Flush the bytes of `path` to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Flush the directory entries of folder `path` (what was created, renamed or removed in it) to the disk."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some network and FUSE file systems reject fsync of a folder because they never delay its entries.
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(descriptor)


def temporary_path(path: Path) -> Path:
    """Where `replace_file` writes the new content of `path`; a killed process may leave it there."""
    return path.with_name(path.name + ".new")


def _for_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o644)


def replace_file(path: Path, content: bytes) -> None:
    """Replace the content of `path` atomically: readers see the old or the new content.

    Until the caller has synced the folder, a power cut may still restore the old content.

    Raises:
        OSError: writing failed; `path` is unchanged.
    """
    new = temporary_path(path)
    try:
        with open(new, "wb", opener=_for_owner) as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(new, path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
