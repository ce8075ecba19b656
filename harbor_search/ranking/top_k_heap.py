"""The best k of many: a binary min-heap of keys.

A key is `score << 32 | (2**32 - 1 - rank)` in an int64, where `rank` is the document's place in the order of article
ids: one comparison decides by score and, among equals, by id.
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import part

__all__ = ["key_of", "push", "rank_of", "ranked", "score_of"]

_LOW = np.int64(0xFFFFFFFF)


@part
def key_of(score, rank):
    """The key of a document with this score (0 to 2**31 - 1) and rank."""
    return (np.int64(score) << 32) | (_LOW - np.int64(rank))


@part
def score_of(key):
    """The score that is in a key."""
    return key >> 32


@part
def rank_of(key):
    """The rank that is in a key."""
    return _LOW - (key & _LOW)


@part
def push(keys, size, key):
    """Offer `key` to the heap `keys[:size]` that holds at most `keys.size`; returns its size afterwards."""
    if size < keys.size:
        at = size
        while at > 0:
            parent = (at - 1) >> 1
            if keys[parent] <= key:
                break
            keys[at] = keys[parent]
            at = parent
        keys[at] = key
        return size + 1
    if size == 0 or key <= keys[0]:
        return size
    _sink(keys, size, key)
    return size


@part
def ranked(keys, size, order, unit, documents, scores):
    """Write what a heap `keys[:size]` holds, best first, to `documents` int32[size] and `scores` float64[size].

    `order` is int32[documents], the document of each rank; scores are in units of `unit`. The heap is used up.
    """
    for last in range(size - 1, -1, -1):
        key, moved = keys[0], keys[last]
        documents[last], scores[last] = order[rank_of(key)], score_of(key) * unit
        _sink(keys, last, moved)


@part
def _sink(keys, size, key):
    """Put `key` in the place of the root of the heap `keys[:size]`."""
    at = 0
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and keys[child + 1] < keys[child]:
            child += 1
        if keys[child] >= key:
            break
        keys[at] = keys[child]
        at = child
    if size:
        keys[at] = key
