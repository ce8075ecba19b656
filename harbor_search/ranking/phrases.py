"""Phrases: documents where words stand one after the other.

A phrase is no list of its own: it is the positions of its words' lists. In a document that has all the words it is
worth no more than the least of their impacts, since it cannot occur more often than each of them; positions are only
looked at where that would do.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from harbor_search.compiled import bit_count, inlined, kernel, lowest_bit
from harbor_search.ranking.lookup import gallop

__all__ = ["ALL", "occurrences", "phrase_bound", "phrase_fields", "phrase_impact", "phrase_places"]

ALL = np.int64(1) << np.int64(62)
"""More occurrences than there are."""


def phrase_places(positions: list[npt.NDArray[np.int32]], offsets: list[int], slop: int) -> npt.NDArray[np.int64]:
    """Where in one text the phrase stands: int64[n, words], the position of each of its words.

    `positions` are those of each word in the text, ascending.
    """
    ends = np.cumsum([each.size for each in positions])
    starts = np.concatenate([[0], ends[:-1]])
    found = np.empty((positions[0].size, len(positions)), np.int64)
    size = occurrences(np.concatenate(positions), starts, ends, np.array(offsets, np.int64), slop, ALL, found)
    return found[:size]


@kernel
def occurrences(positions, cursors, ends, offsets, slop, enough, found):  # type: ignore[no-untyped-def]
    """Count the occurrences of the phrase in a document, up to `enough`, and note the words' positions in `found`.

    `cursors` are where the positions of each word begin; they are used up.
    """
    n = cursors.size
    count = 0
    for first in range(cursors[0], ends[0]):
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
            if count == enough:
                break
    return count


@kernel
def _pairs(positions, at, end, other, other_end, distance, enough):  # type: ignore[no-untyped-def]
    """How often, up to `enough`, two words stand exactly `distance` apart; both have ascending positions."""
    count = 0
    while at < end and other < other_end and count < enough:
        gap = positions[other] - positions[at] - distance
        count += gap == 0
        other += gap <= 0
        at += gap >= 0
    return count


@kernel
def phrase_fields(positioned, phrases, at, fields):  # type: ignore[no-untyped-def]
    """The fields, of so many, where all words of the phrase at `phrases[at]` have positions, as bits of a uint64."""
    found = np.uint64(0)
    for field in range(fields):
        complete = True
        for i in range(phrases[at]):
            complete &= positioned[phrases[at + 2 + i], 2 * field] >= 0
        found |= np.uint64(complete) << np.uint64(field)
    return found


@inlined
def phrase_bound(positioned, firsts, traces, norms, k1, phrases, at, fields, scratch, document):  # type: ignore[no-untyped-def]
    """A bound of a phrase's impact in a document that all its words' lists have, by the traces of their positions.

    Words that stand together leave traces at the phrase's distances. Starts of the phrase that share a bit count as
    one there, so as many as share one are added. Arguments are those of `phrase_impact`.
    """
    n, slop = phrases[at], phrases[at + 1]
    weighted = np.float32(0)
    while fields:
        field = lowest_bit(fields)
        fields &= fields - np.uint64(1)
        trace, shift, most, shared = np.uint64(0), np.int64(0), np.int64(0), np.int64(0)
        for i in range(n):
            entry = positioned[phrases[at + 2 + i], 2 * field] + scratch[0, i]
            if i == 0:
                trace = traces[entry]
                most = np.int64(firsts[entry + 1] - firsts[entry])
                shared = most - bit_count(trace)
            elif slop:
                trace = trace if traces[entry] else np.uint64(0)
            else:
                turn = np.uint64((phrases[at + 2 + n + i] - shift) & 63)
                trace = (trace << turn | trace >> (np.uint64(64) - turn & np.uint64(63))) & traces[entry]
                shift = phrases[at + 2 + n + i]
            if trace == 0:
                break
        if trace:
            weighted += np.float32(most if slop else min(most, bit_count(trace) + shared)) * norms[field, document]
    return weighted / (k1 + weighted) if weighted > 0 else np.float32(0)


@inlined
def phrase_impact(positioned, firsts, positions, norms, k1, phrases, at, fields, scratch, document, enough):  # type: ignore[no-untyped-def]
    """A phrase's impact in a document that all its words' lists have; 0 where it does not stand there.

    Args:
        positioned, firsts, positions: the arena's arrays.
        norms, k1: float32[fields, documents] and float32, as `folding` has them.
        phrases, at: the phrase is at `phrases[at]` (int64): the number of its words, how much further apart they may
            be in all, their lists, and their distances from the first.
        fields: the fields where all words have positions, as the bits of a uint64 (`phrase_fields`).
        scratch: int64[3, at least words]; its first row has the document's postings, counted from each list's first.
        document: its number.
        enough: how many occurrences in a field need to be counted, `ALL` for the whole impact.
    """
    n, slop = phrases[at], phrases[at + 1]
    weighted = np.float32(0)
    while fields:
        field = lowest_bit(fields)
        fields &= fields - np.uint64(1)
        complete = True
        for i in range(n):
            first = positioned[phrases[at + 2 + i], 2 * field]
            base = positioned[phrases[at + 2 + i], 2 * field + 1]
            scratch[1, i] = base + firsts[first + scratch[0, i]]
            scratch[2, i] = base + firsts[first + scratch[0, i] + 1]
            if scratch[1, i] == scratch[2, i]:
                complete = False
                break
        if complete:
            if n == 2 and slop == 0:
                frequency = _pairs(
                    positions, scratch[1, 0], scratch[2, 0], scratch[1, 1], scratch[2, 1], phrases[at + 5], enough
                )
            else:
                offsets = phrases[at + 2 + n : at + 2 + 2 * n]
                nothing = np.empty((0, 0), np.int64)
                frequency = occurrences(positions, scratch[1, :n], scratch[2, :n], offsets, slop, enough, nothing)
            weighted += np.float32(frequency) * norms[field, document]
    return weighted / (k1 + weighted) if weighted > 0 else np.float32(0)
