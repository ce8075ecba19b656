"""Backing the live generation up to one file, and restoring it.

The file is a tar of the manifest, which has the checksum of each file of the generation, the files themselves, and
companions: data that belongs to an index and cannot be rebuilt.
"""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from harbor_search.errors import OperationalError
from harbor_search.store.generations.backup_file import Companions, reading, unpack, unpack_companion, writing
from harbor_search.store.generations.generation import Generation
from harbor_search.store.generations.generations import Generations
from harbor_search.store.generations.manifest import MANIFEST, Manifest, checksum, read_manifest
from harbor_search.store.generations.ownership import make_folder

__all__ = ["Companions", "backup", "restore"]

COMPANIONS_FOLDER = "beside"
"""The folder to which companions are unpacked; no file of an index has this name."""


def backup(generations: Generations, target: Path, companions: Companions | None = None) -> Generation:
    """Write the live generation to the file `target`; a concurrent rebuild or update does not affect it.

    `companions` are called with the path to write to while the generation is pinned, so that they are never older than
    it; one that writes no file is left out.

    Raises:
        UserError: `target` is a folder, or its parent does not exist.
        OperationalError: there is no sound index, or the file cannot be written.
    """
    with generations.pin_live() as pin:
        faults = pin.generation.verify()
        if faults:
            raise OperationalError(f"the live index is damaged and was not backed up: {faults[0]}")
        with writing(target) as file:
            for name in (MANIFEST, *sorted(pin.generation.manifest.files)):
                file.tar.add(pin.path / name, arcname=name, recursive=False)
            file.add_companions(companions or {})
        return pin.generation


def restore(
    generations: Generations, source: Path, check: Callable[[Path], object], companions: Companions | None = None
) -> Generation:
    """Make the index in the backup `source` live, as a new generation; the present one is kept like any other.

    Before anything is published, `check` is called with the folder and raises if the index cannot be opened. Then
    `companions` are called with the path of their file, if the backup has one.

    Raises:
        UserError: `source` is not a backup.
        OperationalError: it is damaged, or cannot be written; the live generation is unchanged.
    """
    with generations.stage() as staged:
        with reading(source) as archive:
            manifest, restored = _unpack(archive, staged.path, companions or {})
        check(staged.path)
        for name in restored:
            (companions or {})[name](staged.path / COMPANIONS_FOLDER / name)
        shutil.rmtree(staged.path / COMPANIONS_FOLDER)
        staged.seal(articles=manifest.articles, fingerprint=manifest.fingerprint, extra=manifest.extra)
        return staged.publish()


def _unpack(archive: tarfile.TarFile, folder: Path, companions: Companions) -> tuple[Manifest, list[str]]:
    """Extract and verify the files that the archive's manifest names, and known companions to `COMPANIONS_FOLDER`.

    Returns the manifest and the names of the extracted companions. Any other member is an error.
    """
    first = archive.next()
    if first is None or first.name != MANIFEST or not first.isreg():
        raise tarfile.ReadError("its first file is not a manifest")
    unpack(archive, first, folder / MANIFEST)
    manifest = read_manifest(folder)
    (folder / MANIFEST).unlink()
    missing = dict(manifest.files)
    restored: list[str] = []
    make_folder(folder / COMPANIONS_FOLDER)
    while member := archive.next():
        if member.name in companions and member.name not in restored and member.isreg():
            restored.append(member.name)
            unpack_companion(archive, member, folder / COMPANIONS_FOLDER / member.name)
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
    return manifest, restored
