"""Byte strings in ascending order: found by bisection, and several orders merged into one.

The strings stand one after the other in one uint8 array; string i ends at `ends[i]` (uint64) and begins where the one
before it ends. An order is the numbers of strings, ascending by their bytes.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from harbor_search.compiled import kernel

__all__ = ["merged_order", "place_of", "repeats"]

Int32s = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]
Ends = npt.NDArray[np.uint64]


def merged_order(blob: Bytes, ends: Ends, orders: Sequence[Int32s]) -> Int32s:
    """One order of all the strings in `orders`; equal strings stand in the order of their numbers.

    Short orders are cheap to merge into a long one: each of their strings costs a search that begins at the last place.
    """
    waiting = [(order.size, number, order) for number, order in enumerate(orders)]
    heapq.heapify(waiting)
    while len(waiting) > 1:
        _, number, shorter = heapq.heappop(waiting)
        _, _, longer = heapq.heappop(waiting)
        merged = np.empty(shorter.size + longer.size, np.int32)
        _merge(blob, ends, longer, shorter, merged)
        heapq.heappush(waiting, (merged.size, number, merged))
    return waiting[0][2] if waiting else np.empty(0, np.int32)


@kernel
def place_of(blob, ends, order, wanted):  # type: ignore[no-untyped-def]
    """The number of the string `wanted` (uint8[n]) in an order, or -1."""
    low, high = 0, order.size
    while low < high:
        middle = (low + high) >> 1
        if _compare_to(blob, ends, order[middle], wanted) < 0:
            low = middle + 1
        else:
            high = middle
    if low < order.size and _compare_to(blob, ends, order[low], wanted) == 0:
        return np.int64(order[low])
    return np.int64(-1)


@kernel
def repeats(blob, ends, order):  # type: ignore[no-untyped-def]
    """bool[n]: whether the string at each place of an order equals the one before it."""
    same = np.zeros(order.size, np.bool_)
    for i in range(1, order.size):
        same[i] = _compare(blob, ends, order[i - 1], order[i]) == 0
    return same


@kernel
def _merge(blob, ends, longer, shorter, merged):  # type: ignore[no-untyped-def]
    at, into = 0, 0
    for number in shorter:
        low, step = at, 1
        while low + step <= longer.size and _stands_before(blob, ends, longer[low + step - 1], number):
            low += step
            step *= 2
        high = min(low + step - 1, longer.size)
        while low < high:
            middle = (low + high) >> 1
            if _stands_before(blob, ends, longer[middle], number):
                low = middle + 1
            else:
                high = middle
        for i in range(at, low):
            merged[into] = longer[i]
            into += 1
        merged[into] = number
        into += 1
        at = low
    for i in range(at, longer.size):
        merged[into] = longer[i]
        into += 1


@kernel
def _stands_before(blob, ends, one, other):  # type: ignore[no-untyped-def]
    difference = _compare(blob, ends, one, other)
    return difference < 0 or (difference == 0 and one < other)


@kernel
def _start(ends, number):  # type: ignore[no-untyped-def]
    return np.int64(ends[number - 1]) if number > 0 else np.int64(0)


@kernel
def _compare(blob, ends, one, other):  # type: ignore[no-untyped-def]
    """Negative, zero or positive as string `one` is below, equal to or above string `other`."""
    start = _start(ends, other)
    return _compare_to(blob, ends, one, blob[start : np.int64(ends[other])])


@kernel
def _compare_to(blob, ends, number, wanted):  # type: ignore[no-untyped-def]
    start = _start(ends, number)
    size = np.int64(ends[number]) - start
    for i in range(min(size, wanted.size)):
        if blob[start + i] != wanted[i]:
            return np.int64(blob[start + i]) - np.int64(wanted[i])
    return size - wanted.size
