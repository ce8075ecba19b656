"""Posting lists in memory, ready to be ranked.

All lists stand one after the other in shared arrays, each from a multiple of `BLOCK` on, so that a kernel needs only
the numbers of the lists. A list has document numbers (ascending) and impacts: what the term contributes to a document's
score, less the factor that only depends on the term. Lists with many documents also have a bitmap with running counts,
which answers "is document d in it, and where" without a search, and for each 64 documents the highest impact; those
with very many documents have a column of impacts by document, in bytes, to tell at a glance which can matter. A list
that phrases need has the positions of its postings too, field by field.

The cache is filled up and then emptied as a whole: lists are found again faster than their use could be tracked.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import float32, float64, int32, int64, uint8, uint64

from harbor_search.compiled import bit_count, kernel, part
from harbor_search.ranking.tables import View, view

__all__ = ["BLOCK", "FLOORS", "LISTS", "STEPS", "PostingsCache", "Lists", "lists_at"]

BLOCK = 128
"""Postings for which one maximum is kept."""

FLOORS = (10, 100, 1000)
"""For these k the k-th highest impact of a list is known: no top k of a union can hold less."""

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

_BUCKETS = 2048

STEPS = 255
"""Steps of an impact, which is below 1, in a byte."""


class Lists(NamedTuple):
    """The arrays of a postings cache.

    `documents` int32 and `impacts` float32 by posting; `maxima` float32 by block; `starts`, `ends` int64, `highest`
    float32, `weights` float64, `floors` float32 [:, len(FLOORS)] and `bitmap` int32 (-1: none) by list; `words` uint64
    [bitmap, word], `counts` int32 likewise, the number of documents before each word, and `peaks` uint8 likewise, the
    highest impact of the word's documents in 255ths; `column` int32 (-1: none) by list, and `columns` uint8 [column,
    document], the impacts in 255ths. `positioned` int64 [list, 2 * fields] says for each field where
    the list's entries in `firsts` begin (-1: no positions) and what to add to them: entry i and the next one,
    int32, bound the places of posting i in `positions` int32; entry i of `traces` uint64 is what is left of those
    positions when all multiples of 64 are taken off, as bits.
    """

    documents: npt.NDArray[np.int32]
    impacts: npt.NDArray[np.float32]
    maxima: npt.NDArray[np.float32]
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    highest: npt.NDArray[np.float32]
    weights: npt.NDArray[np.float64]
    floors: npt.NDArray[np.float32]
    bitmap: npt.NDArray[np.int32]
    words: npt.NDArray[np.uint64]
    counts: npt.NDArray[np.int32]
    peaks: npt.NDArray[np.uint8]
    column: npt.NDArray[np.int32]
    columns: npt.NDArray[np.uint8]
    positioned: npt.NDArray[np.int64]
    firsts: npt.NDArray[np.int32]
    traces: npt.NDArray[np.uint64]
    positions: npt.NDArray[np.int32]


LISTS = View(
    "Lists",
    0,
    {
        "documents": int32[::1],
        "impacts": float32[::1],
        "maxima": float32[::1],
        "starts": int64[::1],
        "ends": int64[::1],
        "highest": float32[::1],
        "weights": float64[::1],
        "floors": float32[:, ::1],
        "bitmap": int32[::1],
        "words": uint64[:, ::1],
        "counts": int32[:, ::1],
        "peaks": uint8[:, ::1],
        "column": int32[::1],
        "columns": uint8[:, ::1],
        "positioned": int64[:, ::1],
        "firsts": int32[::1],
        "traces": uint64[::1],
        "positions": int32[::1],
    },
)
"""`Lists` as kernels see them, by the address of the cache's table."""

lists_at = view(LISTS)


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
            np.empty(self._capacity, np.int32),
            np.empty(self._capacity, np.float32),
            np.empty(blocks, np.float32),
            np.empty(blocks, np.int64),
            np.empty(blocks, np.int64),
            np.empty(blocks, np.float32),
            np.empty(blocks, np.float64),
            np.empty((blocks, len(FLOORS)), np.float32),
            np.empty(blocks, np.int32),
            np.empty((bitmaps, self._width), np.uint64),
            np.empty((bitmaps, self._width), np.int32),
            np.empty((bitmaps, self._width), np.uint8),
            np.empty(blocks, np.int32),
            np.empty((columns, self._width * 64), np.uint8),
            np.empty((blocks, 2 * self._fields), np.int64),
            np.empty(firsts, np.int32),
            np.empty(firsts, np.uint64),
            np.empty(positions, np.int32),
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
        _summarise(self.address, number, start, start + size, bitmap, column, weight, temporary)
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
        _place_positions(self.address, number, documents, frequencies, positions, first)
        self.lists.positions[base : base + positions.size] = positions
        self.lists.positioned[number, 2 * field : 2 * field + 2] = first, base
        self._firsts, self._positions = first + size + 1, base + positions.size


@kernel
def _summarise(address, number, start, end, bitmap, column, weight, temporary):
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
def _place_positions(address, number, documents, frequencies, positions, first):
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
