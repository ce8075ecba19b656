"""The file of a backup: a tar, written under a temporary name and renamed, so that it is always complete.

What a killed backup left behind is removed by the next one. Members generated for the backup have their checksum in
the header.
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

__all__ = ["BackupFile", "Companions", "reading", "unpack", "unpack_companion", "writing"]

Companions = Mapping[str, Callable[[Path], object]]
"""Data in a backup besides the index: for each name a function that writes it to a path, or reads it from there."""

_CHECKSUM = "HARBOR.sha256"
"""The pax header (POSIX 1003.1-2001, vendor keyword) with a member's checksum."""

_PART = ".part"


@dataclass(frozen=True, slots=True)
class BackupFile:
    """A backup being written: the tar and its temporary path."""

    tar: tarfile.TarFile
    part: Path

    def add_companions(self, companions: Companions) -> None:
        """Add the file that each companion writes, under its name; one that writes no file is left out."""
        for name, write in companions.items():
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
    """A backup that replaces `target` at the end, unless the body fails.

    Raises:
        UserError: `target` is a folder, or its parent does not exist.
        OperationalError: the file cannot be written.
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
        UserError: `source` cannot be read, or the body finds that it is not a complete backup (by raising
            `tarfile.TarError`, `EOFError` or `ValueError`).
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
    """Extract a member to the new file `target`."""
    packed = archive.extractfile(member)
    assert packed is not None
    with packed, target.open("xb") as stream:
        shutil.copyfileobj(packed, stream, 1 << 20)


def unpack_companion(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    """Extract a companion to the new file `target` and verify its checksum.

    Raises:
        tarfile.ReadError: it is damaged.
    """
    unpack(archive, member, target)
    if checksum(target) != member.pax_headers.get(_CHECKSUM):
        raise tarfile.ReadError(f"{member.name} is not as it was when the backup was made")


@contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    """A temporary path whose file durably replaces `target` at the end, unless the body fails."""
    _remove_left_behind(target)
    part = target.with_name(f"{_prefix(target)}{os.getpid()}{_PART}")
    try:
        with part.open("xb") as stream:
            try_exclusive(stream.fileno())  # shows that this process is alive; released when it dies
            yield part
            os.fsync(stream.fileno())
            os.replace(part, target)
        sync_folder(target.absolute().parent)
    finally:
        _remove(part)


def _prefix(target: Path) -> str:
    return f".{target.name}."


def _remove_left_behind(target: Path) -> None:
    """Remove the temporary files of killed backups to `target`."""
    for path in target.absolute().parent.iterdir():
        if path.name.startswith(_prefix(target)) and path.name.endswith(_PART):
            with path.open("rb") as stream:
                if try_exclusive(stream.fileno()):
                    _remove(path)


def _remove(part: Path) -> None:
    """Remove an incomplete backup and the companions that were to be added to it."""
    for path in part.absolute().parent.iterdir():
        if path.name.startswith(f"{part.name}."):
            path.unlink(missing_ok=True)
    part.unlink(missing_ok=True)
