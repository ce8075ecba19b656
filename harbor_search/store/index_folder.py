"""The segments of an index in one folder, and the file that lists them.

`segments.json` names the analyzer, its fingerprint and the segments in order, each with its number of deleted
documents. Documents are numbered across segments: those of the second follow those of the first.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from harbor_search.errors import OperationalError
from harbor_search.store.format import OtherFormat
from harbor_search.store.segment.reader import SegmentReader

__all__ = ["IndexFolder", "open_index_folder", "remove_segment", "write_index_folder"]

_FILE = "segments.json"
_FORMAT = 6


@dataclass(frozen=True, slots=True)
class IndexFolder:
    """An open index: the analyzer that made its terms, and its segments."""

    analyzer: str
    fingerprint: str
    segments: tuple[SegmentReader, ...]

    @property
    def articles(self) -> int:
        """The number of live (not deleted) articles."""
        return sum(segment.live_count for segment in self.segments)


def write_index_folder(folder: Path, *, analyzer: str, fingerprint: str, segments: Sequence[tuple[str, int]]) -> None:
    """Write `segments.json`; `segments` are (name, number of deleted documents)."""
    content = {
        "format": _FORMAT,
        "analyzer": analyzer,
        "fingerprint": fingerprint,
        "segments": [{"name": name, "deleted": deleted} for name, deleted in segments],
    }
    path = folder / _FILE
    # The file may be hard-linked to that of an older generation, which must not change.
    path.unlink(missing_ok=True)
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def remove_segment(folder: Path, name: str) -> None:
    """Remove the files of a segment that is no longer part of the index."""
    for kind in ("documents", "spans", "postings", "deleted"):
        (folder / f"{name}.{kind}").unlink(missing_ok=True)


def open_index_folder(folder: Path) -> IndexFolder:
    """Open the index in `folder`.

    Raises:
        OtherFormat: the index is of another format.
        OperationalError: a file is missing or damaged.
    """
    try:
        content = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        found = content["format"]
        if found != _FORMAT:
            raise OtherFormat(f"the index in {folder} has format {found}, not {_FORMAT}; run `harbor-search rebuild`")
        analyzer, fingerprint = content["analyzer"], content["fingerprint"]
        segments = [(str(each["name"]), int(each["deleted"])) for each in content["segments"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise OperationalError(f"{folder / _FILE} cannot be read ({error}); roll back or rebuild the index") from error
    return IndexFolder(analyzer, fingerprint, tuple(SegmentReader(folder, *each) for each in segments))
