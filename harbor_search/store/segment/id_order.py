"""The order of article ids across segments, which breaks ties between equal scores."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from harbor_search.store.byte_strings import equals_previous, merged_order
from harbor_search.store.segment.deletions import warm_up_deletions
from harbor_search.store.segment.reader import SegmentReader

__all__ = ["id_order", "warm_up_updates"]

Int32s = npt.NDArray[np.int32]


def id_order(readers: Sequence[SegmentReader]) -> Int32s:
    """int32[documents]: all documents, numbered across `readers`, in the order of their ids; deleted ones included."""
    if len(readers) == 1:
        return readers[0].columns["id_order"].astype(np.int32)
    bases = np.cumsum([0, *(reader.count for reader in readers)])
    sizes = np.cumsum([0, *(reader.columns["ids"].size for reader in readers)]).astype(np.uint64)
    ends = [reader.columns["id_ends"] + size for reader, size in zip(readers, sizes[:-1], strict=True)]
    orders = [reader.columns["id_order"] + base for reader, base in zip(readers, bases[:-1].tolist(), strict=True)]
    ids = np.concatenate([reader.columns["ids"] for reader in readers])
    return merged_order(ids, np.concatenate(ends), [order.astype(np.int32) for order in orders])


def warm_up_updates() -> None:
    """Load the kernels needed only after an update, so that the first search after it does not wait for them."""
    warm_up_deletions()
    ids, ends = np.frombuffer(b"ab", np.uint8).copy(), np.array([1, 2], np.uint64)
    equals_previous(ids, ends, merged_order(ids, ends, [np.zeros(1, np.int32), np.ones(1, np.int32)]))
