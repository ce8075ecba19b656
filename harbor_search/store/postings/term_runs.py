"""The terms of several dictionaries merged: in runs of bounded size, each in ascending order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harbor_search.compiled import kernel
from harbor_search.store.byte_strings import equals_previous, merged_order
from harbor_search.store.postings.dictionary import NO_ENTRIES, Dictionary, TermEntries, concat_entries

__all__ = ["CHUNK_TERMS", "TermRun", "chunks", "term_runs"]

Int32s = npt.NDArray[np.int32]

CHUNK_TERMS = 65_536
"""Terms decoded at a time, of all segments together."""


@dataclass(frozen=True, slots=True)
class TermRun:
    """A range of terms of all segments, `parts` by segment.

    `order` is the sorted order of the concatenated parts; of equal terms those of earlier segments come first. `first`
    (bool[n]) is False where a term of the order equals its predecessor.
    """

    parts: list[TermEntries]
    order: Int32s
    first: npt.NDArray[np.bool_]


class _Cursor:
    """The terms of one dictionary that are decoded and not yet consumed."""

    def __init__(self, dictionary: Dictionary, max_terms: int) -> None:
        self._parts = dictionary.parts(max_terms)
        self._left = dictionary.count
        self._entries: TermEntries | None = None

    def fill(self) -> None:
        """Decode more terms if all were consumed."""
        if self._entries is None or not len(self._entries):
            self._entries = next(self._parts, None)

    def last(self) -> bytes | None:
        """The last decoded term; None if it is the last of the dictionary."""
        entries = self._entries
        if entries is None or len(entries) == self._left:
            return None
        start = int(entries.ends[-2]) if len(entries) > 1 else 0
        return entries.text[start:].tobytes()

    def take(self, bound: bytes | None) -> TermEntries:
        """Consume the decoded terms up to and including `bound` (None: all of them)."""
        entries = self._entries
        if entries is None:
            return NO_ENTRIES
        end = len(entries)
        if bound is not None:
            end = int(_first_after(entries.text, entries.ends, np.frombuffer(bound, np.uint8)))
        self._entries = entries.part(end, len(entries))
        self._left -= end
        return entries.part(0, end)


def term_runs(dictionaries: Sequence[Dictionary]) -> Iterator[TermRun]:
    max_terms = max(CHUNK_TERMS // len(dictionaries), 1)
    cursors = [_Cursor(dictionary, max_terms) for dictionary in dictionaries]
    while True:
        for cursor in cursors:
            cursor.fill()
        # Beyond the smallest of these, another dictionary may have terms that are not decoded yet.
        bound = min((last for cursor in cursors if (last := cursor.last()) is not None), default=None)
        parts = [cursor.take(bound) for cursor in cursors]
        if not any(map(len, parts)):
            return
        yield _ordered(parts)


def _ordered(parts: list[TermEntries]) -> TermRun:
    every = concat_entries(parts)
    sizes = [len(part) for part in parts]
    firsts = [sum(sizes[:i]) for i in range(len(sizes))]
    orders = [np.arange(first, first + size, dtype=np.int32) for first, size in zip(firsts, sizes, strict=True)]
    order = merged_order(every.text, every.ends, orders)
    return TermRun(parts, order, ~equals_previous(every.text, every.ends, order))


def chunks(run: TermRun, most: int) -> Iterator[TermRun]:
    """The stretch in pieces of at most `most` postings and occurrences, each of whole terms."""
    places = np.concatenate([part.places for part in run.parts])
    weights = np.cumsum((places[:, 2] + places[:, 3])[run.order])
    terms = np.append(np.nonzero(run.first)[0], run.order.size)
    before = np.concatenate([[0], weights])[terms]
    sizes = np.array([len(part) for part in run.parts])
    source = np.repeat(np.arange(sizes.size), sizes)[run.order]
    taken = np.zeros(sizes.size, np.int64)
    term = 0
    while term < terms.size - 1:
        stop = max(term + 1, int(np.searchsorted(before, before[term] + most, "right")) - 1)
        low, high = int(terms[term]), int(terms[stop])
        ends = taken + np.bincount(source[low:high], minlength=sizes.size)
        parts = [part.part(int(first), int(end)) for part, first, end in zip(run.parts, taken, ends, strict=True)]
        # Renumber the order: from the concatenated parts of the whole run to those of the chunk.
        shift = np.cumsum(sizes) - sizes + taken - (np.cumsum(ends - taken) - (ends - taken))
        order = (run.order[low:high] - shift[source[low:high]]).astype(np.int32)
        yield TermRun(parts, order, run.first[low:high])
        taken, term = ends, stop


@kernel
def _first_after(text, ends, bound):
    """The number of ascending terms that are not above `bound` (binary search)."""
    low, high = 0, ends.size
    while low < high:
        middle = (low + high) >> 1
        start = np.int64(ends[middle - 1]) if middle else np.int64(0)
        size = np.int64(ends[middle]) - start
        difference = size - bound.size
        for i in range(min(size, bound.size)):
            if text[start + i] != bound[i]:
                difference = np.int64(text[start + i]) - np.int64(bound[i])
                break
        if difference <= 0:
            low = middle + 1
        else:
            high = middle
    return low
