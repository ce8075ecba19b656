"""Terms beside each other, in whole lists at once: their places are numbers, and neighbours have the same."""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import kernel

__all__ = ["count_places", "in_both", "places_of"]

_BITS = np.int64(32)
"""Of a place, below the document: the position. They begin at this number, so that it may be less than 0."""

_ZERO = np.int64(1) << np.int64(31)


@kernel
def places_of(documents, frequencies, positions, offset):
    """int64[occurrences], ascending: where a list has its term, as if it stood so many positions further ahead."""
    places, at = np.empty(positions.size, np.int64), 0
    for i in range(documents.size):
        first = (np.int64(documents[i]) << _BITS) + _ZERO - offset
        for _ in range(frequencies[i]):
            places[at] = first + positions[at]
            at += 1
    return places[:at]


@kernel
def in_both(places, others):
    """The places that are among the others too; all ascend."""
    found, size, i = np.empty(min(places.size, others.size), np.int64), 0, 0
    for j in range(others.size):
        while i < places.size and places[i] < others[j]:
            i += 1
        if i < places.size and places[i] == others[j]:
            found[size] = others[j]
            size += 1
    return found[:size]


@kernel
def count_places(places):
    """int32[documents], int32[documents]: the documents of places, and how many each has."""
    documents, counts = np.empty(places.size, np.int32), np.empty(places.size, np.int32)
    size = 0
    for i in range(places.size):
        document = np.int32(places[i] >> _BITS)
        if size > 0 and documents[size - 1] == document:
            counts[size - 1] += 1
        else:
            documents[size], counts[size] = document, 1
            size += 1
    return documents[:size], counts[:size]
