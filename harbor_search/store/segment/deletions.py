"""Deleted documents of a segment, and dropping them from posting lists.

A segment's files never change. Deletions are in a small separate file, `<name>.deleted`: one bit for each document,
rewritten by every update that deletes more. Readers drop deleted documents from every list, so no caller ever sees one.
Their numbers stay unused until the segment is merged.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from harbor_search.compiled import kernel
from harbor_search.errors import OperationalError
from harbor_search.store.columns import ColumnsFile, ColumnsWriter
from harbor_search.store.postings.bitpacking import PADDING
from harbor_search.store.postings.multi_term import count_live

__all__ = ["Deleted", "drop_positions", "drop_postings", "warm_up_deletions", "read_deletions", "write_deletions"]

Deleted = npt.NDArray[np.bool_]
"""bool[documents of a segment]: whether each of them is deleted."""


def write_deletions(folder: Path, segment: str, deleted: Deleted) -> None:
    """Write the deletions of a segment; a file shared with an older generation is replaced, not changed."""
    path = _path(folder, segment)
    path.unlink(missing_ok=True)
    with ColumnsWriter(path) as columns:
        columns.add("deleted", np.packbits(deleted, bitorder="little"))


def read_deletions(folder: Path, segment: str, count: int, expected: int) -> Deleted | None:
    """The deletions of a segment of `count` documents, of which `expected` are deleted; None if that is 0.

    Raises:
        OperationalError: the file is missing or damaged, or has another number of deletions.
    """
    if not expected:
        return None
    packed = ColumnsFile(_path(folder, segment))["deleted"]
    deleted = np.unpackbits(packed, bitorder="little")[:count].astype(np.bool_)
    if deleted.size != count or int(deleted.sum()) != expected:
        raise OperationalError(f"{_path(folder, segment)} is damaged; roll back or rebuild the index")
    return deleted


def warm_up_deletions() -> None:
    """Load the kernels needed only by segments with deletions."""
    one, kept = np.zeros(1, np.int32), np.zeros(1, np.bool_)
    drop_postings(one, one.copy(), kept, 0)
    drop_positions(one, one.copy(), one.copy(), kept)
    count_live(np.frombuffer(bytes(PADDING), np.uint8), np.empty((0, 4), np.int64), True, kept, np.empty(0, np.int64))


def _path(folder: Path, segment: str) -> Path:
    return folder / f"{segment}.deleted"


@kernel
def drop_postings(documents, frequencies, deleted, base):
    """Remove deleted documents from a list, in place; returns how many postings remain.

    Args:
        documents, frequencies: int32[df].
        deleted: bool[documents of the segment].
        base: the number of the segment's first document in `documents`.
    """
    left = 0
    for i in range(documents.size):
        if not deleted[documents[i] - base]:
            documents[left] = documents[i]
            frequencies[left] = frequencies[i]
            left += 1
    return left


@kernel
def drop_positions(documents, frequencies, positions, deleted):
    """Remove the positions (int32[cf]) of deleted documents from a list with base 0; returns how many remain."""
    left, at = 0, 0
    for i in range(documents.size):
        end = at + frequencies[i]
        if not deleted[documents[i]]:
            for j in range(at, end):
                positions[left] = positions[j]
                left += 1
        at = end
    return left
