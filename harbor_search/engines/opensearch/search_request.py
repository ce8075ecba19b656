"""From an analysed query and its criteria to the body of a search, as plain dicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from harbor_search.article import SECTION_SEPARATOR
from harbor_search.engines.clauses import Clause
from harbor_search.engines.criteria import Criteria
from harbor_search.engines.opensearch.counting import FACETS, facet_of, number_of
from harbor_search.engines.opensearch.keywords import keyword
from harbor_search.engines.opensearch.translation import Scoring, named, query_of

__all__ = ["BY_WORDS", "PREFERRED", "request_of", "with_near"]

Json = dict[str, Any]

PREFERRED = "preferred"
"""The name of the query that hits score more for."""

BY_WORDS = "words"
"""The name of the query by words where matches need not have any."""


def request_of(
    clause: Clause | None,
    criteria: Criteria,
    preferred: Clause | None = None,
    together: Clause | None = None,
    *,
    expansions: int,
    scoring: Scoring,
    folded: bool = False,
) -> Json:
    """The body of a search; `expansions` bounds the terms that a prefix or misspelt word stands for.

    `preferred` and `together` are the clauses of what the criteria call so. Filters come after the query
    (`post_filter`), so that each facet can be counted without the filter on itself. With `folded` each group of
    near-duplicates is one hit, and what is folded away is counted beside all that is counted.
    """
    narrowing = _filters(criteria)
    filters = [each for own in narrowing.values() for each in own]
    query = query_of(clause, expansions=expansions, scoring=scoring)
    better = None if preferred is None else query_of(preferred, expansions=expansions)
    if better and criteria.sort == "relevance" and criteria.preference:
        query = _preferring(query, named(better, PREFERRED) if scoring.names else better, criteria.preference)
    body: Json = {
        "query": query,
        "from": criteria.offset,
        "size": criteria.limit,
        "sort": _ORDERS[criteria.sort],
        "track_scores": True,
        "track_total_hits": _COUNTED[criteria.total] or criteria.facets,
    }
    if folded:
        body["collapse"] = {"field": "group"}
    if filters:
        body["post_filter"] = {"bool": {"filter": filters}}
    counts = criteria.total == "exact"
    closer = query_of(together, expansions=expansions) if counts and together is not None else None
    aggregations = _aggregations(criteria, narrowing, {"preferred": better, "together": closer}, folded)
    if aggregations:
        body["aggs"] = aggregations
    return body


def _filters(criteria: Criteria) -> dict[str, list[Json]]:
    """The filters of the criteria, by the facet whose values they choose."""
    within_source: list[Json] = [{"term": {"source_name": keyword(criteria.source)}}] if criteria.source else []
    return {"section": _section_filter(criteria), "year": _date_filter(criteria), "source": within_source}


def _aggregations(
    criteria: Criteria, narrowing: Mapping[str, list[Json]], counted: Mapping[str, Json | None], folded: bool
) -> Json:
    """The counts of an answer: of each facet without the filter on itself, and of the queries `counted`."""
    found: Json = {}
    if criteria.facets:
        for name, field in FACETS.items():
            others = [each for facet, own in narrowing.items() if facet != name for each in own]
            found[name] = facet_of(field, others, folded)
    if criteria.total == "exact":
        filters = [each for own in narrowing.values() for each in own]
        for name, wanted in counted.items():
            if wanted:
                found[name] = number_of([wanted, *filters], folded)
        if folded:
            found["all"] = number_of(filters, folded)
    return found


def with_near(query: Json, documents: Sequence[str]) -> Json:
    """The query for what matches `query`, and for these documents, which score nothing where they do not."""
    near = {"constant_score": {"filter": {"ids": {"values": list(documents)}}, "boost": 0.0}}
    return {"bool": {"should": [named(query, BY_WORDS), near], "minimum_should_match": 1}}


_COUNTED = {"exact": True, "bounded": 10_000, "none": False}
"""How far matches are counted."""

_ORDERS: dict[str, list[Json]] = {
    "relevance": [{"_score": "desc"}, {"id": "asc"}],
    "date": [{"published": {"order": "desc", "missing": "_last"}}, {"id": "asc"}],
    "views": [{"views": {"order": "desc", "missing": "_last"}}, {"id": "asc"}],
}


def _preferring(query: Json, preferred: Json, preference: float) -> Json:
    """`query`, whose matches score so much more of what they do where they match `preferred` too."""
    functions = [{"filter": preferred, "weight": 1 + preference}]
    return {"function_score": {"query": query, "functions": functions, "score_mode": "multiply"}}


def _section_filter(criteria: Criteria) -> list[Json]:
    return [{"term": {"sections": keyword(SECTION_SEPARATOR.join(criteria.section))}}] if criteria.section else []


def _date_filter(criteria: Criteria) -> list[Json]:
    bounds = {name: day.isoformat() for name, day in (("gte", criteria.date_from), ("lte", criteria.date_to)) if day}
    return [{"range": {"published": bounds}}] if bounds else []
