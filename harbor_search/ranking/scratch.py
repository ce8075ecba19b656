"""What a search has at hand besides posting lists: what is alike in all queries, and room for what one needs."""

from __future__ import annotations

from numba import float32, float64, int32, int64, uint8, uint64

from harbor_search.ranking.postings_cache import LISTS
from harbor_search.ranking.tables import View, view

__all__ = ["KNOWN_WIDTH", "SEARCH", "search_at"]

KNOWN_WIDTH = 9
"""How many numbers may be noted of a list (see `conjunction_terms` and `phrase_top_k`)."""

SEARCH = View(
    "Search",
    LISTS.behind,
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
        "clauses": int64[::1],
        "plan": int64[::1],
        "known": int64[:, ::1],
        "factors": float32[::1],
        "begins": int64[::1],
        "words": int64[::1],
        "slots": int64[::1],
        "spoken": int64[:, ::1],
        "weights": float32[::1],
        "fields": uint64[::1],
        "mask": uint64[::1],
    },
)
"""What kernels call `search`.

Alike in all queries are each document's place in the order of article ids, `ranks` int32[documents], and the document
of each place, `order` int32[documents]; `norms` float32[fields, documents] and `k1` float32 as `bm25f` has them.

Room that is zero between queries: `accumulators` int32[documents] and `marks` uint8[] (see `phrases.phrase_weight`).
Other room: `candidates` int32[WINDOW + 1], `allowed` uint64 words of a bitmap, `keys` int64[k], a heap (see `top_k_heap`).

The best documents go to `documents` int32[k] and `scores` float64[k].

Of the query: its `clauses` int64[] and `plan` int64[] (see `query_plan`); `mask` uint64 words of the documents allowed,
empty for all; by list, `known` int64[:, KNOWN_WIDTH] and `factors` float32[], whole units of an impact of one; and of
required phrases what `conjunction_terms` notes: `begins`, `words`, `slots` int64[], `spoken` int64[:, WORD_WIDTH], `weights`
float32[], `fields` uint64[].
"""

search_at = view(SEARCH)
