"""Distinct strings in one array of bytes, numbered from 0 in order of appearance and found by an open-addressing table.

As Python strings in a dictionary they would take five times the memory, which grows with the collection.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from harbor_search.compiled import inlined, kernel, load_bits, part, store_bits

__all__ = [
    "LONG",
    "SPARE",
    "WORD_BYTES",
    "StringTable",
    "add",
    "extended",
    "find",
    "has_room",
    "key_of",
    "mixed",
    "slot_of",
    "start_of_key",
]

WORD_BYTES = 8
"""Bytes that are looked at together; also the most of a string that is its own key."""

SPARE = 16
"""Bytes after a string that may be read or written with it."""

LONG = np.uint64(1 << 63)
"""Set in the keys that are hashes."""

_SEED = np.uint64(14695981039346656037)


class StringTable:
    """Strings (UTF-8, without NUL) and what finds them. Kernels fill the arrays; they change with `reserve`.

    Attributes:
        table: uint64[slots, 2], a row is (key, number + 1), the latter 0 where it is free.
        pool: uint8[], the strings one after the other.
        ends: int64[], string i is `pool[ends[i]:ends[i + 1]]`.
        count: how many strings there are.
    """

    __slots__ = ("count", "ends", "pool", "table")

    def __init__(self) -> None:
        self.table = np.zeros((1 << 14, 2), np.uint64)
        self.pool = np.empty(1 << 16, np.uint8)
        self.ends = np.zeros((1 << 12) + 1, np.int64)
        self.count = 0

    @property
    def size(self) -> int:
        """The bytes of all strings."""
        return int(self.ends[self.count])

    @property
    def nbytes(self) -> int:
        """The memory that is used."""
        return self.table.nbytes + self.pool.nbytes + self.ends.nbytes

    def reserve(self, strings: int, size: int) -> None:
        """Make room for so many strings more, of `size` bytes together."""
        needed = self.count + strings
        self.pool = extended(self.pool, self.size, size + SPARE)
        self.ends = extended(self.ends, self.count + 1, strings + 1)
        while self.table.shape[0] < 2 * needed:
            self.table = _doubled(self.table)


def extended(array: npt.NDArray[Any], used: int, more: int) -> npt.NDArray[Any]:
    """The array where it has room for `more` values after those used, else a larger one with these."""
    if array.size >= used + more:
        return array
    larger = np.empty(max(used + more, array.size * 3 // 2), array.dtype)
    larger[:used] = array[:used]
    return larger


@inlined
def has_room(table, pool, ends, count, strings, size):
    """Whether `StringTable.reserve` has nothing to do."""
    return (
        ends[count] + size + SPARE <= pool.size
        and count + strings + 2 <= ends.size
        and 2 * (count + strings) <= table.shape[0]
    )


@kernel
def _doubled(table):
    larger = np.zeros((2 * table.shape[0], 2), np.uint64)
    mask = np.uint64(larger.shape[0] - 1)
    for i in range(table.shape[0]):
        if table[i, 1]:
            slot = slot_of(table[i, 0], mask)
            while larger[slot, 1]:
                slot = (slot + np.uint64(1)) & mask
            larger[slot, 0], larger[slot, 1] = table[i, 0], table[i, 1]
    return larger


@inlined
def slot_of(key, mask):
    """The high bits of a product depend on all bits of the key."""
    return ((key * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)) & mask


@inlined
def start_of_key(word):
    """The hash of a string of more than eight bytes, so far as its first eight go."""
    return mixed(_SEED, word)


@inlined
def mixed(hashed, word):
    """The hash with eight more bytes, or with the last, filled up with zeros."""
    product = (hashed ^ word) * np.uint64(0xFF51AFD7ED558CCD)
    return product ^ (product >> np.uint64(32))


@part
def key_of(text, start, size):
    """The key of a string that has `SPARE` bytes after it in `text`.

    A string of up to eight bytes is its own key, so that finding it costs one look at the table, unless its eighth is
    not ASCII. Others have a hash for a key, with the highest bit set, and are compared byte by byte.
    """
    first = _tail(text, start, size)
    if size <= WORD_BYTES and first < LONG:
        return first
    hashed = start_of_key(first)
    for at in range(WORD_BYTES, size, WORD_BYTES):
        hashed = mixed(hashed, _tail(text, start + at, size - at))
    return hashed | LONG


@inlined
def _tail(text, start, size):
    """Eight bytes, or `size` where that is less."""
    word = load_bits(text, start)
    if size < WORD_BYTES:
        word &= (np.uint64(1) << np.uint64(8 * size)) - np.uint64(1)
    return word


@inlined
def find(table, pool, ends, key, text, start, size):
    """Look for the string of `size` bytes with this key that begins at `start` of `text`; its own key may do without.

    Returns (number, slot): the number is -1 where the string is new, and its row is then to stand in that slot.
    """
    mask = np.uint64(table.shape[0] - 1)
    slot = slot_of(key, mask)
    number = np.int64(table[slot, 1]) - 1
    while number >= 0 and (table[slot, 0] != key or (key >= LONG and not _same(pool, ends, number, text, start, size))):
        slot = (slot + np.uint64(1)) & mask
        number = np.int64(table[slot, 1]) - 1
    return number, slot


@inlined
def _same(pool, ends, number, text, start, size):
    begin = ends[number]
    different = np.uint64(ends[number + 1] - begin != size)
    at = np.int64(0)
    while at + WORD_BYTES < size:
        different |= load_bits(pool, begin + at) ^ load_bits(text, start + at)
        at += WORD_BYTES
    return (different | (_tail(pool, begin + at, size - at) ^ _tail(text, start + at, size - at))) == 0


@part
def add(table, pool, ends, count, slot, key, text, start, size):
    """Add the string for which `find` gave this slot; returns how many there are now."""
    begin = ends[count]
    if key < LONG:
        store_bits(pool, begin, key)
    else:
        for at in range(0, size, WORD_BYTES):
            store_bits(pool, begin + at, load_bits(text, start + at))
    ends[count + 1] = begin + size
    table[slot, 0], table[slot, 1] = key, count + 1
    return count + 1
