"""Ranking: scoring and selection over arrays."""

from harbor_search.ranking.arena import Arena, Lists
from harbor_search.ranking.folding import BM25F, Component, FieldWeight, add_folded, idf, norms
from harbor_search.ranking.matching import combine, count, count_values, members, remove_list, top_by_order
from harbor_search.ranking.phrases import phrase_places
from harbor_search.ranking.selection import MOST, SCALE, Plan, Ranker, Top, make_plan

__all__ = [
    "MOST",
    "SCALE",
    "Arena",
    "BM25F",
    "Component",
    "FieldWeight",
    "Lists",
    "Plan",
    "Ranker",
    "Top",
    "add_folded",
    "combine",
    "count",
    "count_values",
    "idf",
    "make_plan",
    "members",
    "norms",
    "phrase_places",
    "remove_list",
    "top_by_order",
]
