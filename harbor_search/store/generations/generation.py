"""A built generation, and verifying its files against its manifest."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from harbor_search.errors import OperationalError
from harbor_search.store.generations.durability import disk_faults
from harbor_search.store.generations.manifest import FileRecord, Manifest, checksum, files_below, read_manifest
from harbor_search.store.generations.paths import CURE_WITH_KEPT

__all__ = ["Generation", "load_generation"]

DIGEST_SHOWN = 12
"""Hexadecimal digits of a manifest's digest in an identity: 48 bits, short enough to be read out."""

SMALL = 262_144
"""Files of up to this many bytes have their checksum verified on every opening: it takes a millisecond."""


@dataclass(frozen=True, slots=True)
class Generation:
    """A generation: its number (`name`), folder and manifest."""

    name: str
    path: Path
    manifest: Manifest = field(hash=False)

    @property
    def identity(self) -> str:
        """Number and digest. A deleted and rebuilt index folder counts from 1 again; the digest keeps readers, ETags
        and cursors of the old generation 1 from matching the new one."""
        return f"{self.name}-{self.manifest.digest[:DIGEST_SHOWN]}"

    def verify(self, only: Collection[str] | None = None) -> tuple[str, ...]:
        """Verify the files against the manifest: a sentence for each that is missing, extra, truncated or altered.

        `only` restricts the check to the named files (names as in the manifest); names that are not in the manifest
        are faults too. Reads every byte of the checked files.
        """
        return tuple(self._faults(only))

    def size_faults(self) -> tuple[str, ...]:
        """The faults found without reading the files: missing, extra or of another size."""
        present = files_below(self.path)
        names = sorted({*present, *self.manifest.files})
        return tuple(fault for name in names if (fault := _outer_fault(name, present, self.manifest)))

    def require_sound(self) -> None:
        """A quick check: no file is missing, extra or of another size, and the checksums of the small files, which
        describe the others, match.

        Raises:
            OperationalError: the generation is damaged; the message names the cure.
        """
        small = [name for name, record in self.manifest.files.items() if record.size <= SMALL]
        with disk_faults("read the index", self.path):
            faults = self.size_faults() or self.verify(small)
        if faults:
            raise OperationalError(f"generation {self.name} is damaged: {'; '.join(faults[:3])}; {CURE_WITH_KEPT}")

    def _faults(self, only: Collection[str] | None) -> Iterator[str]:
        try:
            if read_manifest(self.path) != self.manifest:
                yield f"{self.path}: the manifest was replaced"
            present = files_below(self.path)
        except (OperationalError, OSError) as error:
            yield str(error)
            return
        for name in sorted({*present, *self.manifest.files} if only is None else only):
            outer = _outer_fault(name, present, self.manifest)
            inner = "" if outer else _inner_fault(name, present[name], self.manifest.files[name])
            if outer or inner:
                yield outer or inner


def load_generation(path: Path) -> Generation:
    """Load the generation in folder `path`.

    Raises:
        OperationalError: it is missing, damaged, or of another format; the message names the cure.
    """
    with disk_faults("read the index", path):
        manifest = read_manifest(path)
    if manifest.name != path.name:
        raise OperationalError(
            f"{path} is not generation {path.name} but a copy of {manifest.name}; "
            "remove it, then `harbor-search rebuild` makes a new one"
        )
    return Generation(path.name, path, manifest)


def _outer_fault(name: str, present: dict[str, Path], manifest: Manifest) -> str:
    record = manifest.files.get(name)
    if name not in present:
        return f"{name} is missing"
    if record is None:
        return f"{name} is not part of the generation"
    try:
        size = present[name].stat().st_size
    except OSError as error:
        return f"{name} cannot be read: {error.strerror}"
    if size < record.size:
        return f"{name} is truncated: {size} of {record.size} bytes"
    if size > record.size:
        return f"{name} is altered: {size} bytes instead of {record.size}"
    return ""


def _inner_fault(name: str, path: Path, record: FileRecord) -> str:
    try:
        return "" if checksum(path) == record.sha256 else f"{name} is altered: its checksum differs"
    except OSError as error:
        return f"{name} cannot be read: {error.strerror}"
