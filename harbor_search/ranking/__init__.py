"""Ranking: scoring and selection over arrays."""

from harbor_search.ranking.arena import Arena, Lists
from harbor_search.ranking.folding import BM25F, Component, FieldWeight, add_folded, idf, norms
from harbor_search.ranking.heap import rank_of, ranked, score_of
from harbor_search.ranking.intersection import match_all, top_intersection
from harbor_search.ranking.matching import (
    add_list,
    combine,
    count,
    count_values,
    members,
    remove_list,
    top_by_order,
)
from harbor_search.ranking.phrases import PositionalArena, match_phrase, phrase_places
from harbor_search.ranking.union import top_union

__all__ = [
    "BM25F",
    "Arena",
    "Component",
    "FieldWeight",
    "Lists",
    "PositionalArena",
    "add_folded",
    "add_list",
    "combine",
    "count",
    "count_values",
    "idf",
    "match_all",
    "match_phrase",
    "members",
    "norms",
    "phrase_places",
    "rank_of",
    "ranked",
    "remove_list",
    "score_of",
    "top_by_order",
    "top_intersection",
    "top_union",
]
