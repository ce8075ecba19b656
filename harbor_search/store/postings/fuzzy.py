"""Terms within a few edits of a word, by a walk over the term dictionary.

The distance is the optimal string alignment distance (insertions, deletions, substitutions and transpositions of
neighbours, each stretch edited once), counted in characters. It is computed row by row, a row for each character of a
term. Rows only grow, so where the least of a row is above the distance, no term that begins with these characters can
match. The dictionary is sorted: what such terms have in common is computed once, and all those that begin with what
cannot match are skipped, whole groups of them unread.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from harbor_search.compiled import copy_values, inlined, kernel, part
from harbor_search.store.postings.dictionary import (
    GROUP,
    MAX_TERM_BYTES,
    Dictionary,
    Entries,
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

_ROOM = 64
"""Terms that the arrays of results have room for at first."""


def similar_terms(dictionary: Dictionary, term: str, distance: int) -> tuple[Entries, npt.NDArray[np.int64]]:
    """All terms at most `distance` edits from `term`, and int64[n]: how many edits each of them is away.

    Raises:
        OperationalError: the dictionary is damaged.
    """
    points = np.array([ord(character) for character in term], np.int64)
    text, ends, places, edits, found = _similar(
        dictionary.terms, dictionary.groups, dictionary.bases, dictionary.count, points, distance
    )
    return Entries(text[: int(ends[found - 1]) if found else 0], ends[:found], places[:found]), edits[:found]


@kernel
def _similar(buffer, groups, bases, count, points, distance):
    """Find the similar terms; returns the arrays of `Entries`, the edits of each, and how many of them are filled."""
    text, ends = np.empty(MAX_TERM_BYTES, np.uint8), np.empty(_ROOM, np.uint64)
    places, edits = np.empty((_ROOM, 4), np.int64), np.empty(_ROOM, np.int64)
    term, scratch = np.empty(MAX_TERM_BYTES, np.uint8), np.empty(MAX_TERM_BYTES, np.uint8)
    wanted = padded(points, distance)
    rows = first_row(wanted, distance)
    # By number of characters of the term: what `next_row` notes, and how many bytes they are.
    same, end = np.zeros(rows.shape[0], np.int64), np.zeros(rows.shape[0], np.int64)
    found, size, depth, hopeless = 0, 0, 0, 0
    ordinal, length, at = 0, 0, 0
    while ordinal < count:
        if ordinal % GROUP == 0:
            at = group_at(groups, ordinal // GROUP)
            kept = _common(buffer, at, term, length)
        else:
            kept, _ = get_number(buffer, at)
        if 0 < hopeless <= kept:
            at = skip_entry(buffer, at)
            ordinal += 1
            continue
        length, at = read_term(buffer, at, term)
        while end[depth] > kept:
            depth -= 1
        depth, hopeless = _advance(term, length, wanted, distance, rows, same, end, depth)
        if hopeless:
            group = _last_group(buffer, groups, ordinal // GROUP, term[:hopeless])
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
    """The arrays with as much room again, for a term of any length too."""
    return (
        np.concatenate((text, text)),
        np.concatenate((ends, ends)),
        np.concatenate((places, places)),
        np.concatenate((edits, edits)),
    )


@inlined
def _common(buffer, at, term, length):
    """How many bytes the first term of a group, at byte `at`, has in common with `term[:length]`."""
    size, at = get_number(buffer, at + 1)
    same = 0
    while same < min(size, length, buffer.size - at) and buffer[at + same] == term[same]:
        same += 1
    return same


@inlined
def _last_group(buffer, groups, group, prefix):
    """The last group whose first term begins with `prefix`, where the terms at the end of `group` may; else `group`."""
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
    """Compute the rows of a term from its character `depth` on, until one is hopeless.

    Returns (the last row that is not, the bytes up to the character of the one that is, or 0).
    """
    at, hopeless = end[depth], 0
    while at < length and not hopeless:
        point, at = _character(term, at, length)
        end[depth + 1] = at
        if next_row(rows, same, depth + 1, wanted, point, distance):
            depth += 1
        else:
            hopeless = at
    return depth, hopeless


@inlined
def _character(term, at, length):
    """The character at byte `at` of UTF-8, and the byte behind it."""
    byte = np.int64(term[at])
    more = 0 if byte < 0x80 else 1 if byte < 0xE0 else 2 if byte < 0xF0 else 3
    value = byte if more == 0 else byte & (0x3F >> more)
    end = min(at + 1 + more, length)
    for i in range(at + 1, end):
        value = value << 6 | (np.int64(term[i]) & 0x3F)
    return value, end
