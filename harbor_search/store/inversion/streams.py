"""Streams of LEB128 numbers that grow side by side in one byte pool.

A stream is a chain of slices, each twice as long as the one before it and ending in a pointer to the next, so that
streams of all lengths waste little (Lucene's `ByteSlicePool` is the same idea).
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import inlined, part, store_bits

__all__ = ["FIRST_SLICE", "POINTER", "SMALL", "MAX_GROWTH", "next_number", "put", "put_small"]

FIRST_SLICE = 8
"""Bytes of a first slice: most terms occur once, which takes three or four bytes besides the pointer."""

POINTER = 4
"""Bytes of the pointer to the next slice."""

_MAX_LEVEL = 9  # doublings: slices of 4,096 bytes, of which the last is half empty

MAX_GROWTH = (FIRST_SLICE << _MAX_LEVEL) + FIRST_SLICE
"""Bytes of the pool that starting or continuing a stream may take at once."""

SMALL = 1 << 14
"""Numbers below this take two bytes at most."""


@inlined
def put_small(pool, step, value, at):
    """Write a document step (unless 0) and a position value, both below `SMALL`, with one store; returns the next byte.

    The store writes eight bytes of which at most four are used; the rest belongs to the still unset pointer.
    """
    more, long = np.int64(step >= 128), np.int64(value >= 128)
    first = step & 127 | more << 7 | step >> 7 << 8
    size = np.int64(step > 0) + more
    second = value & 127 | long << 7 | value >> 7 << 8
    store_bits(pool, at, np.uint64(first | second << 8 * size))
    return at + size + 1 + long


@part
def put(pool, value, at, end, level, used):
    """Write a number to a stream; returns (next byte, end of the slice, its level, bytes of the pool in use)."""
    while value >= 128:
        at, end, level, used = _put_byte(pool, (value & 127) | 128, at, end, level, used)
        value >>= 7
    return _put_byte(pool, value, at, end, level, used)


@part
def _put_byte(pool, byte, at, end, level, used):
    if at == end:
        level = min(level + 1, _MAX_LEVEL)
        for i in range(POINTER):
            pool[end + i] = np.uint8((used >> (8 * i)) & 255)
        at, end = used, used + (FIRST_SLICE << level) - POINTER
        used += FIRST_SLICE << level
    pool[at] = np.uint8(byte)
    return at + 1, end, level, used


@inlined
def next_number(pool, at, end, level):
    """Read a number from a stream; returns (number, next byte, end of the slice, its level)."""
    if at + 2 <= end:
        first, second = np.int64(pool[at]), np.int64(pool[at + 1])
        more = first >> 7
        if not more & second >> 7:
            return first & 127 | (second << 7) * more, at + 1 + more, end, level
    return _any_number(pool, at, end, level)


@part
def _any_number(pool, at, end, level):
    """`next_number` for numbers of any length, which may continue in the next slice."""
    value, shift = np.int64(0), 0
    while True:
        if at == end:
            level = min(level + 1, _MAX_LEVEL)
            at = np.int64(0)
            for i in range(POINTER):
                at |= np.int64(pool[end + i]) << (8 * i)
            end = at + (FIRST_SLICE << level) - POINTER
        byte = np.int64(pool[at])
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at, end, level
