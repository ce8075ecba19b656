"""Decoding the posting lists of many terms of a field at once, for prefix and fuzzy queries.

Terms are rows of `TermEntries.places`. One call for all of them takes as long as a few calls for one term each. The
kernels return False if a list is damaged.
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import kernel
from harbor_search.store.postings.codec import decode_documents, is_sound

__all__ = ["are_sound", "count_live", "decode_lists"]


@kernel
def decode_lists(buffer, places, positional, base, end, deleted, starts, documents, frequencies):
    """Decode the documents of all lists, with `base` added, and their frequencies, 0 for deleted documents.

    Args:
        end: the number after the segment's last document, with `base` added.
        deleted: bool[documents of the segment], or empty if there are no deletions.
        starts: int64[terms], where each list begins in the next two.
        documents, frequencies: int32[], written.
    """
    for i in range(places.shape[0]):
        at, size, df, cf = places[i, 0], places[i, 1], places[i, 2], places[i, 3]
        if not is_sound(buffer, at, size, df, cf, positional):
            return False
        start = starts[i]
        last, occurrences = decode_documents(buffer, at, df, cf, positional, base, documents, frequencies, start)
        if last >= end or occurrences != cf:
            return False
        if deleted.size:
            for posting in range(start, start + df):
                if deleted[documents[posting] - base]:
                    frequencies[posting] = 0
    return True


@kernel
def count_live(buffer, places, positional, deleted, counts):
    """Write the number of live documents of each list to `counts` (int64[terms]); `deleted` is bool[documents]."""
    longest = np.int64(0)
    for i in range(places.shape[0]):
        longest = max(longest, places[i, 2])
    size = min(longest, deleted.size)
    documents, frequencies = np.empty(size, np.int32), np.empty(size, np.int32)
    start = np.zeros(1, np.int64)
    for i in range(places.shape[0]):
        if places[i, 2] > deleted.size or not decode_lists(
            buffer, places[i : i + 1], positional, 0, deleted.size, deleted, start, documents, frequencies
        ):
            return False
        counts[i] = 0
        for posting in range(places[i, 2]):
            counts[i] += frequencies[posting] > 0
    return True


@kernel
def are_sound(buffer, places):
    """Whether all lists, which have positions, are sound (see `is_sound`)."""
    for i in range(places.shape[0]):
        if not is_sound(buffer, places[i, 0], places[i, 1], places[i, 2], places[i, 3], True):
            return False
    return True
