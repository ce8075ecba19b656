"""What is noted of a list when it comes into memory: bounds of its impacts, its bitmap, where its positions are."""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import bit_count, kernel, part
from harbor_search.ranking.posting_lists import BLOCK, FLOORS, STEPS, lists_at

__all__ = ["place_positions", "summarise"]

_BUCKETS = 2048
"""Of the histogram in which floors are looked for."""


@kernel
def summarise(address, number, start, end, bitmap, column, weight, temporary):
    """Note a list's bounds, block maxima, floors and bitmap."""
    lists = lists_at(address)
    impacts, maxima = lists.impacts, lists.maxima
    highest = np.float32(0)
    for block in range(start // BLOCK, (end + BLOCK - 1) // BLOCK):
        maximum = np.float32(0)
        for i in range(block * BLOCK, min(end, (block + 1) * BLOCK)):
            maximum = max(maximum, impacts[i])
        maxima[block] = maximum
        highest = max(highest, maximum)
    lists.starts[number], lists.ends[number] = start, end
    lists.highest[number], lists.weights[number] = highest, weight
    lists.bitmap[number], lists.column[number] = bitmap, column
    lists.positioned[number, :] = -1
    for i in range(len(FLOORS)):
        lists.floors[number, i] = 0
    if not temporary and end - start >= FLOORS[0] and highest > 0:
        _find_floors(lists, number, start, end, highest)
    if bitmap >= 0:
        _draw(lists, bitmap, start, end)
    if column >= 0:
        lists.columns[column, :] = 0
        for i in range(start, end):
            lists.columns[column, lists.documents[i]] = _byte(impacts[i])


@part
def _byte(impact):
    """An impact in 255ths, rounded up; one step more than the arithmetic says makes up for its rounding."""
    return np.uint8(min(np.int64(STEPS), np.int64(impact * np.float32(STEPS)) + 1))


@part
def _draw(lists, bitmap, start, end):
    """A list's bitmap, with the documents before and the highest impact of each word."""
    documents, impacts = lists.documents, lists.impacts
    words, counts, peaks = lists.words[bitmap], lists.counts[bitmap], lists.peaks[bitmap]
    words[:] = 0
    peaks[:] = 0
    for i in range(start, end):
        word = documents[i] >> 6
        words[word] |= np.uint64(1) << np.uint64(documents[i] & 63)
        peaks[word] = max(peaks[word], _byte(impacts[i]))
    before = 0
    for word in range(words.size):
        counts[word] = before
        before += bit_count(words[word])


@part
def _find_floors(lists, number, start, end, highest):
    """Lower bounds, tight to one part in `_BUCKETS`, of the k-th highest impacts."""
    impacts = lists.impacts
    histogram = np.zeros(_BUCKETS + 1, np.int32)
    scale = np.float32(_BUCKETS) / highest
    for i in range(start, end):
        histogram[np.int64(impacts[i] * scale)] += 1
    above, bucket = 0, _BUCKETS + 1
    for i in range(len(FLOORS)):
        if end - start < FLOORS[i]:
            break
        while above < FLOORS[i]:
            bucket -= 1
            above += histogram[bucket]
        # One bucket less than the arithmetic says makes up for its rounding.
        lists.floors[number, i] = max(np.float32(0), np.float32(bucket - 1) / scale)


@kernel
def place_positions(address, number, documents, frequencies, positions, first):
    """Write the entries in `firsts` and `traces` of all postings of a list; documents not in `documents` have none."""
    lists = lists_at(address)
    start, end = lists.starts[number], lists.ends[number]
    at, before = 0, 0
    for i in range(start, end):
        lists.firsts[first + i - start] = before
        trace = np.uint64(0)
        if at < documents.size and documents[at] == lists.documents[i]:
            for j in range(before, before + frequencies[at]):
                trace |= np.uint64(1) << np.uint64(positions[j] & 63)
            before += frequencies[at]
            at += 1
        lists.traces[first + i - start] = trace
    lists.firsts[first + end - start] = before
