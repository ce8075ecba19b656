"""The manifest of a generation, `manifest.json`: its files with their checksums, when and by what it was built.

It lists all files except itself; the checksum of its own content is its last member.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from harbor_search.errors import OperationalError
from harbor_search.store.format import OtherFormat
from harbor_search.store.generations.paths import CURE_WITH_KEPT

__all__ = ["FORMAT", "MANIFEST", "FileRecord", "Manifest", "checksum", "files_below", "read_manifest", "write_manifest"]

FORMAT = 2
"""Version of the manifest and of the file layout; generations of other versions are not opened."""

MANIFEST = "manifest.json"

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class FileRecord:
    """Size in bytes and SHA-256 (hexadecimal) of one file."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The content of a manifest.

    `previous` is the generation that was live when this one was built ("" if none): numbers between the two were
    abandoned by a rollback. `fingerprint` identifies the analysis that made the terms. The keys of `files` are paths
    relative to the generation, with "/". `built` is in UTC. `extra` belongs to the engine. `digest` is the SHA-256 of
    all of this, hexadecimal; empty before the manifest is written.
    """

    name: str
    previous: str
    articles: int
    fingerprint: str
    files: Mapping[str, FileRecord]
    built: datetime
    harbor_version: str
    extra: Mapping[str, Any]
    digest: str = ""

    @property
    def bytes(self) -> int:
        """The total size of all files."""
        return sum(record.size for record in self.files.values())


def files_below(folder: Path) -> dict[str, Path]:
    """Every file of the generation in `folder` except the manifest, by its relative path."""
    found = (Path(parent, name) for parent, _, names in os.walk(folder) for name in names)
    by_name = {path.relative_to(folder).as_posix(): path for path in found}
    by_name.pop(MANIFEST, None)
    return dict(sorted(by_name.items()))


def checksum(path: Path, abandoned: Callable[[], bool] = lambda: False) -> str:
    """SHA-256 of the file's content, hexadecimal.

    Raises:
        RuntimeError: `abandoned`, which is polled, returned True.
    """
    content, buffer = hashlib.sha256(), memoryview(bytearray(_CHUNK))
    with path.open("rb", buffering=0) as stream:
        while not abandoned():
            size = stream.readinto(buffer)
            if not size:
                return content.hexdigest()
            content.update(buffer[:size])
    raise RuntimeError(f"the checksum of {path} was abandoned")


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write `manifest` into `folder`; the caller makes it durable.

    Raises:
        TypeError, ValueError: `extra` cannot be serialised as JSON.
    """
    values = {
        "format": FORMAT,
        "name": manifest.name,
        "previous": manifest.previous,
        "articles": manifest.articles,
        "fingerprint": manifest.fingerprint,
        "built": manifest.built.isoformat(),
        "harbor_version": manifest.harbor_version,
        "extra": dict(manifest.extra),
        "files": {name: {"size": each.size, "sha256": each.sha256} for name, each in manifest.files.items()},
    }
    text = json.dumps({**values, "sha256": _digest(values)}, indent=1)
    (folder / MANIFEST).write_text(text + "\n", encoding="ascii")


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the generation in `folder`.

    Raises:
        OtherFormat: it has another version of the format.
        OperationalError: it is missing or damaged.
        OSError: it cannot be read.
    """
    path = folder / MANIFEST
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise OperationalError(f"{path} is missing; {CURE_WITH_KEPT}") from None
    try:
        values = json.loads(content)
        version = values["format"]
        declared = values.pop("sha256")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise _damaged(path) from None
    if version != FORMAT:
        raise OtherFormat(
            f"{folder} was built in format {version!r} by another version of harbor_search, and this one reads "
            f"format {FORMAT}; `harbor-search rebuild` makes a new index"
        )
    if declared != _digest(values):
        raise _damaged(path)
    return _decode(values, declared)


def _decode(values: Mapping[str, Any], digest: str) -> Manifest:
    return Manifest(
        name=values["name"],
        previous=values["previous"],
        articles=values["articles"],
        fingerprint=values["fingerprint"],
        files={name: FileRecord(each["size"], each["sha256"]) for name, each in values["files"].items()},
        built=datetime.fromisoformat(values["built"]),
        harbor_version=values["harbor_version"],
        extra=values["extra"],
        digest=digest,
    )


def _damaged(path: Path) -> OperationalError:
    return OperationalError(f"{path} is damaged; {CURE_WITH_KEPT}")


def _digest(values: Mapping[str, Any]) -> str:
    canonical = json.dumps(values, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
