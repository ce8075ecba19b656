"""Terms within a few edits of a word, found by a scan of the term dictionary.

The edit distance (see `edit_distance`) is computed in one row for each character of a term. The minimum of a row never
decreases from row to row, so once it exceeds the maximum distance, no term with this prefix can match. As the
dictionary is sorted, rows of a shared prefix are computed once, and terms with a prefix that cannot match are skipped,
whole groups of them without being read.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from harbor_search.compiled import copy_values, inlined, kernel, part
from harbor_search.store.postings.dictionary import Dictionary, TermEntries
from harbor_search.store.postings.dictionary_entries import (
    GROUP,
    MAX_TERM_BYTES,
    begins_with,
    get_number,
    group_at,
    read_place,
    read_term,
    skip_entry,
    skip_numbers,
)
from harbor_search.store.postings.edit_distance import edits_of, first_row, next_row, padded

__all__ = ["similar_terms"]

_INITIAL_CAPACITY = 64
"""Initial capacity of the result arrays, in terms."""


def similar_terms(dictionary: Dictionary, term: str, distance: int) -> tuple[TermEntries, npt.NDArray[np.int64]]:
    """All terms within `distance` edits of `term`, and the distance of each (int64[n]).

    Raises:
        OperationalError: the dictionary is damaged.
    """
    points = np.array([ord(character) for character in term], np.int64)
    text, ends, places, edits, found = _similar(
        dictionary.terms, dictionary.groups, dictionary.bases, dictionary.count, points, distance
    )
    return TermEntries(text[: int(ends[found - 1]) if found else 0], ends[:found], places[:found]), edits[:found]


@kernel
def _similar(buffer, groups, bases, count, points, distance):
    """Find the similar terms; returns the arrays of `TermEntries`, the distance of each, and the number of terms."""
    text, ends = np.empty(MAX_TERM_BYTES, np.uint8), np.empty(_INITIAL_CAPACITY, np.uint64)
    places, edits = np.empty((_INITIAL_CAPACITY, 4), np.int64), np.empty(_INITIAL_CAPACITY, np.int64)
    term, scratch = np.empty(MAX_TERM_BYTES, np.uint8), np.empty(MAX_TERM_BYTES, np.uint8)
    wanted = padded(points, distance)
    rows = first_row(wanted, distance)
    # By number of characters of the current term: the column masks of `next_row`, and the length in bytes.
    same, end = np.zeros(rows.shape[0], np.int64), np.zeros(rows.shape[0], np.int64)
    found, size, depth, mismatch = 0, 0, 0, 0
    ordinal, length, at = 0, 0, 0
    while ordinal < count:
        if ordinal % GROUP == 0:
            at = group_at(groups, ordinal // GROUP)
            kept = _common(buffer, at, term, length)
        else:
            kept, _ = get_number(buffer, at)
        if 0 < mismatch <= kept:
            at = skip_entry(buffer, at)
            ordinal += 1
            continue
        length, at = read_term(buffer, at, term)
        while end[depth] > kept:
            depth -= 1
        depth, mismatch = _advance(term, length, wanted, distance, rows, same, end, depth)
        if mismatch:
            group = _last_group(buffer, groups, ordinal // GROUP, term[:mismatch])
            if group > ordinal // GROUP:
                ordinal = group * GROUP
                continue
        else:
            away = edits_of(rows, depth, wanted, distance)
            if away <= distance:
                if found == edits.size or size + length > text.size:
                    text, ends, places, edits = _enlarged(text, ends, places, edits)
                copy_values(term[:length], text[size:])
                size += length
                ends[found], edits[found] = size, away
                read_place(buffer, groups, bases, ordinal, scratch, places[found])
                found += 1
        at = skip_numbers(buffer, at)
        ordinal += 1
    return text, ends, places, edits, found


@part
def _enlarged(text, ends, places, edits):
    """The arrays with twice the capacity."""
    return (
        np.concatenate((text, text)),
        np.concatenate((ends, ends)),
        np.concatenate((places, places)),
        np.concatenate((edits, edits)),
    )


@inlined
def _common(buffer, at, term, length):
    """Length in bytes of the common prefix of `term[:length]` and the first term of the group at byte `at`."""
    size, at = get_number(buffer, at + 1)
    same = 0
    while same < min(size, length, buffer.size - at) and buffer[at + same] == term[same]:
        same += 1
    return same


@inlined
def _last_group(buffer, groups, group, prefix):
    """The last group after `group` whose first term begins with `prefix` (galloping search); `group` if there is none.

    The current term, in `group`, begins with `prefix`.
    """
    low, step = group, 1
    while low + step < groups.size and begins_with(buffer, np.int64(groups[low + step]), prefix):
        low += step
        step *= 2
    high = min(low + step, groups.size)
    while high - low > 1:
        middle = (low + high) >> 1
        if begins_with(buffer, np.int64(groups[middle]), prefix):
            low = middle
        else:
            high = middle
    return low


@inlined
def _advance(term, length, wanted, distance, rows, same, end, depth):
    """Compute the rows of a term from its character `depth` on, until it can no longer match.

    Returns (number of characters that can still match, length in bytes of the first prefix that cannot, or 0).
    """
    at, mismatch = end[depth], 0
    while at < length and not mismatch:
        point, at = _character(term, at, length)
        end[depth + 1] = at
        if next_row(rows, same, depth + 1, wanted, point, distance):
            depth += 1
        else:
            mismatch = at
    return depth, mismatch


@inlined
def _character(term, at, length):
    """The code point at byte `at` of UTF-8 text, and the next byte."""
    byte = np.int64(term[at])
    more = 0 if byte < 0x80 else 1 if byte < 0xE0 else 2 if byte < 0xF0 else 3
    value = byte if more == 0 else byte & (0x3F >> more)
    end = min(at + 1 + more, length)
    for i in range(at + 1, end):
        value = value << 6 | (np.int64(term[i]) & 0x3F)
    return value, end
