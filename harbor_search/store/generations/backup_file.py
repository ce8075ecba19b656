"""The file of a backup: a tar, written beside its place and renamed, so that what stands there is always whole.

What a killed backup left is removed by the next one. Members that are made for the backup have their checksum in the
header.
"""

from __future__ import annotations

import os
import shutil
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from harbor_search.errors import OperationalError, UserError
from harbor_search.store.generations.durability import sync_folder
from harbor_search.store.generations.lock import try_exclusive
from harbor_search.store.generations.manifest import checksum

__all__ = ["BackupFile", "Companions", "reading", "unpack", "unpack_made", "writing"]

Companions = Mapping[str, Callable[[Path], object]]
"""What lies in a backup beside the index: for each name, what writes it to a path, or reads it from there."""

_CHECKSUM = "HARBOR.sha256"
"""The name of a member's checksum in its header (a keyword of our own, as POSIX 1003.1-2001 has them)."""

_PART = ".part"


@dataclass(frozen=True, slots=True)
class BackupFile:
    """A backup that is being written: the tar, and where it grows."""

    tar: tarfile.TarFile
    part: Path

    def add_made(self, made: Companions) -> None:
        """Add what each writes to the path that it is given, under its name; one that writes nothing is not in it."""
        for name, write in made.items():
            path = self.part.with_name(f"{self.part.name}.{name}")
            write(path)
            if path.exists():
                member = self.tar.gettarinfo(path, arcname=name)
                member.pax_headers = {_CHECKSUM: checksum(path)}
                with path.open("rb") as stream:
                    self.tar.addfile(member, stream)
                path.unlink()


@contextmanager
def writing(target: Path) -> Iterator[BackupFile]:
    """A backup that takes the place of `target` at the end; unless the body fails.

    Raises:
        UserError: `target` is a folder, or lies where none is.
        OperationalError: the disk does not take the file.
    """
    if target.is_dir() or not target.absolute().parent.is_dir():
        raise UserError(f"{target} must be a file in a folder that is there", where="target")
    try:
        with _replacing(target) as part, tarfile.open(part, mode="w", format=tarfile.PAX_FORMAT) as tar:
            yield BackupFile(tar, part)
    except OSError as error:
        raise OperationalError(f"cannot write the backup {target}: {error.strerror}") from error


@contextmanager
def reading(source: Path) -> Iterator[tarfile.TarFile]:
    """The tar of a backup.

    Raises:
        UserError: `source` cannot be read, or the body finds that it is no whole backup (`tarfile.TarError`,
            `EOFError`, `ValueError`).
    """
    try:
        stream = source.open("rb")
    except OSError as error:
        raise UserError(f"cannot read the backup {source}: {error.strerror}", where="source") from error
    with stream:
        try:
            with tarfile.open(fileobj=stream, mode="r:") as archive:
                yield archive
        except (tarfile.TarError, EOFError, ValueError) as error:
            raise UserError(f"{source} is no whole backup of an index: {error}", where="source") from error


def unpack(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    """Write a member to the new file `target`."""
    packed = archive.extractfile(member)
    assert packed is not None
    with packed, target.open("xb") as stream:
        shutil.copyfileobj(packed, stream, 1 << 20)


def unpack_made(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    """The same of a member that was made for the backup.

    Raises:
        tarfile.ReadError: it is not as it was.
    """
    unpack(archive, member, target)
    if checksum(target) != member.pax_headers.get(_CHECKSUM):
        raise tarfile.ReadError(f"{member.name} is not as it was when the backup was made")


@contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    """A path for a file that takes the place of `target` at the end, on the disk; unless the body fails."""
    _remove_left_behind(target)
    part = target.with_name(f"{_prefix(target)}{os.getpid()}{_PART}")
    try:
        with part.open("xb") as stream:
            try_exclusive(stream.fileno())  # a sign of life, which the system takes from the dead
            yield part
            os.fsync(stream.fileno())
            os.replace(part, target)
        sync_folder(target.absolute().parent)
    finally:
        _remove(part)


def _prefix(target: Path) -> str:
    return f".{target.name}."


def _remove_left_behind(target: Path) -> None:
    """Remove the files of backups to `target` that were killed."""
    for path in target.absolute().parent.iterdir():
        if path.name.startswith(_prefix(target)) and path.name.endswith(_PART):
            with path.open("rb") as stream:
                if try_exclusive(stream.fileno()):
                    _remove(path)


def _remove(part: Path) -> None:
    """Remove the file of a backup that has not become one, after what was on its way into it."""
    for path in part.absolute().parent.iterdir():
        if path.name.startswith(f"{part.name}."):
            path.unlink(missing_ok=True)
    part.unlink(missing_ok=True)
