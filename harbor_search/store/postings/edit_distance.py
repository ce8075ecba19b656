"""Distances from one word, row by row, as bits: a term's next character costs some twenty operations.

The distance is the optimal string alignment distance: insertions, deletions, substitutions and transpositions of
neighbours, each stretch edited once, counted in characters. Row i is of the first i characters of a term; bit c of
`rows[i, k]` says whether they are at most k edits from the first i + c - d characters of the word, where d is the
greatest distance that is asked for: what is further from the diagonal cannot be within it. A. Wu, U. Manber, Fast text
searching allowing errors, CACM 1992, has the bits of each k; K. Schulz, S. Mihov, Fast string correction with
Levenshtein automata, IJDAR 2002, the band.
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import copy_values, inlined, part

__all__ = ["MOST_EDITS", "edits_of", "first_row", "next_row", "padded"]

MOST_EDITS = 30
"""The bits of a row, two for each edit and one, are those of an int64."""


@part
def padded(points, distance):
    """A word's characters (int64[n]) with what is no character around them, so that any row finds its own."""
    wanted = np.full(points.size + 3 * distance + 3, -1, np.int64)
    copy_values(points, wanted[distance + 1 :])
    return wanted


@part
def first_row(wanted, distance):
    """Rows for all terms that may match, and one more, which is empty: int64[rows, distance + 1], the first filled."""
    size = wanted.size - 3 * distance - 3
    rows = np.zeros((size + distance + 2, distance + 1), np.int64)
    for k in range(distance + 1):
        rows[0, k] = (2 << min(k, size)) - 1 << distance
    return rows


@inlined
def next_row(rows, same, i, wanted, point, distance):
    """Compute row `i` for the character `point` from those before it; returns whether any longer term can match.

    `same[i]` becomes the columns of the row at which the word has that character.
    """
    columns = 2 * distance + 1
    here = np.int64(0)
    for column in range(columns):
        here |= np.int64(wanted[i + column] == point) << column
    same[i] = here
    # The word ends within the band, or before it.
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
    """How many edits a term of `i` characters is from the word; more than `distance` where it is further."""
    last = wanted.size - 2 * distance - 3 - i
    edits = distance + 1
    if last <= 2 * distance:
        for k in range(distance, -1, -1):
            if rows[i, k] >> last & 1:
                edits = k
    return edits
