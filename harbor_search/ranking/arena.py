"""Posting lists in memory, ready to be ranked.

All lists stand one after the other in shared arrays, each from a multiple of `BLOCK` on, so that a kernel is handed a
few arrays and the numbers of the lists it needs. A list has document numbers (ascending) and impacts: what the term
contributes to a document's score, less the factor that only depends on the term. Lists with many documents also have a
bitmap with running counts, which answers "is document d in it, and where" without a search.

The arena is filled up and then emptied as a whole: lists are found again faster than their use could be tracked.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harbor_search.compiled import bit_count, kernel

__all__ = ["BLOCK", "FLOORS", "Arena", "Lists"]

BLOCK = 128
"""Postings for which one maximum is kept."""

FLOORS = (10, 100, 1000)
"""For these k the k-th highest impact of a list is known: no top k of a union can hold less."""

_DENSE = 64
"""A list of more than one document in this many has a bitmap: at this density it takes as much memory as the list."""

_BUCKETS = 2048


class Lists(NamedTuple):
    """The arrays of an arena, as kernels take them.

    `documents` int32 and `impacts` float32 by posting; `maxima` float32 by block; `starts`, `ends` int64, `highest`
    float32, `floors` float32 [:, len(FLOORS)] and `bitmap` int32 (-1: none) by list; `words` uint64 [bitmap, word] and
    `counts` int32 likewise, the number of documents before each word.
    """

    documents: npt.NDArray[np.int32]
    impacts: npt.NDArray[np.float32]
    maxima: npt.NDArray[np.float32]
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    highest: npt.NDArray[np.float32]
    floors: npt.NDArray[np.float32]
    bitmap: npt.NDArray[np.int32]
    words: npt.NDArray[np.uint64]
    counts: npt.NDArray[np.int32]


class Arena:
    """Room for posting lists over `documents` documents."""

    def __init__(self, documents: int, postings: int) -> None:
        """`postings` is how many fit; memory is only taken as it is used."""
        self.documents = documents
        self._capacity = 0
        self._width = (documents + 63) // 64
        self._allocate(max(postings, 2 * documents, 16 * BLOCK))

    def _allocate(self, postings: int) -> None:
        self._capacity = -(-postings // BLOCK) * BLOCK
        blocks = self._capacity // BLOCK
        bitmaps = max(8, min(4096, 2 * _DENSE * self._capacity // max(1, self.documents) // _DENSE))
        self.lists = Lists(
            np.empty(self._capacity, np.int32),
            np.empty(self._capacity, np.float32),
            np.empty(blocks, np.float32),
            np.empty(blocks, np.int64),
            np.empty(blocks, np.int64),
            np.empty(blocks, np.float32),
            np.empty((blocks, len(FLOORS)), np.float32),
            np.empty(blocks, np.int32),
            np.empty((bitmaps, self._width), np.uint64),
            np.empty((bitmaps, self._width), np.int32),
        )
        self.clear()

    def clear(self) -> None:
        """Forget all lists."""
        self._used = 0
        self._count = 0
        self._bitmaps = 0

    @property
    def used(self) -> int:
        """Postings held, gaps included."""
        return self._used

    def has_room(self, lists: int, postings: int) -> bool:
        """Whether so many more lists with so many postings in all fit."""
        return self._used + postings + lists * BLOCK <= self._capacity

    def make_room(self, lists: int, postings: int) -> None:
        """Forget all lists, and grow where even then so many would not fit."""
        self.clear()
        if not self.has_room(lists, postings):
            self._allocate(postings + lists * BLOCK)

    def mark(self) -> tuple[int, int, int]:
        """The fill state, for `release`."""
        return self._used, self._count, self._bitmaps

    def release(self, mark: tuple[int, int, int]) -> None:
        """Forget the lists added since `mark`."""
        self._used, self._count, self._bitmaps = mark

    def tail(self) -> tuple[int, npt.NDArray[np.int32], npt.NDArray[np.float32]]:
        """Where the next list begins, and the arrays to write its documents and impacts to, before `add`."""
        return self._used, self.lists.documents, self.lists.impacts

    def add(self, size: int, *, temporary: bool = False) -> int:
        """Register the `size` postings that were written from the tail on; returns the number of the list.

        A temporary list, used once, gets no floors and no bitmap.
        """
        number, start = self._count, self._used
        bitmap = -1
        if not temporary and size * _DENSE > self.documents and self._bitmaps < len(self.lists.words):
            bitmap = self._bitmaps
            self._bitmaps += 1
        _summarise(self.lists, number, start, start + size, bitmap, temporary)
        self._count += 1
        self._used = start + -(-size // BLOCK) * BLOCK
        return number


@kernel
def _summarise(lists, number, start, end, bitmap, temporary):  # type: ignore[no-untyped-def]
    """Note a list's bounds, block maxima, floors and bitmap."""
    documents, impacts, maxima = lists.documents, lists.impacts, lists.maxima
    highest = np.float32(0)
    for block in range(start // BLOCK, (end + BLOCK - 1) // BLOCK):
        maximum = np.float32(0)
        for i in range(block * BLOCK, min(end, (block + 1) * BLOCK)):
            maximum = max(maximum, impacts[i])
        maxima[block] = maximum
        highest = max(highest, maximum)
    lists.starts[number], lists.ends[number] = start, end
    lists.highest[number], lists.bitmap[number] = highest, bitmap
    for i in range(len(FLOORS)):
        lists.floors[number, i] = 0
    if not temporary and end - start >= FLOORS[0] and highest > 0:
        _find_floors(lists, number, start, end, highest)
    if bitmap >= 0:
        words, counts = lists.words[bitmap], lists.counts[bitmap]
        words[:] = 0
        for i in range(start, end):
            words[documents[i] >> 6] |= np.uint64(1) << np.uint64(documents[i] & 63)
        before = 0
        for word in range(words.size):
            counts[word] = before
            before += bit_count(words[word])


@kernel
def _find_floors(lists, number, start, end, highest):  # type: ignore[no-untyped-def]
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
