"""A built generation, and whether its files are still what was built."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from harbor_search.errors import OperationalError
from harbor_search.store.generations.durability import disk_faults
from harbor_search.store.generations.layout import CURE_WITH_KEPT
from harbor_search.store.generations.manifest import FileRecord, Manifest, checksum, files_below, read_manifest

__all__ = ["Generation", "load_generation"]

DIGEST_SHOWN = 12
"""Hexadecimal digits of a manifest's digest that tell generations apart: 48 bits, short enough to be read out."""

SMALL = 262_144
"""Bytes of a file whose checksum is compared whenever it is opened: a millisecond's work."""


@dataclass(frozen=True, slots=True)
class Generation:
    """A generation by its number (`name`), its folder and what its manifest says."""

    name: str
    path: Path
    manifest: Manifest = field(hash=False)

    @property
    def identity(self) -> str:
        """Number and digest of what was built: a folder that is deleted and built anew counts from 1 again, and what
        readers, entity tags and cursors were given for the old one must not hold for the new."""
        return f"{self.name}-{self.manifest.digest[:DIGEST_SHOWN]}"

    def verify(self, only: Collection[str] | None = None) -> tuple[str, ...]:
        """Compare the files with the manifest; a sentence for each that is missing, extra, truncated or altered.

        `only` restricts the check to the named files (names as in the manifest), for a reader that is about to trust
        one of them; files that the manifest does not know are then faults too. Reads every checked byte.
        """
        return tuple(self._faults(only))

    def changed_size(self) -> tuple[str, ...]:
        """The faults that show without reading the files: missing, extra or of another size."""
        present = files_below(self.path)
        names = sorted({*present, *self.manifest.files})
        return tuple(fault for name in names if (fault := _outer_fault(name, present, self.manifest)))

    def require_sound(self) -> None:
        """Check what can be checked without reading it all: that no file is missing, extra or of another size, and the
        checksums of the small ones, which say what belongs together.

        Raises:
            OperationalError: something is not as it was built; the message names the cure.
        """
        small = [name for name, record in self.manifest.files.items() if record.size <= SMALL]
        with disk_faults("read the index", self.path):
            faults = self.changed_size() or self.verify(small)
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
    """The generation in folder `path`, named after it.

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
