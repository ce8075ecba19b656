"""Scratch buffers: what a query kernel works with besides posting lists, allocated once and used by every query."""

from __future__ import annotations

from numba import float32, float64, int32, int64, uint8, uint64

from harbor_search.ranking.posting_lists import LISTS
from harbor_search.ranking.tables import View, view

__all__ = ["TERM_WIDTH", "SCRATCH", "scratch_at"]

TERM_WIDTH = 9
"""How many numbers may be noted of a list (see `conjunction_terms` and `phrase_top_k`)."""

SCRATCH = View(
    "Search",
    LISTS.end,
    {
        "ranks": int32[::1],
        "order": int32[::1],
        "norms": float32[:, ::1],
        "k1": float32,
        "accumulators": int32[::1],
        "candidates": int32[::1],
        "marks": uint8[::1],
        "allowed": uint64[::1],
        "keys": int64[::1],
        "documents": int32[::1],
        "scores": float64[::1],
        "plan": int64[::1],
        "terms": int64[:, ::1],
        "factors": float32[::1],
        "phrase_starts": int64[::1],
        "phrase_words": int64[::1],
        "phrase_rows": int64[::1],
        "phrase_terms": int64[:, ::1],
        "phrase_weights": float32[::1],
        "phrase_field_bits": uint64[::1],
        "mask": uint64[::1],
    },
)
"""What kernels call `scratch`.

Alike in all queries are each document's place in the order of article ids, `ranks` int32[documents], and the document
of each place, `order` int32[documents]; `norms` float32[fields, documents] and `k1` float32 as `bm25f` has them.

Zero between queries: `accumulators` int32[documents] and `marks` uint8[] (see `phrases.phrase_weight`).
Others: `candidates` int32[WINDOW + 1], `allowed` uint64 words of a bitmap, `keys` int64[k], a heap (see `top_k_heap`).

The best documents go to `documents` int32[k] and `scores` float64[k].

Of the query: its `plan` int64[], where it is made of clauses (see `query_plan`); `mask` uint64 words of the documents
allowed, empty for all; by list, `terms` int64[:, TERM_WIDTH] and `factors` float32[], whole units of an impact of one;
and of required phrases what `conjunction_terms` notes: `phrase_starts`, `phrase_words`, `phrase_rows` int64[],
`phrase_terms` int64[:, PHRASE_TERM_WIDTH], `phrase_weights` float32[], `phrase_field_bits` uint64[].
"""

scratch_at = view(SCRATCH)
