"""Phrases: documents where words stand one after the other.

A phrase is no list of its own: it is the positions of its words' lists. In a document that has all the words it is
worth no more than the least of their impacts, since it cannot occur more often than each of them; positions are only
looked at where that would do.
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import bit_count, inlined, kernel, lowest_bit, part
from harbor_search.ranking.cursors import gallop

__all__ = [
    "LIST",
    "OFFSET",
    "PLACE",
    "PHRASE_TERM_WIDTH",
    "phrase_bound",
    "phrase_fields",
    "phrase_stands",
]
__all__ += ["phrase_occurrences", "phrase_weight", "sloppy_frequency"]

LIST, OFFSET, PLACE, _NEXT, _STOP = range(5)
"""What is known of a word of a phrase: its list's number, how far it stands from the first word, the current document's
posting, counted from its list's first, and where its positions in a field of that document begin and end."""

PHRASE_TERM_WIDTH = _STOP + 1

_MOST_MARKED = 64
"""Words of a phrase up to which marks tell them: marks are bytes."""


@kernel
def phrase_occurrences(positions, cursors, ends, offsets, slop, enough, found):
    """Count the occurrences of the phrase in a document, up to `enough`, and note the words' positions in `found`.

    `cursors` are where the positions of each word begin; they are used up. `offsets` are the words' distances from one
    of them, the first where there is a `slop`.
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
            wanted = begin + offsets[i] - offsets[0] + shift
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
def sloppy_frequency(positions, cursors, ends, offsets, slop, match_only):
    """How often words stand near each other in a document, 1 / (1 + d) for each time that they are d positions further
    apart in all than they should be, as Lucene counts them; where it is `match_only`, whether they do.

    Arguments are those of `phrase_occurrences`.
    """
    n = cursors.size
    frequency = np.float64(0)
    for first in range(cursors[0], ends[0]):
        begin, shift = np.int64(positions[first]), np.int64(0)
        for i in range(1, n):
            wanted = begin + offsets[i] - offsets[0] + shift
            at = gallop(positions, cursors[i], ends[i], wanted)
            cursors[i] = at
            if at == ends[i]:
                return frequency
            shift += positions[at] - wanted
            if shift > slop:
                break
        if shift <= slop:
            frequency += 1 / (1 + shift)
            if match_only:
                break
    return frequency


@inlined
def phrase_fields(lists, scratch, phrases, at):
    """The fields that count where all words of the phrase at `phrases[at]` have positions, as bits of a uint64."""
    found = np.uint64(0)
    for field in range(scratch.norms.shape[0]):
        complete = scratch.norms[field, 0] > 0  # no text is so long that it weighs nothing where another does
        for i in range(phrases[at]):
            complete &= lists.positioned[phrases[at + 2 + i], 2 * field] >= 0
        found |= np.uint64(complete) << np.uint64(field)
    return found


@inlined
def phrase_bound(lists, scratch, terms, slop, fields, document):
    """A bound of a phrase's weighted occurrences in a document, by the traces of its words' positions.

    Words that stand together leave traces at the phrase's distances. Places of the first word looked at that share a
    bit count as one there, so as many as share one are added.

    Args:
        lists, scratch: what is at hand.
        terms: int64[words, at least PHRASE_TERM_WIDTH], what is known of the words, in any order where `slop` is 0 (the
            rarest first is fastest), otherwise in the phrase's. The document is in all their lists.
        slop: how much further apart than they should be the words may stand in all.
        fields: the fields where all words have positions, as the bits of a uint64 (`phrase_fields`).
        document: its number.
    """
    weight = np.float32(0)
    while fields:
        field = lowest_bit(fields)
        fields &= fields - np.uint64(1)
        starts = _shared_starts(lists, terms, slop, field)
        if starts:
            entry = lists.positioned[terms[0, LIST], 2 * field] + terms[0, PLACE]
            places = np.int64(lists.firsts[entry + 1] - lists.firsts[entry])
            shared = places - bit_count(lists.traces[entry])
            weight += np.float32(bit_count(starts) + shared) * scratch.norms[field, document]
    return weight


@inlined
def _shared_starts(lists, terms, slop, field):
    """Where a phrase may begin in a field of a document, by the traces of its words: the bits that they share."""
    positioned, traces = lists.positioned, lists.traces
    starts = _turned(traces[positioned[terms[0, LIST], 2 * field] + terms[0, PLACE]], terms[0, OFFSET])
    j = 1
    while starts and j < terms.shape[0]:
        other = traces[positioned[terms[j, LIST], 2 * field] + terms[j, PLACE]]
        if slop:
            starts = starts if other else np.uint64(0)
        else:
            starts &= _turned(other, terms[j, OFFSET])
        j += 1
    return starts


@inlined
def _turned(trace, distance):
    """The trace of the places that are `distance` before those of `trace`."""
    turn = np.uint64(distance & 63)
    return trace >> turn | trace << (np.uint64(64) - turn & np.uint64(63))


@inlined
def phrase_weight(lists, scratch, terms, slop, fields, document, match_only):
    """A phrase's weighted occurrences in a document; 0 where it does not stand there.

    Arguments are those of `phrase_bound`. Where the document is `match_only`, of no matter but for being a match, less
    than all occurrences may be counted. `scratch.marks`, all zero, are so again afterwards.
    """
    weight = np.float32(0)
    while fields:
        field = lowest_bit(fields)
        fields &= fields - np.uint64(1)
        frequency = _count_in(lists, scratch.marks, terms, slop, field, match_only)
        weight += np.float32(frequency) * scratch.norms[field, document]
    return weight


@inlined
def phrase_stands(lists, scratch, terms, slop, fields):
    """Whether a phrase stands in a document at all; arguments are those of `phrase_bound`."""
    while fields:
        field = lowest_bit(fields)
        fields &= fields - np.uint64(1)
        if _shared_starts(lists, terms, slop, field) and _count_in(lists, scratch.marks, terms, slop, field, True):
            return True
    return False


@inlined
def _count_in(lists, marks, terms, slop, field, match_only):
    """How often a phrase stands in a field of a document (float64); where it is `match_only`, whether it does."""
    if match_only and slop == 0 and terms.shape[0] == 2:
        return np.float64(_stand(lists, terms, field))
    positions, reach = lists.positions, _find_positions(lists, terms, field)
    if reach < 0:
        return np.float64(0)
    if slop or reach >= marks.size or terms.shape[0] > _MOST_MARKED:
        return sloppy_frequency(positions, terms[:, _NEXT], terms[:, _STOP], terms[:, OFFSET], slop, match_only)
    return np.float64(_count_by_marks(positions, terms, marks))


@part
def _find_positions(lists, terms, field):
    """Note where the words' positions in a field are; returns how far they reach, -1 where a word has none."""
    positioned, firsts, positions = lists.positioned, lists.firsts, lists.positions
    reach, longest = np.int64(0), np.int64(0)
    for j in range(terms.shape[0]):
        entry = positioned[terms[j, LIST], 2 * field] + terms[j, PLACE]
        base = positioned[terms[j, LIST], 2 * field + 1]
        terms[j, _NEXT], terms[j, _STOP] = base + firsts[entry], base + firsts[entry + 1]
        if terms[j, _NEXT] == terms[j, _STOP]:
            return np.int64(-1)
        reach = max(reach, np.int64(positions[terms[j, _STOP] - 1]))
        longest = max(longest, terms[j, OFFSET])
    return reach + longest


