"""Finding a document in a posting list."""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import bit_count, part

__all__ = ["contribution", "find", "gallop", "in_bitmap", "in_mask", "in_row", "place"]


@part
def gallop(documents, start, end, wanted):
    """The first place in `documents[start:end]` (ascending) whose document is not below `wanted`, or `end`."""
    if start >= end or documents[start] >= wanted:
        return start
    step = 1
    while start + step < end and documents[start + step] < wanted:
        start += step
        step <<= 1
    low, high = start + 1, min(start + step, end)
    while low < high:
        middle = (low + high) >> 1
        if documents[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@part
def in_bitmap(words, document):
    """Whether a document's bit is set in uint64 `words`."""
    return (words[document >> 6] >> np.uint64(document & 63)) & np.uint64(1) != 0


@part
def in_mask(mask, document):
    """Whether `mask` allows a document; an empty mask allows all."""
    return mask.size == 0 or in_bitmap(mask, document)


@part
def in_row(words, row, document):
    """Whether a document's bit is set in row `row` of uint64 `words`."""
    return (words[row, document >> 6] >> np.uint64(document & 63)) & np.uint64(1) != 0


@part
def place(words, counts, row, document):
    """How many documents of row `row` of a table of bitmaps stand before `document`."""
    below = words[row, document >> 6] & ((np.uint64(1) << np.uint64(document & 63)) - np.uint64(1))
    return counts[row, document >> 6] + bit_count(below)


@part
def contribution(weight, impact):
    """A matching term's share of a score, in whole units, at least one.

    Whole numbers add up to the same sum in any order, so every way to compute a score gives the same one and ties are
    ties. At least one, so that a sum of zero means: no match.
    """
    return np.int64(weight * impact) + 1


@part
def find(lists, number, cursors, i, document):
    """The place of a document in list `number`, counted from the list's first, or -1.

    Documents are asked for in ascending order; `cursors[i]` (int64) is where the search goes on.
    """
    row = lists.bitmap[number]
    if row >= 0:
        return place(lists.words, lists.counts, row, document) if in_row(lists.words, row, document) else np.int64(-1)
    at = gallop(lists.documents, cursors[i], lists.ends[number], document)
    cursors[i] = at
    if at < lists.ends[number] and lists.documents[at] == document:
        return at - lists.starts[number]
    return np.int64(-1)
