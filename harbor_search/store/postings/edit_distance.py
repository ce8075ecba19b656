"""Bit-parallel edit distance to one word: each character of a term costs some twenty operations.

The distance is the optimal string alignment distance in characters: insertions, deletions, substitutions and
transpositions of adjacent characters, no substring edited twice. Row i belongs to the first i characters of a term; bit
c of `rows[i, k]` says whether they are within k edits of the first i + c - d characters of the word, where d is the
maximum distance: cells outside this band around the diagonal are further away. The bit vectors for each k are those of
Wu and Manber, "Fast text searching allowing errors" (CACM 1992); the band is that of Schulz and Mihov, "Fast string
correction with Levenshtein automata" (IJDAR 2002).
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import copy_values, inlined, part

__all__ = ["MAX_EDITS", "edits_of", "first_row", "next_row", "padded"]

MAX_EDITS = 30
"""A row has 2 * d + 1 bits, which must fit into an int64."""


@part
def padded(points, distance):
    """A word's characters (int64[n]), padded with -1 on both sides so that the band of any row stays within."""
    wanted = np.full(points.size + 3 * distance + 3, -1, np.int64)
    copy_values(points, wanted[distance + 1 :])
    return wanted


@part
def first_row(wanted, distance):
    """int64[rows, distance + 1]: rows for the longest term that can match, and an empty one; the first is computed."""
    size = wanted.size - 3 * distance - 3
    rows = np.zeros((size + distance + 2, distance + 1), np.int64)
    for k in range(distance + 1):
        rows[0, k] = (2 << min(k, size)) - 1 << distance
    return rows


@inlined
def next_row(rows, same, i, wanted, point, distance):
    """Compute row `i` for the character `point` from the previous rows; returns whether a term can still match.

    `same[i]` receives the columns of the row at which the word has that character.
    """
    columns = 2 * distance + 1
    here = np.int64(0)
    for column in range(columns):
        here |= np.int64(wanted[i + column] == point) << column
    same[i] = here
    # Mask out columns beyond the end of the word.
    within = min(max(wanted.size - 2 * distance - 2 - i, 0), columns)
    mask = (1 << within) - 1
    rows[i, 0] = rows[i - 1, 0] & here & mask
    for k in range(1, distance + 1):
        before = rows[i - 1, k - 1]
        row = rows[i - 1, k] & here | before | before >> 1 | rows[i, k - 1] << 1
        if i > 1:
            row |= rows[i - 2, k - 1] & here << 1 & same[i - 1] >> 1
        rows[i, k] = row & mask
    return rows[i, distance] != 0


@inlined
def edits_of(rows, i, wanted, distance):
    """The distance of a term of `i` characters from the word; `distance + 1` if it is larger than `distance`."""
    last = wanted.size - 2 * distance - 3 - i
    edits = distance + 1
    if last <= 2 * distance:
        for k in range(distance, -1, -1):
            if rows[i, k] >> last & 1:
                edits = k
    return edits
