"""Arrays of byte strings: sorting, binary search, and merging of sorted orders.

The strings are concatenated in one uint8 array, `blob`; string i ends at `ends[i]` (uint64) and begins where string
i - 1 ends. An order is a permutation of string numbers, ascending by their bytes.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from harbor_search.compiled import kernel, part

__all__ = ["is_ascending", "merged_order", "gather_strings", "find_string", "equals_previous", "sorted_order"]

Int32s = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]
Ends = npt.NDArray[np.uint64]


_KEY = 7
"""Bytes of a string in a 64-bit sort key; the eighth byte has their count."""


def sorted_order(blob: Bytes, ends: Ends) -> Int32s:
    """int32[strings]: the numbers of all strings in ascending order; equal strings keep the order of their numbers.

    A radix sort by seven bytes at a time, which goes on only with strings that are still equal.
    """
    order = np.arange(ends.size, dtype=np.int32)
    places, groups, depth = order.copy(), np.zeros(ends.size, np.int32), 0
    while places.size:
        own = order[places]
        keys = _keys(blob, ends, own, depth)
        # Groups ascend, so sorting by (group, key) permutes each group within its own places.
        sorting = np.lexsort((keys, groups)) if depth else np.argsort(keys, kind="stable")
        order[places] = own[sorting]
        keys, groups = keys[sorting], groups[sorting]
        apart = np.append(True, (keys[1:] != keys[:-1]) | (groups[1:] != groups[:-1]))
        groups = np.cumsum(apart, dtype=np.int32)
        # Only strings that equal a neighbour and have bytes left need another round.
        equal = ~apart | ~np.append(apart[1:], True)
        left = equal & (keys & np.uint64(0xFF) > _KEY)
        places, groups, depth = places[left], groups[left], depth + _KEY
    return order


def gather_strings(blob: Bytes, ends: Ends, numbers: Int32s) -> tuple[Bytes, Ends]:
    """The strings with these numbers, in that order, as a new blob and its ends."""
    lengths = np.diff(ends.astype(np.int64), prepend=0)[numbers]
    end = np.cumsum(lengths)
    text = np.empty(int(end[-1]) if end.size else 0, np.uint8)
    _pick(blob, ends, numbers, text)
    return text, end.astype(np.uint64)


def merged_order(blob: Bytes, ends: Ends, orders: Sequence[Int32s]) -> Int32s:
    """Merge sorted `orders` into one; equal strings keep the order of their numbers.

    Merging a short order into a long one is cheap: each of its strings costs one galloping search from the last place.
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
    """uint64[numbers]: sort keys of seven bytes from `depth` on, big-endian, then their count (8: there are more)."""
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
def find_string(blob, ends, order, wanted):
    """Binary search for `wanted` (uint8[n]) in a sorted order: the number of the string, or -1."""
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
    """Whether an order is strictly ascending."""
    for i in range(1, order.size):
        if _compare(blob, ends, order[i - 1], order[i]) >= 0:
            return False
    return True


@kernel
def equals_previous(blob, ends, order):
    """bool[n]: whether each string of a sorted order equals its predecessor."""
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
