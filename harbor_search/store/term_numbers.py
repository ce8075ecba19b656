"""The distinct terms of a segment in the making, numbered from 0 in order of appearance.

Their bytes lie in one array and are found by an open-addressing table: as Python strings in a dictionary they would
take five times the memory, which grows with the collection.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from harbor_search.compiled import kernel

__all__ = ["TermNumbers"]

Int32s = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]
Ends = npt.NDArray[np.uint64]


class TermNumbers:
    """Numbers for byte strings."""

    def __init__(self) -> None:
        self._table = np.zeros((1 << 13, 2), np.uint64)
        self._pool = np.empty(1 << 15, np.uint8)
        self._ends = np.empty(1 << 12, np.uint64)
        self._count = 0
        self._size = 0

    def __len__(self) -> int:
        return self._count

    @property
    def held(self) -> int:
        """The memory that is used."""
        return self._table.nbytes + self._pool.nbytes + self._ends.nbytes

    def of(self, terms: Sequence[bytes]) -> Int32s:
        """int32[terms]: the number of each, new ones for those that are new."""
        text = np.frombuffer(b"".join(terms), np.uint8)
        sizes = np.fromiter(map(len, terms), np.int64, len(terms))
        self._pool = _with_room(self._pool, self._size, text.size)
        self._ends = _with_room(self._ends, self._count, sizes.size)
        while self._table.shape[0] < 2 * (self._count + sizes.size):
            self._table = _rehash(self._table)
        numbers = np.empty(sizes.size, np.int32)
        self._count, self._size = _intern(
            text, sizes, self._table, self._pool, self._ends, self._count, self._size, numbers
        )
        return numbers

    def texts(self) -> tuple[Bytes, Ends]:
        """The terms by number: their bytes (uint8), one behind the other, and where each ends (uint64)."""
        return self._pool[: self._size], self._ends[: self._count]


def _with_room(array: npt.NDArray[Any], used: int, more: int) -> npt.NDArray[Any]:
    if array.size >= used + more:
        return array
    larger = np.empty(max(used + more, array.size * 3 // 2), array.dtype)
    larger[:used] = array[:used]
    return larger


@kernel
def _slot(hashed, table):  # type: ignore[no-untyped-def]
    """The high bits of a product depend on all bits of the hash."""
    return ((hashed * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)) & np.uint64(table.shape[0] - 1)


@kernel
def _rehash(table):  # type: ignore[no-untyped-def]
    """A table twice as large; a row is (hash, number + 1), the latter 0 where it is free."""
    larger = np.zeros((2 * table.shape[0], 2), np.uint64)
    mask = np.uint64(larger.shape[0] - 1)
    for i in range(table.shape[0]):
        if table[i, 1]:
            slot = _slot(table[i, 0], larger)
            while larger[slot, 1]:
                slot = (slot + np.uint64(1)) & mask
            larger[slot, 0], larger[slot, 1] = table[i, 0], table[i, 1]
    return larger


@kernel
def _intern(text, sizes, table, pool, ends, count, size, numbers):  # type: ignore[no-untyped-def]
    """Number the strings that stand one behind the other in `text`; returns (strings known, bytes of the pool)."""
    mask = np.uint64(table.shape[0] - 1)
    start = 0
    for i in range(sizes.size):
        behind = start + sizes[i]
        hashed = np.uint64(14695981039346656037)
        for at in range(start, behind):
            hashed = (hashed ^ np.uint64(text[at])) * np.uint64(1099511628211)
        slot = _slot(hashed, table)
        while True:
            number = np.int64(table[slot, 1]) - 1
            if number < 0:
                for at in range(start, behind):
                    pool[size] = text[at]
                    size += 1
                ends[count] = size
                numbers[i] = count
                count += 1
                table[slot, 0], table[slot, 1] = hashed, count
                break
            if table[slot, 0] == hashed and _same(pool, ends, number, text, start, behind):
                numbers[i] = number
                break
            slot = (slot + np.uint64(1)) & mask
        start = behind
    return count, size


@kernel
def _same(pool, ends, number, text, start, behind):  # type: ignore[no-untyped-def]
    begin = np.int64(ends[number - 1]) if number else np.int64(0)
    if np.int64(ends[number]) - begin != behind - start:
        return False
    for i in range(behind - start):
        if pool[begin + i] != text[start + i]:
            return False
    return True
