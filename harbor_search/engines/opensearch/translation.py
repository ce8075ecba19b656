"""From an analysed query and its criteria to the body of an OpenSearch request, as plain dicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from harbor_search.analysis import fold
from harbor_search.article import SECTION_SEPARATOR
from harbor_search.engines.analysed_query import (
    Boolean,
    Boosted,
    Clause,
    DisMax,
    Everything,
    Fuzzy,
    Leaf,
    Phrase,
    Prefix,
    Spellings,
    Term,
)
from harbor_search.engines.opensearch.keywords import keyword
from harbor_search.engines.opensearch.mapping import GAP_TERM, TEXT_FIELDS
from harbor_search.engines.protocol import Criteria
from harbor_search.query import Dated, Filter, Sectioned, Tagged

__all__ = [
    "BY_WORDS",
    "COUNTED",
    "EVERY_FACET_VALUE",
    "FACETS",
    "PREFERRED",
    "Scoring",
    "estimating",
    "query_of",
    "request_of",
    "with_near",
]

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

PREFERRED = "preferred"
"""The name of the query that hits score more for."""

BY_WORDS = "words"
"""The name of the query by words where matches need not have any."""

Json = dict[str, Any]

_Weighed = Term | Phrase | Spellings | Prefix | Fuzzy


@dataclass(frozen=True, slots=True)
class Scoring:
    """How the leaves of a query are to be scored: what each scores at most (`weights`), and how soon further
    occurrences stop to count (`k1`).

    `names` are for clauses of which the cluster shall tell, for each hit that matches them, what they score.
    """

    k1: float
    weights: Mapping[Leaf, float]
    names: Mapping[Clause, str] = field(default_factory=dict)


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
    within_section, within_dates = _section_filter(criteria), _date_filter(criteria)
    within_source: list[Json] = [{"term": {"source_name": keyword(criteria.source)}}] if criteria.source else []
    filters = within_section + within_dates + within_source
    query = query_of(clause, expansions=expansions, scoring=scoring)
    better = None if preferred is None else query_of(preferred, expansions=expansions)
    if better and criteria.sort == "relevance" and criteria.preference:
        query = _preferring(query, _named(better, PREFERRED) if scoring.names else better, criteria.preference)
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
    aggregations: Json = {}
    if criteria.facets:
        others = {
            "section": within_dates + within_source,
            "year": within_section + within_source,
            "source": within_section + within_dates,
        }
        aggregations |= {name: _counted(field, others[name], folded) for name, field in FACETS.items()}
    if criteria.total == "exact":
        closer = None if together is None else query_of(together, expansions=expansions)
        for name, wanted in (("preferred", better), ("together", closer)):
            if wanted:
                aggregations[name] = _number_of([wanted, *filters], folded)
        if folded:
            aggregations["all"] = _number_of(filters, folded)
    if aggregations:
        body["aggs"] = aggregations
    return body


def with_near(query: Json, documents: Sequence[str]) -> Json:
    """The query for what matches `query`, and for these documents, which score nothing where they do not."""
    near = {"constant_score": {"filter": {"ids": {"values": list(documents)}}, "boost": 0.0}}
    return {"bool": {"should": [_named(query, BY_WORDS), near], "minimum_should_match": 1}}


def query_of(clause: Clause | None, *, expansions: int, scoring: Scoring | None = None) -> Json:
    """The query for a clause; None, which has no word, matches nothing.

    Without `scoring` it is to match, and scores anything.
    """
    if clause is None:
        return {"match_none": {}}
    if scoring is not None and _is_weighed(clause):
        query = _saturated(clause, expansions, scoring)
    else:
        query = _query_of(clause, expansions, scoring)
    return _named(query, scoring.names[clause]) if scoring and clause in scoring.names else query


def _query_of(clause: Clause, expansions: int, scoring: Scoring | None) -> Json:
    match clause:
        case Everything():
            return {"match_all": {"boost": 0.0}}
        case Term(text, field):
            return {"term": {_index_field(field): {"value": text.decode()}}}
        case Phrase():
            return _either([_phrase_in(clause, field) for field in _fields_of(clause)])
        case Prefix() | Fuzzy():
            return _expanded(clause, _index_field(clause.field), expansions)
        case Boolean(must, should, must_not, minimum):
            inner: Json = {"minimum_should_match": minimum} if should else {}
            # What is excluded scores nothing, and has no weight.
            for name, clauses, scored in (
                ("must", must, scoring),
                ("should", should, scoring),
                ("must_not", must_not, None),
            ):
                if clauses:
                    inner[name] = [query_of(each, expansions=expansions, scoring=scored) for each in clauses]
            return {"bool": inner}
        case Spellings():
            return _either([query_of(each, expansions=expansions) for each, _ in clause.weighed])
        case DisMax(alternatives):
            queries = [query_of(each, expansions=expansions, scoring=scoring) for each in alternatives]
            return _either(queries)
        case Boosted(inner_clause, factor):
            query = query_of(inner_clause, expansions=expansions, scoring=scoring)
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


def _is_weighed(clause: Clause) -> TypeGuard[_Weighed]:
    """Whether a clause scores by how often it stands in each field.

    Of a word in all fields the index knows the sum.
    """
    several = isinstance(clause, Phrase | Spellings | Prefix | Fuzzy)
    return several or (isinstance(clause, Term) and clause.field is not None)


def _saturated(clause: _Weighed, expansions: int, scoring: Scoring) -> Json:
    """The query that scores a clause by its weighted frequency w as BM25F does: weight * w / (k1 + w)."""
    parameters = {"weight": scoring.weights[clause], "k1": scoring.k1}
    script = {"source": "params.weight * _score / (params.k1 + _score)", "params": parameters}
    return {
        "script_score": {"query": {"bool": {"should": list(_frequencies(clause, 1.0, expansions))}}, "script": script}
    }


def _frequencies(clause: _Weighed, factor: float, expansions: int) -> Iterator[Json]:
    """Queries for a clause in each field; their scores add up to `factor` of its weighted frequency.

    Of a misspelt word occurrences count the less the more letters are different.
    """
    match clause:
        case Term(text):
            for name in _fields_of(clause):
                yield {"term": {name: {"value": text.decode(), "boost": factor}}}
        case Prefix() | Fuzzy():
            for name in _fields_of(clause):
                yield _expanded(clause, name, expansions, factor)
        case Phrase(terms):
            for name in _fields_of(clause):
                # The score of a phrase is the sum of what each of its words would score if it stood there so often.
                yield _phrase_in(clause, name, factor / len(terms))
        case Spellings():
            for spelling, counts in clause.weighed:
                yield from _frequencies(spelling, factor * counts, expansions)


def _fields_of(clause: Term | Phrase | Prefix | Fuzzy) -> list[str]:
    """The fields of the index that have positions for a clause."""
    return [*TEXT_FIELDS.values()] if clause.field is None else [TEXT_FIELDS[clause.field]]


def _index_field(field: str | None) -> str:
    return "terms" if field is None else TEXT_FIELDS[field]


def _either(queries: list[Json]) -> Json:
    return queries[0] if len(queries) == 1 else {"dis_max": {"queries": queries}}


def _phrase_in(phrase: Phrase, field: str, boost: float | None = None) -> Json:
    terms = [term.decode() for term in phrase.terms]
    boosted = {} if boost is None else {"boost": boost}
    if not phrase.slop:
        text: list[str] = []
        for term, offset in zip(terms, phrase.offsets, strict=True):
            text += [GAP_TERM] * (offset - len(text))
            text.append(term)
        return {"match_phrase": {field: {"query": " ".join(text), **boosted}}}
    gaps = phrase.offsets[-1] - (len(terms) - 1)
    clauses = [{"span_term": {field: term}} for term in terms]
    return {"span_near": {"clauses": clauses, "slop": phrase.slop + gaps, "in_order": True, **boosted}}


def _expanded(clause: Prefix | Fuzzy, field: str, expansions: int, boost: float | None = None) -> Json:
    """The query for the words of a field that a beginning or a misspelt word stands for, each scored for itself."""
    boosted = {} if boost is None else {"boost": boost}
    common = {"rewrite": f"top_terms_{expansions}", **boosted}
    if isinstance(clause, Fuzzy):
        options = {"value": clause.text, "fuzziness": clause.distance, "max_expansions": expansions, "prefix_length": 0}
        return {"fuzzy": {field: options | common}}
    beginning = {"prefix": {field: {"value": clause.text.decode()} | common}}
    if clause.term is None:
        return beginning
    word = {"term": {field: {"value": clause.term.decode(), **boosted}}}
    return {"bool": {"should": [word, beginning], "minimum_should_match": 1}}


def _filter(wanted: Filter) -> Json:
    """The query for a filter that was written among the words."""
    match wanted:
        case Sectioned(path):
            return {"term": {"section_parts": keyword(SECTION_SEPARATOR.join(fold(part) for part in path))}}
        case Tagged(tag):
            return {"term": {"tags": keyword(fold(tag))}}
        case Dated(first, last):
            bounds = {name: day.isoformat() for name, day in (("gte", first), ("lte", last)) if day}
            return {"range": {"published": bounds}} if bounds else {"exists": {"field": "published"}}


def _section_filter(criteria: Criteria) -> list[Json]:
    return [{"term": {"sections": keyword(SECTION_SEPARATOR.join(criteria.section))}}] if criteria.section else []


def _date_filter(criteria: Criteria) -> list[Json]:
    bounds = {name: day.isoformat() for name, day in (("gte", criteria.date_from), ("lte", criteria.date_to)) if day}
    return [{"range": {"published": bounds}}] if bounds else []


def estimating(body: Json) -> Json:
    """The body of a search that counts the values of facets as `body` does, those that are folded away estimated."""
    aggregations = {}
    for name in body["aggs"].keys() & FACETS.keys():
        values = body["aggs"][name]["aggs"]["values"] | {"aggs": _FOLDED}
        aggregations[name] = {"filter": body["aggs"][name]["filter"], "aggs": {"values": values}}
    return {"query": body["query"], "size": 0, "track_total_hits": False, "aggs": aggregations}


def _counted(field: str, filters: list[Json], folded: bool) -> Json:
    """The counts of the values of `field` among the matches that `filters` leave, and what is folded away of them."""
    counts: Json = {"values": {"terms": {"field": field, "size": EVERY_FACET_VALUE}}}
    if folded:
        # Only of groups of which two match is anything folded away, and only where two have one value.
        twice = {"field": field, "size": EVERY_FACET_VALUE, "min_doc_count": 2}
        groups = {"field": "group", "size": MOST_GROUPS_OF_FACETS, "shard_size": MOST_GROUPS_OF_FACETS}
        within = {"terms": groups | {"min_doc_count": 2}, "aggs": {"values": {"terms": twice}}}
        counts["folded"] = {"filter": {"exists": {"field": "similar"}}, "aggs": {"groups": within}}
    return {"filter": _all_of(filters), "aggs": counts}


def _number_of(filters: list[Json], folded: bool) -> Json:
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
