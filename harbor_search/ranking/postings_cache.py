"""Posting lists in memory, ready to be ranked (`posting_lists` says what is kept of each).

The cache is filled up and then emptied as a whole: lists are found again faster than their use could be tracked.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from harbor_search.ranking.list_summaries import place_positions, summarise
from harbor_search.ranking.posting_lists import BLOCK, FLOORS, LISTS, Lists
from harbor_search.ranking.reserved_memory import reserved

__all__ = ["PostingsCache"]

_DENSE = 256
"""A list of more than one document in this many has a bitmap, as long as half of them are free ..."""

_FREQUENT = 64
"""... and one of more than one document in this many, as long as any is: a bitmap is no larger than such a list."""

_BITMAP_BYTES = 4
"""A posting that the cache has room for: half as much again for bitmaps as for documents and impacts."""

_COLUMN = 16
"""A list of more than one document in this many has a column, as long as there is room for one."""

_COLUMN_BYTES = 4
"""A posting that the cache has room for: half as much again for columns as for documents and impacts."""


class PostingsCache:
    """Room for posting lists over `documents` documents, with positions in `fields` fields."""

    def __init__(
        self, table: npt.NDArray[np.int64], documents: int, fields: int, postings: int, positions: int
    ) -> None:
        """`postings` and `positions` are how many fit; memory is only taken as it is used. Positions take as many
        entries in `firsts` again.

        The addresses of its arrays are written to `table`.
        """
        self.documents = documents
        self.address = table.ctypes.data
        self._table = table
        self._fields = fields
        self._width = (documents + 63) // 64
        self._allocate(max(postings, 2 * documents, 16 * BLOCK), max(positions, 1), max(positions, 1))

    def _allocate(self, postings: int, positions: int, firsts: int) -> None:
        self._capacity = -(-postings // BLOCK) * BLOCK
        blocks = self._capacity // BLOCK
        bitmaps = max(8, min(blocks, _BITMAP_BYTES * self._capacity // max(1, self._width * 13)))
        columns = max(1, _COLUMN_BYTES * self._capacity // max(1, self._width * 64))
        self.lists = Lists(
            reserved(self._capacity, np.int32),
            reserved(self._capacity, np.float32),
            reserved(blocks, np.float32),
            reserved(blocks, np.int64),
            reserved(blocks, np.int64),
            reserved(blocks, np.float32),
            reserved(blocks, np.float64),
            reserved((blocks, len(FLOORS)), np.float32),
            reserved(blocks, np.int32),
            reserved((bitmaps, self._width), np.uint64),
            reserved((bitmaps, self._width), np.int32),
            reserved((bitmaps, self._width), np.uint8),
            reserved(blocks, np.int32),
            reserved((columns, self._width * 64), np.uint8),
            reserved((blocks, 2 * self._fields), np.int64),
            reserved(firsts, np.int32),
            reserved(firsts, np.uint64),
            reserved(positions, np.int32),
        )
        LISTS.set_arrays(self._table, **self.lists._asdict())
        self.clear()

    def clear(self) -> None:
        """Forget all lists."""
        self._used = 0
        self._count = 0
        self._bitmaps = 0
        self._columns = 0
        self._firsts = 0
        self._positions = 0

    @property
    def used(self) -> int:
        """Postings held, gaps included."""
        return self._used

    def has_room(self, lists: int, postings: int, positions: int = 0, firsts: int = 0) -> bool:
        """Whether so many more lists with so many postings in all fit, and so many positions and entries in `firsts`.

        The positions of a list in a field take one entry more than the list has postings.
        """
        return (
            self._count + lists <= self.lists.starts.size
            and self._used + postings + lists * BLOCK <= self._capacity
            and self._positions + positions <= self.lists.positions.size
            and self._firsts + firsts <= self.lists.firsts.size
        )

    def make_room(self, lists: int, postings: int, positions: int = 0, firsts: int = 0) -> None:
        """Forget all lists, and grow where even then so many would not fit."""
        self.clear()
        if not self.has_room(lists, postings, positions, firsts):
            self._allocate(
                max(self._capacity, postings + lists * BLOCK),
                max(self.lists.positions.size, positions),
                max(self.lists.firsts.size, firsts),
            )

    def mark(self) -> tuple[int, int, int]:
        """The fill state, for `release` of temporary lists."""
        return self._used, self._count, self._bitmaps

    def release(self, mark: tuple[int, int, int]) -> None:
        """Forget the lists added since `mark`, which have no positions."""
        self._used, self._count, self._bitmaps = mark

    def tail(self) -> tuple[int, npt.NDArray[np.int32], npt.NDArray[np.float32]]:
        """Where the next list begins, and the arrays to write its documents and impacts to, before `add`."""
        return self._used, self.lists.documents, self.lists.impacts

    def add(self, size: int, weight: float, *, temporary: bool = False) -> int:
        """Register the `size` postings that were written from the tail on; returns the number of the list.

        `weight` is the factor of its impacts. A temporary list, used once, gets no floors and no bitmap.
        """
        number, start = self._count, self._used
        bitmap, column = -1, -1
        rows = len(self.lists.words) if size * _FREQUENT > self.documents else len(self.lists.words) // 2
        if not temporary and size * _DENSE > self.documents and self._bitmaps < rows:
            bitmap = self._bitmaps
            self._bitmaps += 1
        if bitmap >= 0 and size * _COLUMN > self.documents and self._columns < len(self.lists.columns):
            column = self._columns
            self._columns += 1
        summarise(self.address, number, start, start + size, bitmap, column, weight, temporary)
        self._count += 1
        self._used = start + -(-size // BLOCK) * BLOCK
        return number

    def reweighted(self, number: int, factor: float) -> int:
        """The number of a temporary list of the same postings, whose impacts count `factor` of what they do."""
        lists, copy = self.lists, self._count
        for array in (lists.starts, lists.ends, lists.highest, lists.bitmap, lists.column, lists.floors):
            array[copy] = array[number]
        lists.positioned[copy] = lists.positioned[number]
        lists.weights[copy] = lists.weights[number] * factor
        self._count += 1
        return copy

    def reweigh(self, number: int, weight: float) -> None:
        """Give a list another factor."""
        self.lists.weights[number] = weight

    def add_positions(
        self,
        number: int,
        field: int,
        documents: npt.NDArray[np.int32],
        frequencies: npt.NDArray[np.int32],
        positions: npt.NDArray[np.int32],
    ) -> None:
        """Give a list its positions in a field: `documents`, some of the list's, have `frequencies` each.

        Raises:
            ValueError: there is no room; `has_room` was not asked.
        """
        first, base = self._firsts, self._positions
        size = int(self.lists.ends[number] - self.lists.starts[number])
        if not self.has_room(0, 0, positions.size, size + 1):
            raise ValueError(f"no room for {positions.size} positions of {size} postings")
        place_positions(self.address, number, documents, frequencies, positions, first)
        self.lists.positions[base : base + positions.size] = positions
        self.lists.positioned[number, 2 * field : 2 * field + 2] = first, base
        self._firsts, self._positions = first + size + 1, base + positions.size
