"""From an analysed query to a query of OpenSearch, as plain dicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
from harbor_search.query import Dated, Filter, Sectioned, Tagged

__all__ = ["Scoring", "named", "query_of"]

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
    return named(query, scoring.names[clause]) if scoring and clause in scoring.names else query


def named(query: Json, name: str) -> Json:
    """A query of which the cluster tells by `name` which hits match it, and what it scores in them."""
    return {"bool": {"must": [query], "_name": name}}


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
