"""Backups: the live generation as one file, and back from it.

The file is a tar of the generation's files behind its manifest, which has the checksum of each. It is written beside
its place and renamed, so that what stands there is always whole.
"""

from __future__ import annotations

import os
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import IO

from harbor_search.errors import OperationalError, UserError
from harbor_search.store.generations.durability import sync_folder
from harbor_search.store.generations.generation import Generation
from harbor_search.store.generations.generations import Generations
from harbor_search.store.generations.manifest import MANIFEST, Manifest, checksum, read_manifest
from harbor_search.store.generations.ownership import make_folder

__all__ = ["backup", "restore"]


def backup(generations: Generations, target: Path) -> Generation:
    """Write the live generation to the file `target`; a rebuild or update meanwhile does not touch what is written.

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
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            with part.open("xb") as stream:
                _pack(stream, pin.path, [MANIFEST, *sorted(pin.generation.manifest.files)])
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(part, target)
            sync_folder(target.absolute().parent)
        except OSError as error:
            raise OperationalError(f"cannot write the backup {target}: {error.strerror}") from error
        finally:
            part.unlink(missing_ok=True)
        return pin.generation


def _pack(stream: IO[bytes], folder: Path, names: list[str]) -> None:
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name in names:
            archive.add(folder / name, arcname=name, recursive=False)


def restore(generations: Generations, source: Path, check: Callable[[Path], object]) -> Generation:
    """Make the index in the backup `source` live, as a new generation; the one that is live is kept like any other.

    `check` is given the folder before anything is published, and raises where it cannot be opened.

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
                manifest = _unpack(archive, building.path)
        except (tarfile.TarError, EOFError, ValueError) as error:
            raise UserError(f"{source} is no whole backup of an index: {error}", where="source") from error
        check(building.path)
        building.seal(articles=manifest.articles, fingerprint=manifest.fingerprint, extra=manifest.extra)
        return building.publish()


def _unpack(archive: tarfile.TarFile, folder: Path) -> Manifest:
    """Write the files that the archive's manifest names, each as it was built, and nothing else."""
    first = archive.next()
    if first is None or first.name != MANIFEST or not first.isreg():
        raise tarfile.ReadError("its first file is not a manifest")
    _write(archive, first, folder / MANIFEST)
    manifest = read_manifest(folder)
    (folder / MANIFEST).unlink()
    missing = dict(manifest.files)
    while member := archive.next():
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
    return manifest


def _write(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    packed = archive.extractfile(member)
    assert packed is not None
    with packed, target.open("xb") as stream:
        shutil.copyfileobj(packed, stream, 1 << 20)
