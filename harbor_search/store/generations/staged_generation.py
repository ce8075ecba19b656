"""A generation being built: filled by the engine, sealed, then published or discarded."""

from __future__ import annotations

import errno
import logging
import os
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

from harbor_search.errors import OperationalError
from harbor_search.store.generations.current import set_current
from harbor_search.store.generations.durability import disk_faults, sync_file, sync_folder
from harbor_search.store.generations.generation import Generation, load_generation
from harbor_search.store.generations.manifest import (
    MANIFEST,
    FileRecord,
    Manifest,
    checksum,
    files_below,
    write_manifest,
)
from harbor_search.store.generations.ownership import make_folder, make_private
from harbor_search.store.generations.paths import IndexPaths, current_number
from harbor_search.store.generations.retention import prune, remove_tree, staging_name
from harbor_search.version import __version__

__all__ = ["StagedGeneration"]

_log = logging.getLogger(__name__)

_NO_LINKS = (errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS)


class StagedGeneration:
    """The folder `path`, which the engine fills, and the steps that make it the live generation."""

    def __init__(self, paths: IndexPaths, *, number: int, previous: str, keep: int) -> None:
        """The caller holds the writer lock, calls `begin` first and `close` at the end."""
        self._paths = paths
        self._number = number
        self._previous = previous
        self._keep = keep
        self._sealed: Generation | None = None
        self._inherited: dict[str, _Inherited] = {}
        self._process = os.getpid()
        self._abandoned = Event()
        self._staging = paths.staging / staging_name(number)
        self.path = self._staging / str(number)

    def begin(self) -> None:
        """Make the staging folder."""
        # Closed to others, as the engine's files in it have the mode that the umask gives until they are sealed.
        self._staging.mkdir(mode=0o700)
        make_folder(self.path)
        # Durable before the generation can be: after a crash it shows that publishing did not end.
        sync_folder(self._staging)
        sync_folder(self._paths.staging)

    def inherit(self, base: Generation) -> None:
        """Put the files of `base` into the folder: hard-linked where the file system can, otherwise copied.

        A linked file must be replaced, never written in place. `base` must be looked up under the writer lock: before,
        another writer may have published.
        """
        for name, record in base.manifest.files.items():
            source, target = base.path / name, self.path / name
            make_folder(target.parent)
            try:
                os.link(source, target)
            except OSError as error:
                if error.errno not in _NO_LINKS:
                    raise
                shutil.copyfile(source, target)
            else:
                self._inherited[name] = _Inherited(target, record)

    def seal(self, *, articles: int, fingerprint: str, extra: Mapping[str, Any]) -> Generation:
        """Write the manifest and make everything durable: each file, then the manifest, then the folders, innermost
        first.

        No file may change afterwards, unless `seal` is called again. `extra` must be serialisable as JSON.

        Raises:
            OperationalError: writing failed.
            RuntimeError: a file shared with the base was written in place, which damaged the base; or `abandon` was
                called.
        """
        with disk_faults("write the index", self.path):
            files = {name: self._record(name, path) for name, path in files_below(self.path).items()}
            manifest = Manifest(
                name=self.path.name,
                previous=self._previous,
                articles=articles,
                fingerprint=fingerprint,
                files=files,
                built=datetime.now(UTC),
                harbor_version=__version__,
                extra=extra,
            )
            write_manifest(self.path, manifest)
            make_private(self.path / MANIFEST)
            sync_file(self.path / MANIFEST)
            for parent, _, _ in os.walk(self.path, topdown=False):
                make_private(Path(parent))
                sync_folder(Path(parent))
            sync_folder(self._staging)
        self._sealed = load_generation(self.path)
        return self._sealed

    def abandon(self) -> None:
        """Make a `seal` that runs in another thread fail soon, as its result is no longer needed."""
        self._abandoned.set()

    def publish(self) -> Generation:
        """Make the sealed generation live, then remove generations that retention does not keep.

        The generation is moved to its place and both folders are synced before CURRENT names it, so that CURRENT never
        names a generation that a power cut could undo. CURRENT is synced before older generations are removed, so that
        the one a power cut could restore still exists.

        Raises:
            OperationalError: writing failed, or files changed since `seal`; nothing was published.
        """
        if self._sealed is None:
            raise RuntimeError("seal() comes before publish()")
        faults = self._sealed.size_faults()
        if faults:
            raise OperationalError(f"the new index changed after it was sealed: {'; '.join(faults[:5])}; rebuild again")
        target = self._paths.generation(self._number)
        with disk_faults("publish the index", self._paths.root):
            os.rename(self.path, target)
            sync_folder(self._paths.generations)
            sync_folder(self._staging)
            durable = set_current(self._paths, self._number)
        if durable:
            self._prune()
        return Generation(self._sealed.name, target, self._sealed.manifest)

    def close(self) -> None:
        """Remove the staging folder, and the generation itself unless it is live; never raises `OSError`."""
        if os.getpid() != self._process:
            # A forked worker that unwinds must not remove what its parent is building.
            return
        try:
            target = self._paths.generation(self._number)
            if target.is_dir() and not self._is_live():
                os.rename(target, self.path)
            remove_tree(self._staging)
        except OSError as error:
            _log.warning("%s could not be removed (%s); the next rebuild will try again", self._staging, error)

    def _is_live(self) -> bool:
        try:
            return current_number(self._paths) == self._number
        except OperationalError:
            return False

    def _prune(self) -> None:
        try:
            prune(self._paths, live=self._number, keep=self._keep)
        except OSError as error:
            _log.warning("an old generation could not be removed (%s); the next rebuild will try again", error)

    def _record(self, name: str, path: Path) -> FileRecord:
        inherited = self._inherited.get(name)
        if inherited and inherited.is_shared(path):
            return inherited.record
        make_private(path)
        record = FileRecord(path.stat().st_size, checksum(path, self._abandoned.is_set))
        sync_file(path)
        return record


class _Inherited:
    """A file shared with the base, and its size and time when it was linked."""

    def __init__(self, path: Path, record: FileRecord) -> None:
        status = path.stat()
        self.record = record
        self._inode = status.st_ino
        self._stat = (status.st_size, status.st_mtime_ns)

    def is_shared(self, path: Path) -> bool:
        """Whether `path` still is the shared file: then it is durable and its checksum is known.

        Raises:
            RuntimeError: it is, but was written since.
        """
        status = path.stat()
        if status.st_ino != self._inode:
            return False
        if (status.st_size, status.st_mtime_ns) != self._stat:
            raise RuntimeError(f"{path} is shared with the base generation and was written in place")
        return True
