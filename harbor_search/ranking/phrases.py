"""Phrases: documents where words stand one after the other."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harbor_search.compiled import kernel
from harbor_search.ranking.lookup import gallop

__all__ = ["PositionalArena", "match_phrase", "phrase_places"]


class PositionalLists(NamedTuple):
    """The arrays of a positional arena, as kernels take them.

    `documents` int32 and `firsts` int64 by posting (the entry behind a list's last closes it), `positions` int32 by
    occurrence; `starts` and `ends` int64 by list.
    """

    documents: npt.NDArray[np.int32]
    firsts: npt.NDArray[np.int64]
    positions: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]


class PositionalArena:
    """Posting lists with positions, in memory; filled up and emptied as a whole, like `Arena`."""

    _MOST_LISTS = 1 << 16

    def __init__(self, postings: int, occurrences: int) -> None:
        """How many postings and occurrences fit; memory is only taken as it is used."""
        self._allocate(max(postings, 1), max(occurrences, 1))

    def _allocate(self, postings: int, occurrences: int) -> None:
        self.lists = PositionalLists(
            np.empty(postings, np.int32),
            np.empty(postings, np.int64),
            np.empty(occurrences, np.int32),
            np.empty(self._MOST_LISTS, np.int64),
            np.empty(self._MOST_LISTS, np.int64),
        )
        self.clear()

    def clear(self) -> None:
        """Forget all lists."""
        self._count, self._postings, self._occurrences = 0, 0, 0

    def has_room(self, lists: int, postings: int, occurrences: int) -> bool:
        """Whether so many more lists with so many postings and occurrences in all fit."""
        return (
            self._count + lists <= self._MOST_LISTS
            and self._postings + postings + lists <= self.lists.documents.size
            and self._occurrences + occurrences <= self.lists.positions.size
        )

    def make_room(self, lists: int, postings: int, occurrences: int) -> None:
        """Forget all lists, and grow where even then so many would not fit."""
        self.clear()
        if not self.has_room(lists, postings, occurrences):
            self._allocate(
                max(self.lists.documents.size, postings + lists), max(self.lists.positions.size, occurrences)
            )

    def add(
        self,
        documents: npt.NDArray[np.int32],
        frequencies: npt.NDArray[np.int32],
        positions: npt.NDArray[np.int32],
    ) -> int:
        """Keep a list and return its number."""
        number, start, first = self._count, self._postings, self._occurrences
        end, behind = start + documents.size, first + positions.size
        self.lists.documents[start:end] = documents
        self.lists.positions[first:behind] = positions
        self.lists.firsts[start] = first
        np.cumsum(frequencies, out=self.lists.firsts[start + 1 : end + 1])
        self.lists.firsts[start + 1 : end + 1] += first
        self.lists.starts[number], self.lists.ends[number] = start, end
        self._count, self._postings, self._occurrences = number + 1, end + 1, behind
        return number


def phrase_places(positions: list[npt.NDArray[np.int32]], offsets: list[int], slop: int) -> npt.NDArray[np.int64]:
    """Where in one text the phrase stands: int64[n, words], the position of each of its words.

    `positions` are those of each word in the text, ascending.
    """
    ends = np.cumsum([each.size for each in positions])
    starts = np.concatenate([[0], ends[:-1]])
    found = np.empty((positions[0].size, len(positions)), np.int64)
    size = _occurrences(np.concatenate(positions), starts, ends, np.array(offsets, np.int64), slop, found)
    return found[:size]


@kernel
def _occurrences(positions, starts, ends, offsets, slop, found):  # type: ignore[no-untyped-def]
    """Count the occurrences of the phrase in a document and note the positions of its words in `found` (if any)."""
    n = starts.size
    cursors = starts.copy()
    count = 0
    for first in range(starts[0], ends[0]):
        begin = np.int64(positions[first])
        shift = np.int64(0)
        fits = True
        if found.shape[0]:
            found[count, 0] = begin
        for i in range(1, n):
            wanted = begin + offsets[i] + shift
            at = gallop(positions, cursors[i], ends[i], wanted)
            cursors[i] = at
            if at == ends[i]:
                return count
            shift += positions[at] - wanted
            if shift > slop:
                fits = False
                break
            if found.shape[0]:
                found[count, i] = positions[at]
        if fits:
            count += 1
    return count


@kernel
def match_phrase(lists, ids, offsets, slop):  # type: ignore[no-untyped-def]
    """The documents with a phrase and how often each has it, as (int32[n], int32[n]).

    Word i, whose list is `ids[i]` (int64), stands `offsets[i]` (int64) positions behind word 0, or up to `slop` more
    in all, with the words in order.
    """
    n = ids.size
    starts, ends = lists.starts[ids], lists.ends[ids]
    documents, firsts, positions = lists.documents, lists.firsts, lists.positions
    driver = 0
    for i in range(1, n):
        if ends[i] - starts[i] < ends[driver] - starts[driver]:
            driver = i
    out = np.empty(ends[driver] - starts[driver], np.int32)
    frequencies = np.empty(out.size, np.int32)
    lows, highs = np.empty(n, np.int64), np.empty(n, np.int64)
    nothing = np.empty((0, n), np.int64)
    size = 0
    while starts[driver] < ends[driver]:
        document = documents[starts[driver]]
        aligned = True
        for i in range(n):
            if i == driver:
                continue
            starts[i] = gallop(documents, starts[i], ends[i], document)
            if starts[i] == ends[i]:
                return out[:size].copy(), frequencies[:size].copy()
            if documents[starts[i]] != document:
                starts[driver] = gallop(documents, starts[driver], ends[driver], documents[starts[i]])
                aligned = False
                break
        if not aligned:
            continue
        for i in range(n):
            lows[i], highs[i] = firsts[starts[i]], firsts[starts[i] + 1]
        frequency = _occurrences(positions, lows, highs, offsets, slop, nothing)
        if frequency:
            out[size], frequencies[size] = document, frequency
            size += 1
        starts[driver] += 1
    return out[:size].copy(), frequencies[:size].copy()
