"""Groups of near-duplicates: documents whose MinHash signatures show that they share nearly all of their text.

Groups are found when an index is complete and stored in its file `near-duplicates`: `documents` (int32, numbered across
segments) and `groups` (int32), the group of each, sorted by group. Documents are compared if they agree in a band of
four components of their signatures (locality-sensitive hashing; Leskovec, Rajaraman and Ullman, "Mining of Massive
Datasets", chapter 3), which holds for 999 in 1,000 pairs with a resemblance of 0.9.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from harbor_search.errors import OperationalError
from harbor_search.store.columns import ColumnsFile, ColumnsWriter
from harbor_search.store.segment.reader import SegmentReader

__all__ = ["SIGNATURE", "SIGNATURES", "count_folded", "find_groups", "read_groups", "write_groups"]

SIGNATURE = 32
"""Components of a signature: the standard error of an estimated resemblance of 0.9 is 0.05."""

SIGNATURES = "signatures"
"""The column of a segment's postings file; segments written without signatures have none."""

_FILE = "near-duplicates"
_BAND = 4
"""Consecutive components that must be equal for two documents to be compared: 64 bits, one number."""

Int32s = npt.NDArray[np.int32]


def write_groups(folder: Path, segments: Sequence[SegmentReader], share: float) -> None:
    """Find the groups of the index in `folder` and write their file, replacing one shared with an older generation.

    `share` is the share of equal components from which documents are near-duplicates; 0: look for none.
    """
    (folder / _FILE).unlink(missing_ok=True)
    documents, groups = find_groups(_signatures(segments), share) if share else (np.empty(0, np.int32),) * 2
    if documents.size:
        with ColumnsWriter(folder / _FILE) as columns:
            columns.add("documents", documents)
            columns.add("groups", groups)


def read_groups(folder: Path, count: int) -> tuple[Int32s, Int32s] | None:
    """The documents that have near-duplicates, of `count` in all, and their groups; None if there are none.

    Raises:
        OperationalError: the file is damaged.
    """
    path = folder / _FILE
    if not path.exists():
        return None
    columns = ColumnsFile(path)
    documents, groups = columns["documents"].copy(), columns["groups"].copy()
    steps = np.diff(groups, prepend=np.int32(0))
    sound = 0 < documents.size == groups.size and groups[0] == 0 and bool(np.all((steps == 0) | (steps == 1)))
    if not sound or documents.min() < 0 or documents.max() >= count:
        raise OperationalError(f"{path} is damaged; run `harbor-search verify`, then rebuild or roll back")
    return documents, groups


def count_folded(folder: Path) -> int:
    """The number of articles that are folded under a near-duplicate: all but one of each group.

    Raises:
        OperationalError: the file is damaged.
    """
    path = folder / _FILE
    if not path.exists():
        return 0
    groups = ColumnsFile(path)["groups"]
    return int(groups.size - np.unique(groups).size)


def find_groups(signatures: npt.NDArray[np.uint16], share: float) -> tuple[Int32s, Int32s]:
    """The documents that have near-duplicates and the group of each (union-find), sorted by group.

    `signatures` is uint16[documents, SIGNATURE]; those of deleted documents are zero.
    """
    alike = list(_alike(signatures, share))
    pairs = np.unique(np.concatenate(alike), axis=0) if alike else np.empty((0, 2), np.int64)
    roots: dict[int, int] = {}
    for one, other in pairs.tolist():
        first, second = sorted((_root(roots, one), _root(roots, other)))
        roots[second] = first
        roots.setdefault(first, first)
    documents = np.array(sorted(roots), np.int32)
    groups = np.array([_root(roots, document) for document in documents.tolist()], np.int32)
    order = np.lexsort((documents, groups))
    return documents[order], np.unique(groups[order], return_inverse=True)[1].astype(np.int32)


def _alike(signatures: npt.NDArray[np.uint16], share: float) -> Iterator[npt.NDArray[np.int64]]:
    """Pairs (int64[n, 2]) of near-duplicates: documents with an equal band, each compared with the first of them."""
    bands = np.ascontiguousarray(signatures).view(np.uint64)
    for band in bands.T:
        order = np.argsort(band, kind="stable")
        keys = band[order]
        again = np.flatnonzero((keys[1:] == keys[:-1]) & (keys[1:] != 0)) + 1
        if again.size:
            firsts = order[np.searchsorted(keys, keys[again])]
            equal = (signatures[firsts] == signatures[order[again]]).mean(axis=1) >= share
            yield np.stack([firsts[equal], order[again][equal]], axis=1)


def _root(roots: dict[int, int], document: int) -> int:
    """The root of a document's group, with path halving."""
    while (above := roots.get(document, document)) != document:
        roots[document] = roots.get(above, above)
        document = above
    return document


def _signatures(segments: Sequence[SegmentReader]) -> npt.NDArray[np.uint16]:
    found = [np.empty((0, SIGNATURE), np.uint16)]
    for segment in segments:
        own = np.zeros((segment.count, SIGNATURE), np.uint16)
        if SIGNATURES in segment.columns:
            own[:] = segment.columns[SIGNATURES].reshape(-1, SIGNATURE)
        if segment.deleted is not None:
            own[segment.deleted] = 0
        found.append(own)
    return np.concatenate(found)
