"""The posting lists of many terms of a field at once: what a beginning or a misspelt word stands for.

Terms come as rows of `Entries.places`. One call for all of them takes as long as a few calls for one. What tells of a
damaged list is False or -1.
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import kernel
from harbor_search.store.postings.codec import decode_documents, is_sound

__all__ = ["are_sound", "count_left", "decode_lists"]


@kernel
def decode_lists(buffer, places, positional, base, end, deleted, starts, documents, frequencies):
    """Decode the documents of all lists, with `base` added, and their frequencies, 0 for those that were deleted.

    Args:
        behind: the number behind the segment's last document, with `base` added.
        deleted: bool by document of the segment, or empty where none was.
        starts: int64[terms], where in the next two each list begins.
        documents, frequencies: int32.
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
def count_left(buffer, places, positional, deleted, counts):
    """Write to `counts` (int64[terms]) how many documents of each list were not deleted (bool by document)."""
    most = np.int64(0)
    for i in range(places.shape[0]):
        most = max(most, places[i, 2])
    documents, frequencies = np.empty(min(most, deleted.size), np.int32), np.empty(min(most, deleted.size), np.int32)
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
    """Whether the headers of all lists, which have positions, agree with their sizes."""
    for i in range(places.shape[0]):
        if not is_sound(buffer, places[i, 0], places[i, 1], places[i, 2], places[i, 3], True):
            return False
    return True
