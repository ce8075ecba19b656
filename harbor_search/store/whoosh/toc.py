"""Whoosh's table of contents for our segments."""

from __future__ import annotations

import re
import secrets
import string
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from harbor_search.store.schema import make_schema
from harbor_search.store.whoosh.segment import INDEX_NAME, HarborSegment

__all__ = ["segment_name", "write_toc"]

_ALPHABET = string.digits + string.ascii_lowercase
_NAME = re.compile(rf"{INDEX_NAME}_[0-9a-z]{{16}}")
_TOC = re.compile(rf"_{INDEX_NAME}_([0-9]+)\.toc")

Deleted = npt.NDArray[np.integer[Any]] | None


def segment_name() -> str:
    """A new, random segment name in Whoosh's form."""
    return f"{INDEX_NAME}_{''.join(secrets.choice(_ALPHABET) for _ in range(16))}"


def write_toc(folder: Path, analyzer: str, segments: Sequence[tuple[str, int, Deleted]]) -> None:
    """Write the table of contents of `folder`, which then lists exactly these segments.

    Nothing is synced to disk. A Whoosh index that is open keeps its view.

    Args:
        analyzer: the name of the analyzer that made the segments' terms.
        segments: (name from `segment_name`, number of articles, numbers of deleted articles) in order.

    Raises:
        ValueError: a name does not have the form of `segment_name`.
        OSError: the table of contents cannot be written.
    """
    for name, _, _ in segments:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name that segment_name() gives, and Whoosh would not know its files")
    older = {path: int(found[1]) for path in folder.iterdir() if (found := _TOC.fullmatch(path.name))}
    contents = [HarborSegment(name, count, deleted) for name, count, deleted in segments]
    TOC(make_schema(analyzer), contents, max(older.values(), default=0) + 1).write(FileStorage(str(folder)), INDEX_NAME)
    for path in older:
        path.unlink(missing_ok=True)
    # Whoosh's writers create this file before they are refused; created later, it would be an extra file in a sealed
    # generation.
    lock = folder / f"{INDEX_NAME}_WRITELOCK"
    lock.unlink(missing_ok=True)  # it may be shared with another generation
    lock.touch()
