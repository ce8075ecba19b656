"""The documents of a segment that left it, and posting lists without them.

A segment's files never change. What an update takes away is noted in a small file beside them, `<name>.deleted`: a bit
for each document, written anew by every update that takes more. Readers drop these documents from every list, so
nothing above them ever sees one. Their numbers stay unused until the segment is merged.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from harbor_search.compiled import kernel
from harbor_search.errors import OperationalError
from harbor_search.store.columns import ColumnsFile, ColumnsWriter
from harbor_search.store.postings.bitpacking import PADDING
from harbor_search.store.postings.multi_term import count_left

__all__ = ["Deleted", "drop_positions", "drop_postings", "prepare_dropping", "read_deletions", "write_deletions"]

Deleted = npt.NDArray[np.bool_]
"""bool[documents of a segment]: whether each of them left."""


def write_deletions(folder: Path, segment: str, deleted: Deleted) -> None:
    """Write the deletions of a segment; a file shared with an older generation is replaced, not changed."""
    path = _path(folder, segment)
    path.unlink(missing_ok=True)
    with ColumnsWriter(path) as columns:
        columns.add("deleted", np.packbits(deleted, bitorder="little"))


def read_deletions(folder: Path, segment: str, count: int, expected: int) -> Deleted | None:
    """The deletions of a segment of `count` documents of which `expected` left; None where none did.

    Raises:
        OperationalError: the file is missing, damaged, or says something else.
    """
    if not expected:
        return None
    packed = ColumnsFile(_path(folder, segment))["deleted"]
    deleted = np.unpackbits(packed, bitorder="little")[:count].astype(np.bool_)
    if deleted.size != count or int(deleted.sum()) != expected:
        raise OperationalError(f"{_path(folder, segment)} is damaged; roll back or rebuild the index")
    return deleted


def prepare_dropping() -> None:
    """Load the kernels that only a segment with deletions needs."""
    one, kept = np.zeros(1, np.int32), np.zeros(1, np.bool_)
    drop_postings(one, one.copy(), kept, 0)
    drop_positions(one, one.copy(), one.copy(), kept)
    count_left(np.frombuffer(bytes(PADDING), np.uint8), np.empty((0, 4), np.int64), True, kept, np.empty(0, np.int64))


def _path(folder: Path, segment: str) -> Path:
    return folder / f"{segment}.deleted"


@kernel
def drop_postings(documents, frequencies, deleted, base):
    """Move what is left of a list to its beginning, in place; returns how many documents are.

    Args:
        documents, frequencies: int32[df].
        deleted: bool by document, counted from 0.
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
    """The same for a list's positions (int32[cf]), whose documents are counted from 0; returns how many are left."""
    left, at = 0, 0
    for i in range(documents.size):
        end = at + frequencies[i]
        if not deleted[documents[i]]:
            for j in range(at, end):
                positions[left] = positions[j]
                left += 1
        at = end
    return left