@part
def _count_by_marks(positions, terms, marks):
    """How often a phrase stands in a field of a document, its words exactly where they belong.

    Each word's place speaks for one where the phrase would begin. The first word marks these, each next word steps up
    those that all before it marked, and the last one counts.
    """
    n, longest = terms.shape[0], np.int64(0)
    for j in range(n):
        longest = max(longest, terms[j, OFFSET])
    for i in range(terms[0, _NEXT], terms[0, _STOP]):
        marks[positions[i] + longest - terms[0, OFFSET]] = 1
    for j in range(1, n - 1):
        shift = longest - terms[j, OFFSET]
        for i in range(terms[j, _NEXT], terms[j, _STOP]):
            marks[positions[i] + shift] += marks[positions[i] + shift] == j
    count, shift = 0, longest - terms[n - 1, OFFSET]
    for i in range(terms[n - 1, _NEXT], terms[n - 1, _STOP]):
        count += marks[positions[i] + shift] == n - 1
    for i in range(terms[0, _NEXT], terms[0, _STOP]):
        marks[positions[i] + longest - terms[0, OFFSET]] = 0
    return count


@part
def _stand(lists, terms, field):
    """Whether two words stand at their distance in a field of a document: the first place that is found will do."""
    positioned, firsts, positions = lists.positioned, lists.firsts, lists.positions
    entry, base = positioned[terms[0, LIST], 2 * field] + terms[0, PLACE], positioned[terms[0, LIST], 2 * field + 1]
    at, end = base + firsts[entry], base + firsts[entry + 1]
    entry, base = positioned[terms[1, LIST], 2 * field] + terms[1, PLACE], positioned[terms[1, LIST], 2 * field + 1]
    other, other_end = base + firsts[entry], base + firsts[entry + 1]
    distance = terms[1, OFFSET] - terms[0, OFFSET]
    while at < end and other < other_end:
        gap = positions[other] - positions[at] - distance
        if gap == 0:
            return np.int64(1)
        other += gap < 0
        at += gap > 0
    return np.int64(0)
