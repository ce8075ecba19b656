"""Byte strings in ascending order: sorted, found by bisection, and several orders merged into one.

The strings stand one after the other in one uint8 array; string i ends at `ends[i]` (uint64) and begins where the one
before it ends. An order is the numbers of strings, ascending by their bytes.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from harbor_search.compiled import kernel, part

__all__ = ["is_ascending", "merged_order", "picked", "place_of", "repeats", "sorted_order"]

Int32s = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]
Ends = npt.NDArray[np.uint64]


_KEY = 7
"""Bytes of a string in a key for sorting; the eighth says how many there were."""


def sorted_order(blob: Bytes, ends: Ends) -> Int32s:
    """The order of all the strings; equal strings stand in the order of their numbers.

    Sorts by seven bytes at a time, as numbers, and only those again that still are equal.
    """
    order = np.arange(ends.size, dtype=np.int32)
    places, groups, depth = order.copy(), np.zeros(ends.size, np.int32), 0
    while places.size:
        own = order[places]
        keys = _keys(blob, ends, own, depth)
        # The groups stand in ascending order, so that sorting by key within groups permutes each in its own places.
        sorting = np.lexsort((keys, groups)) if depth else np.argsort(keys, kind="stable")
        order[places] = own[sorting]
        keys, groups = keys[sorting], groups[sorting]
        apart = np.append(True, (keys[1:] != keys[:-1]) | (groups[1:] != groups[:-1]))
        groups = np.cumsum(apart, dtype=np.int32)
        # Left to do are those that equal a neighbour and have more bytes.
        equal = ~apart | ~np.append(apart[1:], True)
        left = equal & (keys & np.uint64(0xFF) > _KEY)
        places, groups, depth = places[left], groups[left], depth + _KEY
    return order


def picked(blob: Bytes, ends: Ends, numbers: Int32s) -> tuple[Bytes, Ends]:
    """The strings of these numbers, in that order, as a blob and ends of their own."""
    lengths = np.diff(ends.astype(np.int64), prepend=0)[numbers]
    end = np.cumsum(lengths)
    text = np.empty(int(end[-1]) if end.size else 0, np.uint8)
    _pick(blob, ends, numbers, text)
    return text, end.astype(np.uint64)


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
def _keys(blob, ends, numbers, depth):
    """uint64[numbers]: seven bytes from `depth` on, the first highest, then how many there were (8: more)."""
    keys = np.zeros(numbers.size, np.uint64)
    for i in range(numbers.size):
        start, end = _start(ends, numbers[i]) + depth, np.int64(ends[numbers[i]])
        key = np.uint64(0)
        for at in range(start, start + _KEY):
            key = key << np.uint64(8) | (np.uint64(blob[at]) if at < end else np.uint64(0))
        keys[i] = key << np.uint64(8) | np.uint64(min(max(end - start, 0), _KEY + 1))
    return keys


@kernel
def _pick(blob, ends, numbers, text):
    into = 0
    for number in numbers:
        for at in range(_start(ends, number), np.int64(ends[number])):
            text[into] = blob[at]
            into += 1


@kernel
def place_of(blob, ends, order, wanted):
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
def is_ascending(blob, ends, order):
    """Whether each string of an order is above the one before it, none being there twice."""
    for i in range(1, order.size):
        if _compare(blob, ends, order[i - 1], order[i]) >= 0:
            return False
    return True


@kernel
def repeats(blob, ends, order):
    """bool[n]: whether the string at each place of an order equals the one before it."""
    same = np.zeros(order.size, np.bool_)
    for i in range(1, order.size):
        same[i] = _compare(blob, ends, order[i - 1], order[i]) == 0
    return same


@kernel
def _merge(blob, ends, longer, shorter, merged):
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


@part
def _stands_before(blob, ends, one, other):
    difference = _compare(blob, ends, one, other)
    return difference < 0 or (difference == 0 and one < other)


@part
def _start(ends, number):
    return np.int64(ends[number - 1]) if number > 0 else np.int64(0)


@part
def _compare(blob, ends, one, other):
    """Negative, zero or positive as string `one` is below, equal to or above string `other`."""
    start = _start(ends, other)
    return _compare_to(blob, ends, one, blob[start : np.int64(ends[other])])


@part
def _compare_to(blob, ends, number, wanted):
    start = _start(ends, number)
    size = np.int64(ends[number]) - start
    for i in range(min(size, wanted.size)):
        if blob[start + i] != wanted[i]:
            return np.int64(blob[start + i]) - np.int64(wanted[i])
    return size - wanted.size
