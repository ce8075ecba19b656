"""The segments of an index in one folder, with what is common to them.

`segments.json` names the analyzer, its fingerprint and the segments in order. Documents are numbered across segments:
those of the second follow those of the first.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from harbor_search.errors import OperationalError
from harbor_search.store.segment_reader import SegmentReader

__all__ = ["IndexFolder", "open_index_folder", "write_index_folder"]

_FILE = "segments.json"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class IndexFolder:
    """An open index: the analyzer that made its terms, and its segments."""

    analyzer: str
    fingerprint: str
    segments: tuple[SegmentReader, ...]


def write_index_folder(folder: Path, *, analyzer: str, fingerprint: str, segments: list[str]) -> None:
    """Write `segments.json`."""
    content = {"format": _FORMAT, "analyzer": analyzer, "fingerprint": fingerprint, "segments": segments}
    (folder / _FILE).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def open_index_folder(folder: Path) -> IndexFolder:
    """Open the index in `folder`.

    Raises:
        OperationalError: a file is missing or damaged, or the index is of another format.
    """
    try:
        content = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        found, analyzer, fingerprint = content["format"], content["analyzer"], content["fingerprint"]
        names = [str(name) for name in content["segments"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise OperationalError(f"{folder / _FILE} cannot be read ({error}); roll back or rebuild the index") from error
    if found != _FORMAT:
        raise OperationalError(f"the index in {folder} has format {found}, not {_FORMAT}; rebuild it")
    return IndexFolder(analyzer, fingerprint, tuple(SegmentReader(folder, name) for name in names))
