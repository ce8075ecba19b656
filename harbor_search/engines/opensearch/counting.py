"""What a search counts besides its hits: the values of facets, and matches of which near-duplicates are one."""

from __future__ import annotations

from typing import Any

__all__ = ["COUNTED", "EVERY_FACET_VALUE", "FACETS", "estimating", "facet_of", "number_of"]

Json = dict[str, Any]

EVERY_FACET_VALUE = 10_000
"""Values of a facet that are counted: more sections or years than any collection has."""

MOST_GROUPS = 10_000
"""Groups of near-duplicates that are counted exactly: a cluster allows 65,535 buckets in an answer, and up to three
numbers are counted. Where there are more, the total is a lower bound."""

MOST_GROUPS_OF_FACETS = 2_000
"""The same for the values of facets, whose buckets are more for each group: where more match, what is folded away is
estimated."""

FACETS = {"section": "sections", "year": "year", "source": "source_name"}
"""By facet the field that has its values."""

COUNTED = ("all", "preferred", "together")
"""The aggregations that count matches exactly."""


def estimating(body: Json) -> Json:
    """The body of a search that counts the values of facets as `body` does, those that are folded away estimated."""
    aggregations = {}
    for name in body["aggs"].keys() & FACETS.keys():
        values = body["aggs"][name]["aggs"]["values"] | {"aggs": _FOLDED}
        aggregations[name] = {"filter": body["aggs"][name]["filter"], "aggs": {"values": values}}
    return {"query": body["query"], "size": 0, "track_total_hits": False, "aggs": aggregations}


def facet_of(field: str, filters: list[Json], folded: bool) -> Json:
    """The counts of the values of `field` among the matches that `filters` leave, and what is folded away of them."""
    counts: Json = {"values": {"terms": {"field": field, "size": EVERY_FACET_VALUE}}}
    if folded:
        # Only of groups of which two match is anything folded away, and only where two have one value.
        twice = {"field": field, "size": EVERY_FACET_VALUE, "min_doc_count": 2}
        groups = {"field": "group", "size": MOST_GROUPS_OF_FACETS, "shard_size": MOST_GROUPS_OF_FACETS}
        within = {"terms": groups | {"min_doc_count": 2}, "aggs": {"values": {"terms": twice}}}
        counts["folded"] = {"filter": {"exists": {"field": "similar"}}, "aggs": {"groups": within}}
    return {"filter": _all_of(filters), "aggs": counts}


def number_of(filters: list[Json], folded: bool) -> Json:
    """The number of the matches that `filters` leave."""
    return {"filter": _all_of(filters)} | ({"aggs": _FOLDED_EXACTLY} if folded else {})


_FOLDED: Json = {
    "grouped": {
        "filter": {"exists": {"field": "similar"}},
        "aggs": {"groups": {"cardinality": {"field": "group", "precision_threshold": 40_000}}},
    }
}
"""How many matches have near-duplicates, and about how many groups these are: for each of a facet's values, and true
to one or two up to tens of thousands."""

_FOLDED_EXACTLY: Json = {
    "grouped": {
        "filter": {"exists": {"field": "similar"}},
        "aggs": {
            "groups": {"terms": {"field": "group", "size": MOST_GROUPS}},
            "counted": {"stats_bucket": {"buckets_path": "groups._count"}},
        },
    }
}
"""The same for a number that has to be exact."""


def _all_of(filters: list[Json]) -> Json:
    return {"bool": {"filter": filters}} if filters else {"match_all": {}}
