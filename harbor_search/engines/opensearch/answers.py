"""What a cluster's answer to a search says: how many match, of what, and how alike the hits are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, Literal

from harbor_search.engines.criteria import Criteria
from harbor_search.engines.opensearch.counting import FACETS
from harbor_search.engines.opensearch.mapping import LENGTHS
from harbor_search.results import FacetValue

__all__ = [
    "ESTIMATED",
    "counted_in",
    "exact_facets",
    "facets_of",
    "group_of",
    "has_name",
    "id_of",
    "similar_to",
    "total_of",
    "words_of",
]

Json = dict[str, Any]

ESTIMATED = "estimated"
"""In an answer to which counts of facets were added that are estimates."""


def id_of(hit: Json) -> str:
    """The id of a hit's article, by which equal scores are ordered."""
    return str(hit["sort"][1])


def has_name(hit: Json, name: str) -> bool:
    """Whether a hit matches the query of this name."""
    return name in hit.get("matched_queries", ())


def similar_to(hit: Json) -> int:
    """How many near-duplicates a hit has, where that was asked for."""
    return int(hit.get("fields", {}).get("similar", [0])[0])


def group_of(hit: Json) -> int:
    """The group of near-duplicates that a hit is in, alone or not."""
    return int(hit["fields"]["group"][0])


def words_of(hit: Json) -> int:
    """How many words the article of a hit has to read."""
    return int(hit["fields"][LENGTHS["body"]][0])


def total_of(answer: Json, criteria: Criteria, *, folded: bool) -> tuple[int, Literal["eq", "gte"]]:
    """How many match, and whether that is all of them; what was not counted is what was reached."""
    counted = answer["hits"].get("total")
    if folded and criteria.total == "exact":
        bucket = answer["aggregations"]["all"]
        return _number(bucket), "gte" if bucket["grouped"]["groups"]["sum_other_doc_count"] else "eq"
    if counted is not None and not folded:
        return int(counted["value"]), "eq" if counted["relation"] == "eq" else "gte"
    reached = criteria.offset + len(answer["hits"]["hits"])
    return reached, "gte" if len(answer["hits"]["hits"]) == criteria.limit else "eq"


def counted_in(answer: Json, name: str) -> int | None:
    """How many matches an aggregation counted; None where it was not asked for."""
    found = answer.get("aggregations", {}).get(name)
    return None if found is None else _number(found)


def facets_of(answer: Json) -> dict[str, tuple[FacetValue, ...]]:
    """The values of each facet and their counts."""
    sources = _values(answer, "source", str)
    return {
        "section": _values(answer, "section", lambda value: value.split(" > ")[-1]),
        "year": _values(answer, "year", str),
        **({"source": sources} if sources else {}),
    }


def exact_facets(answer: Json) -> bool:
    """Whether all that is folded away of the values of facets was counted."""
    facets = [each for name in FACETS if (each := answer.get("aggregations", {}).get(name))]
    return not any(each["folded"]["groups"]["sum_other_doc_count"] for each in facets if "folded" in each)


def _number(bucket: Json) -> int:
    """How many hits a bucket has, of each group of near-duplicates one."""
    grouped = bucket.get("grouped")
    if not grouped:
        return int(bucket["doc_count"])
    groups = grouped["counted"]["count"] if "counted" in grouped else grouped["groups"]["value"]
    return int(bucket["doc_count"] - grouped["doc_count"] + groups)


def _values(answer: Json, name: str, label: Callable[[str], str]) -> tuple[FacetValue, ...]:
    found = answer["aggregations"][name]
    groups = found["folded"]["groups"]["buckets"] if "folded" in found else ()
    folded: Counter[object] = Counter()
    for each in (value for group in groups for value in group["values"]["buckets"]):
        folded[each["key"]] += each["doc_count"] - 1
    values = [
        FacetValue(str(each["key"]), label(str(each["key"])), _number(each) - folded[each["key"]])
        for each in found["values"]["buckets"]
    ]
    return tuple(sorted(values, key=lambda each: (-each.count, each.value)))
