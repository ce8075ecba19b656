"""Backups: the live generation as one file, and back from it.

The file is a tar of the generation's files behind its manifest, which has the checksum of each, and of companions: what
belongs to an index and no build can bring back. The header of each has its checksum. The file is written beside its
place and renamed, so that what stands there is always whole; what a killed backup left is removed by the next one.
"""

from __future__ import annotations

import os
import shutil
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from harbor_search.errors import OperationalError, UserError
from harbor_search.store.generations.durability import sync_folder
from harbor_search.store.generations.generation import Generation
from harbor_search.store.generations.generations import Generations
from harbor_search.store.generations.lock import try_exclusive
from harbor_search.store.generations.manifest import MANIFEST, Manifest, checksum, read_manifest
from harbor_search.store.generations.ownership import make_folder

__all__ = ["Companions", "backup", "restore"]

Companions = Mapping[str, Callable[[Path], object]]
"""What lies in a backup beside the index: for each name, what writes it to a path, or reads it from there."""

_CHECKSUM = "HARBOR.sha256"
"""The name of a companion's checksum in its header (a keyword of our own, as POSIX 1003.1-2001 has them)."""

_PART = ".part"

BESIDE = "beside"
"""The folder of companions while they are unpacked; no file of an index is called so."""


def backup(generations: Generations, target: Path, companions: Companions | None = None) -> Generation:
    """Write the live generation to the file `target`; a rebuild or update meanwhile does not touch what is written.

    What `companions` write to the paths they are given goes with it; they are asked while the generation is held, so
    that they are never older than it. One that writes nothing has nothing to keep.

    Raises:
        UserError: `target` is a folder, or lies where none is.
        OperationalError: there is no sound index, or the disk does not take the file.
    """
    if target.is_dir() or not target.absolute().parent.is_dir():
        raise UserError(f"{target} must be a file in a folder that is there", where="target")
    with generations.pin_live() as pin:
        faults = pin.generation.verify()
        if faults:
            raise OperationalError(f"the live index is damaged and was not backed up: {faults[0]}")
        try:
            with _replacing(target) as part, tarfile.open(part, mode="w", format=tarfile.PAX_FORMAT) as tar:
                for name in (MANIFEST, *sorted(pin.generation.manifest.files)):
                    tar.add(pin.path / name, arcname=name, recursive=False)
                for name, write in (companions or {}).items():
                    _add_companion(tar, name, write, part.with_name(f"{part.name}.{name}"))
        except OSError as error:
            raise OperationalError(f"cannot write the backup {target}: {error.strerror}") from error
        return pin.generation


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


def _add_companion(tar: tarfile.TarFile, name: str, write: Callable[[Path], object], path: Path) -> None:
    write(path)
    if path.exists():
        member = tar.gettarinfo(path, arcname=name)
        member.pax_headers = {_CHECKSUM: checksum(path)}
        with path.open("rb") as stream:
            tar.addfile(member, stream)
        path.unlink()


def restore(
    generations: Generations, source: Path, check: Callable[[Path], object], companions: Companions | None = None
) -> Generation:
    """Make the index in the backup `source` live, as a new generation; the one that is live is kept like any other.

    `check` is given the folder before anything is published, and raises where it cannot be opened. Then `companions`
    are given the paths of what lies beside the index in the backup; one that is not in it is not asked.

    Raises:
        UserError: `source` is no backup.
        OperationalError: it is damaged, or the disk does not take it; what is live stays so.
    """
    try:
        stream = source.open("rb")
    except OSError as error:
        raise UserError(f"cannot read the backup {source}: {error.strerror}", where="source") from error
    with stream, generations.building() as building:
        try:
            with tarfile.open(fileobj=stream, mode="r:") as archive:
                manifest, beside = _unpack(archive, building.path, companions or {})
        except (tarfile.TarError, EOFError, ValueError) as error:
            raise UserError(f"{source} is no whole backup of an index: {error}", where="source") from error
        check(building.path)
        for name in beside:
            (companions or {})[name](building.path / BESIDE / name)
        shutil.rmtree(building.path / BESIDE)
        building.seal(articles=manifest.articles, fingerprint=manifest.fingerprint, extra=manifest.extra)
        return building.publish()


def _unpack(archive: tarfile.TarFile, folder: Path, companions: Companions) -> tuple[Manifest, list[str]]:
    """Write the files that the archive's manifest names, each as it was built, the companions that are known, which are
    named in the answer, into the folder `BESIDE`, and nothing else."""
    first = archive.next()
    if first is None or first.name != MANIFEST or not first.isreg():
        raise tarfile.ReadError("its first file is not a manifest")
    _write(archive, first, folder / MANIFEST)
    manifest = read_manifest(folder)
    (folder / MANIFEST).unlink()
    missing = dict(manifest.files)
    beside: list[str] = []
    make_folder(folder / BESIDE)
    while member := archive.next():
        if member.name in companions and member.name not in beside and member.isreg():
            beside.append(member.name)
            _write(archive, member, folder / BESIDE / member.name)
            if checksum(folder / BESIDE / member.name) != member.pax_headers.get(_CHECKSUM):
                raise tarfile.ReadError(f"{member.name} is not as it was when the backup was made")
            continue
        record = missing.pop(member.name, None)
        name = PurePosixPath(member.name)
        if record is None or not member.isreg() or name.is_absolute() or ".." in name.parts:
            raise tarfile.ReadError(f"it holds {member.name!r}, which its manifest does not name")
        target = folder / name
        make_folder(target.parent)
        _write(archive, member, target)
        if (target.stat().st_size, checksum(target)) != (record.size, record.sha256):
            raise tarfile.ReadError(f"{member.name} is not as it was when the index was built")
    if missing:
        raise tarfile.ReadError(f"{min(missing)} is missing")
    return manifest, beside


def _write(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    packed = archive.extractfile(member)
    assert packed is not None
    with packed, target.open("xb") as stream:
        shutil.copyfileobj(packed, stream, 1 << 20)
