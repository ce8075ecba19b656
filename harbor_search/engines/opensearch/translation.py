"""From an analysed query and its criteria to the body of an OpenSearch request, as plain dicts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harbor_search.analysis import fold
from harbor_search.article import SECTION_SEPARATOR
from harbor_search.engines.analysed_query import (
    OTHER_SPELLING,
    Boolean,
    Boosted,
    Clause,
    DisMax,
    Everything,
    Fuzzy,
    Phrase,
    Prefix,
    Spellings,
    Term,
)
from harbor_search.engines.opensearch.mapping import GAP_TERM, TEXT_FIELDS
from harbor_search.engines.protocol import Criteria
from harbor_search.query import Dated, Filter, Sectioned, Tagged

__all__ = ["EVERY_FACET_VALUE", "PREFERRED", "query_of", "request_of"]

EVERY_FACET_VALUE = 10_000
"""Values of a facet that are counted: more sections or years than any collection has."""

PREFERRED = "preferred"
"""The name of the query that hits score more for."""

Json = dict[str, Any]

Names = Mapping[Clause, str]
"""Clauses whose queries have names: of each hit the cluster tells which of these it matches, and their scores."""

_NO_NAMES: Names = {}


def request_of(
    clause: Clause | None,
    criteria: Criteria,
    preferred: Clause | None = None,
    together: Clause | None = None,
    *,
    expansions: int,
    names: Names = _NO_NAMES,
) -> Json:
    """The body of a search; `expansions` bounds the terms that a prefix or misspelt word stands for.

    `preferred` and `together` are the clauses of what the criteria call so. Filters come after the query
    (`post_filter`), so that each facet can be counted without the filter on itself.
    """
    within_section, within_dates = _section_filter(criteria), _date_filter(criteria)
    filters = within_section + within_dates
    query = query_of(clause, expansions=expansions, names=names)
    better = None if preferred is None else query_of(preferred, expansions=expansions)
    if better and criteria.sort == "relevance" and criteria.preference:
        query = _preferring(query, _named(better, PREFERRED) if names else better, criteria.preference)
    body: Json = {
        "query": query,
        "from": criteria.offset,
        "size": criteria.limit,
        "sort": _ORDERS[criteria.sort],
        "track_scores": True,
        "track_total_hits": _COUNTED[criteria.total] or criteria.facets,
    }
    if filters:
        body["post_filter"] = {"bool": {"filter": filters}}
    aggregations: Json = {}
    if criteria.facets:
        aggregations["section"] = _counted("sections", within_dates)
        aggregations["year"] = _counted("year", within_section)
    if criteria.total == "exact":
        closer = None if together is None else query_of(together, expansions=expansions)
        for name, wanted in (("preferred", better), ("together", closer)):
            if wanted:
                aggregations[name] = {"filter": {"bool": {"filter": [wanted, *filters]}}}
    if aggregations:
        body["aggs"] = aggregations
    return body


def query_of(clause: Clause | None, *, expansions: int, names: Names = _NO_NAMES) -> Json:
    """The query for a clause; None, which has no word, matches nothing."""
    if clause is None:
        return {"match_none": {}}
    query = _query_of(clause, expansions, names)
    return _named(query, names[clause]) if clause in names else query


def _query_of(clause: Clause, expansions: int, names: Names) -> Json:
    match clause:
        case Everything():
            return {"match_all": {"boost": 0.0}}
        case Term(text, field):
            return {"term": {_index_field(field): {"value": text.decode()}}}
        case Phrase():
            return _phrase(clause)
        case Prefix():
            return _prefix(clause, expansions)
        case Fuzzy(text, distance, field):
            options = {"value": text, "fuzziness": distance, "max_expansions": expansions, "prefix_length": 0}
            return {"fuzzy": {_index_field(field): options | {"rewrite": f"top_terms_{expansions}"}}}
        case Boolean(must, should, must_not, minimum):
            inner: Json = {"minimum_should_match": minimum} if should else {}
            for name, clauses in (("must", must), ("should", should), ("must_not", must_not)):
                if clauses:
                    inner[name] = [query_of(each, expansions=expansions, names=names) for each in clauses]
            return {"bool": inner}
        case Spellings(asked, others):
            lesser = [Boosted(other, OTHER_SPELLING) for other in others]
            spellings = [query_of(each, expansions=expansions, names=names) for each in (asked, *lesser)]
            return {"dis_max": {"queries": spellings}}
        case DisMax(alternatives):
            queries = [query_of(each, expansions=expansions, names=names) for each in alternatives]
            return {"dis_max": {"queries": queries}}
        case Boosted(inner_clause, factor):
            query = query_of(inner_clause, expansions=expansions, names=names)
            return {"function_score": {"query": query, "boost": factor}}
        case Dated() | Sectioned() | Tagged():
            return {"constant_score": {"filter": _filter(clause), "boost": 0.0}}


_COUNTED = {"exact": True, "bounded": 10_000, "none": False}
"""How far matches are counted."""

_ORDERS: dict[str, list[Json]] = {
    "relevance": [{"_score": "desc"}, {"id": "asc"}],
    "date": [{"published": {"order": "desc", "missing": "_last"}}, {"id": "asc"}],
    "views": [{"views": {"order": "desc", "missing": "_last"}}, {"id": "asc"}],
}


def _named(query: Json, name: str) -> Json:
    return {"bool": {"must": [query], "_name": name}}


def _preferring(query: Json, preferred: Json, preference: float) -> Json:
    """`query`, whose matches score so much more of what they do where they match `preferred` too."""
    functions = [{"filter": preferred, "weight": 1 + preference}]
    return {"function_score": {"query": query, "functions": functions, "score_mode": "multiply"}}


def _index_field(field: str | None) -> str:
    return "terms" if field is None else TEXT_FIELDS[field]


def _phrase(phrase: Phrase) -> Json:
    """A phrase in its field, or in the one of all fields where it is worth most."""
    if phrase.field is not None:
        return _phrase_in(phrase, TEXT_FIELDS[phrase.field])
    # What stands in several fields is worth a little more than in one, as the fields' frequencies add up.
    queries = [_phrase_in(phrase, field) for field in TEXT_FIELDS.values()]
    return {"dis_max": {"tie_breaker": 0.3, "queries": queries}}


def _phrase_in(phrase: Phrase, field: str) -> Json:
    terms = [term.decode() for term in phrase.terms]
    if not phrase.slop:
        text: list[str] = []
        for term, offset in zip(terms, phrase.offsets, strict=True):
            text += [GAP_TERM] * (offset - len(text))
            text.append(term)
        return {"match_phrase": {field: {"query": " ".join(text)}}}
    gaps = phrase.offsets[-1] - (len(terms) - 1)
    clauses = [{"span_term": {field: term}} for term in terms]
    return {"span_near": {"clauses": clauses, "slop": phrase.slop + gaps, "in_order": True}}


def _prefix(prefix: Prefix, expansions: int) -> Json:
    field = _index_field(prefix.field)
    beginning = {"prefix": {field: {"value": prefix.text.decode(), "rewrite": f"top_terms_{expansions}"}}}
    if prefix.term is None:
        return beginning
    word = {"term": {field: {"value": prefix.term.decode()}}}
    return {"bool": {"should": [word, beginning], "minimum_should_match": 1}}


def _filter(wanted: Filter) -> Json:
    """The query for a filter that was written among the words."""
    match wanted:
        case Sectioned(path):
            return {"term": {"section_parts": SECTION_SEPARATOR.join(fold(part) for part in path)}}
        case Tagged(tag):
            return {"term": {"tags": fold(tag)}}
        case Dated(first, last):
            bounds = {name: day.isoformat() for name, day in (("gte", first), ("lte", last)) if day}
            return {"range": {"published": bounds}} if bounds else {"exists": {"field": "published"}}


def _section_filter(criteria: Criteria) -> list[Json]:
    return [{"term": {"sections": SECTION_SEPARATOR.join(criteria.section)}}] if criteria.section else []


def _date_filter(criteria: Criteria) -> list[Json]:
    bounds = {name: day.isoformat() for name, day in (("gte", criteria.date_from), ("lte", criteria.date_to)) if day}
    return [{"range": {"published": bounds}}] if bounds else []


def _counted(field: str, filters: list[Json]) -> Json:
    """The counts of the values of `field` among the matches that `filters` leave."""
    matches: Json = {"bool": {"filter": filters}} if filters else {"match_all": {}}
    return {"filter": matches, "aggs": {"values": {"terms": {"field": field, "size": EVERY_FACET_VALUE}}}}
