"""Posting lists as kernels see them: arrays that all lists share, and what is known of each list.

All lists stand one after the other in shared arrays, each from a multiple of `BLOCK` on, so that a kernel needs only
the numbers of the lists. A list has document numbers (ascending) and impacts: what the term contributes to a document's
score, less the factor that only depends on the term. Lists with many documents also have a bitmap with running counts,
which answers "is document d in it, and where" without a search, and for each 64 documents the highest impact; those
with very many documents have a column of impacts by document, in bytes, to tell at a glance which can matter. A list
that phrases need has the positions of its postings too, field by field.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import float32, float64, int32, int64, uint8, uint64

from harbor_search.ranking.tables import View, view

__all__ = ["BLOCK", "FLOORS", "LISTS", "STEPS", "Lists", "lists_at"]

BLOCK = 128
"""Postings for which one maximum is kept."""

FLOORS = (10, 100, 1000)
"""For these k the k-th highest impact of a list is known: no top k of a union can hold less."""

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
