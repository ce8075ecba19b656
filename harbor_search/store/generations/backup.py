"""Backups: the live generation as one file, and back from it.

The file is a tar of the generation's files behind its manifest, which has the checksum of each, and of companions: what
belongs to an index and no build can bring back.
"""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from harbor_search.errors import OperationalError
from harbor_search.store.generations.backup_file import Companions, reading, unpack, unpack_made, writing
from harbor_search.store.generations.generation import Generation
from harbor_search.store.generations.generations import Generations
from harbor_search.store.generations.manifest import MANIFEST, Manifest, checksum, read_manifest
from harbor_search.store.generations.ownership import make_folder

__all__ = ["Companions", "backup", "restore"]

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
    with generations.pin_live() as pin:
        faults = pin.generation.verify()
        if faults:
            raise OperationalError(f"the live index is damaged and was not backed up: {faults[0]}")
        with writing(target) as file:
            for name in (MANIFEST, *sorted(pin.generation.manifest.files)):
                file.tar.add(pin.path / name, arcname=name, recursive=False)
            file.add_made(companions or {})
        return pin.generation


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
    with generations.building() as building:
        with reading(source) as archive:
            manifest, beside = _unpack(archive, building.path, companions or {})
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
    unpack(archive, first, folder / MANIFEST)
    manifest = read_manifest(folder)
    (folder / MANIFEST).unlink()
    missing = dict(manifest.files)
    beside: list[str] = []
    make_folder(folder / BESIDE)
    while member := archive.next():
        if member.name in companions and member.name not in beside and member.isreg():
            beside.append(member.name)
            unpack_made(archive, member, folder / BESIDE / member.name)
            continue
        record = missing.pop(member.name, None)
        name = PurePosixPath(member.name)
        if record is None or not member.isreg() or name.is_absolute() or ".." in name.parts:
            raise tarfile.ReadError(f"it holds {member.name!r}, which its manifest does not name")
        target = folder / name
        make_folder(target.parent)
        unpack(archive, member, target)
        if (target.stat().st_size, checksum(target)) != (record.size, record.sha256):
            raise tarfile.ReadError(f"{member.name} is not as it was when the index was built")
    if missing:
        raise tarfile.ReadError(f"{min(missing)} is missing")
    return manifest, beside
