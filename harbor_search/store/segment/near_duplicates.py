"""Near-duplicates: documents whose signatures say that they share nearly all of their text, as groups.

Which documents are groups is found when an index is complete, and kept in the file `near-duplicates` beside its
segments: `documents` (int32, numbered across segments) and `groups` (int32), the group of each, group after group.
Documents with four neighbouring places of their signatures in common are compared (locality-sensitive hashing;
Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", chapter 3): 999 in 1,000 of those that share 0.9.
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
"""Places of a signature: the share that two have in common is off by 0.05 where it is 0.9."""

SIGNATURES = "signatures"
"""The column of a segment's postings file; segments that were written without have none."""

_FILE = "near-duplicates"
_BAND = 4
"""Places that two must have in common side by side to be compared: 64 bits, one number."""

Int32s = npt.NDArray[np.int32]


def write_groups(folder: Path, segments: Sequence[SegmentReader], share: float) -> None:
    """Find the groups of the index in `folder`, by the share of their text at which documents belong together; 0: none.

    A file shared with an older generation is replaced, not changed.
    """
    (folder / _FILE).unlink(missing_ok=True)
    documents, groups = find_groups(_signatures(segments), share) if share else (np.empty(0, np.int32),) * 2
    if documents.size:
        with ColumnsWriter(folder / _FILE) as columns:
            columns.add("documents", documents)
            columns.add("groups", groups)


def read_groups(folder: Path, count: int) -> tuple[Int32s, Int32s] | None:
    """The documents that have near-duplicates, of `count` that there are, and their groups; None where there are none.

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
    """How many articles are near-duplicates of another one, of each group all but one.

    Raises:
        OperationalError: the file is damaged.
    """
    path = folder / _FILE
    if not path.exists():
        return 0
    groups = ColumnsFile(path)["groups"]
    return int(groups.size - np.unique(groups).size)


def find_groups(signatures: npt.NDArray[np.uint16], share: float) -> tuple[Int32s, Int32s]:
    """The documents that have near-duplicates and the group of each, group after group.

    `signatures` is uint16[documents, SIGNATURE]; those of documents that left are zero.
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
    """Pairs (int64[n, 2]) of documents that are alike: of those with a band in common each with the first."""
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
    """The first document of a group, the way to which is shortened."""
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
