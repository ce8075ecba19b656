"""Ranking: scoring and selection over arrays."""

from harbor_search.ranking.bitmaps import combine, count, members, remove_list, top_by_order
from harbor_search.ranking.bm25f import BM25F, Component, FieldWeight, Postings, add_folded, add_merged, idf, norms
from harbor_search.ranking.membership import find_members
from harbor_search.ranking.ordering import best_first
from harbor_search.ranking.postings_cache import PostingsCache
from harbor_search.ranking.query_kernel import MOST, SCALE, TOP_KERNEL
from harbor_search.ranking.query_plan import (
    BARE,
    MUST,
    MUST_NOT,
    NOT_LOADED,
    PLANNED,
    STOPS,
    SUBJECT,
    Plan,
    RankingRequest,
    make_clause,
    make_plan,
)
from harbor_search.ranking.ranker import Ranker, Top, TopArrays
from harbor_search.ranking.rescoring import refine, refine_impacts
from harbor_search.ranking.reserved_memory import reserved
from harbor_search.ranking.tables import new_table, set_arrays
from harbor_search.ranking.vectors import cosines, quantised

__all__ = [
    "BARE",
    "MOST",
    "MUST",
    "MUST_NOT",
    "NOT_LOADED",
    "PLANNED",
    "SCALE",
    "STOPS",
    "SUBJECT",
    "TOP_KERNEL",
    "PostingsCache",
    "BM25F",
    "Component",
    "FieldWeight",
    "Plan",
    "Postings",
    "Ranker",
    "RankingRequest",
    "Top",
    "TopArrays",
    "add_folded",
    "add_merged",
    "best_first",
    "combine",
    "cosines",
    "count",
    "find_members",
    "idf",
    "make_clause",
    "make_plan",
    "members",
    "new_table",
    "reserved",
    "norms",
    "quantised",
    "refine",
    "refine_impacts",
    "remove_list",
    "set_arrays",
    "top_by_order",
]
