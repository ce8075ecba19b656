"""From an analysed query to a query of OpenSearch, as plain dicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from harbor_search.analysis import fold
from harbor_search.article import SECTION_SEPARATOR
from harbor_search.engines.clauses import (
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
from harbor_search.engines.opensearch.mapping import GAP_TERM, LENGTHS, TEXT_FIELDS
from harbor_search.engines.opensearch.weighting import Weighting
from harbor_search.query import Dated, Filter, Sectioned, Tagged

__all__ = ["Scoring", "index_field", "named", "query_of"]

Json = dict[str, Any]

_Weighed = Term | Phrase | Spellings | Prefix | Fuzzy


@dataclass(frozen=True, slots=True)
class Scoring:
    """How the leaves of a query are to be scored: what occurrences count (`weighting`), and what each leaf scores at
    most (`weights`).

    `names` are for clauses of which the cluster shall tell, for each hit that matches them, what they score.
    """

    weighting: Weighting
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
            return {"term": {index_field(field): {"value": text.decode()}}}
        case Phrase():
            return _either([_phrase_in(clause, TEXT_FIELDS[field]) for field in _fields_of(clause)])
        case Prefix() | Fuzzy():
            return _expanded(clause, index_field(clause.field), expansions)
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
    parameters = {"weight": scoring.weights[clause], "k1": scoring.weighting.k1}
    weighted = [each for name in _fields_of(clause) for each in _weighted_in(name, clause, expansions, scoring)]
    return _scripted(weighted, "params.weight * _score / (params.k1 + _score)", parameters)


def _weighted_in(field: str, clause: _Weighed, expansions: int, scoring: Scoring) -> Iterator[Json]:
    """Queries whose scores add up to what the occurrences of a clause in a field add to its weighted frequency."""
    by_factor: dict[float, list[Json]] = {}
    for query, factor in _occurrences(clause, TEXT_FIELDS[field], 1.0, expansions):
        by_factor.setdefault(factor, []).append(query)
    norm = scoring.weighting.norms[field]
    for factor, queries in by_factor.items():
        parameters = norm._replace(weight=factor * norm.weight)._asdict() | {"length": LENGTHS[field]}
        yield _scripted(queries, _NORM, parameters)


_NORM = "_score * params.weight / Math.max(params.base + params.slope * doc[params.length].value, 1e-6)"


def _scripted(queries: list[Json], source: str, parameters: Json) -> Json:
    """The query that scores what a script makes of the sum of scores."""
    query = queries[0] if len(queries) == 1 else {"bool": {"should": queries}}
    return {"script_score": {"query": query, "script": {"source": source, "params": parameters}}}


def _occurrences(clause: _Weighed, field: str, factor: float, expansions: int) -> Iterator[tuple[Json, float]]:
    """Queries that score how often a clause, or a part of it, stands in a field of the index, and what each such time
    counts."""
    match clause:
        case Term(text):
            yield {"term": {field: {"value": text.decode()}}}, factor
        case Prefix() | Fuzzy():
            yield _expanded(clause, field, expansions), factor
        case Phrase(terms):
            # The score of a phrase is the sum of what each of its words would score if it stood there so often.
            yield _phrase_in(clause, field), factor / len(terms)
        case Spellings():
            for spelling, counts in clause.weighed:
                yield from _occurrences(spelling, field, factor * counts, expansions)


def _fields_of(clause: _Weighed) -> list[str]:
    """The fields in which a clause is looked for."""
    return [*TEXT_FIELDS] if clause.field is None else [clause.field]


def index_field(field: str | None) -> str:
    """The field of the index for one of the query language; for None, that which has the words of all."""
    return "terms" if field is None else TEXT_FIELDS[field]


def _either(queries: list[Json]) -> Json:
    return queries[0] if len(queries) == 1 else {"dis_max": {"queries": queries}}


def _phrase_in(phrase: Phrase, field: str) -> Json:
    terms = [term.decode() for term in phrase.terms]
    if not phrase.slop:
        text: list[str] = []
        for term, offset in zip(terms, phrase.offsets, strict=True):
            text += [GAP_TERM] * (offset - len(text))
            text.append(term)
        return {"match_phrase": {field: {"query": " ".join(text)}}}
    clauses: list[Json] = []
    for term, before, offset in zip(terms, (-1, *phrase.offsets), phrase.offsets, strict=False):
        # What belongs between two words by itself does not count as a distance.
        clauses += [{"span_gap": {field: offset - before - 1}}] if offset > before + 1 else []
        clauses.append({"span_term": {field: term}})
    return {"span_near": {"clauses": clauses, "slop": phrase.slop, "in_order": True}}


def _expanded(clause: Prefix | Fuzzy, field: str, expansions: int) -> Json:
    """The query for the words of a field that a beginning or a misspelt word stands for, each scored for itself."""
    rewrite = {"rewrite": f"top_terms_{expansions}"}
    if isinstance(clause, Fuzzy):
        options = {"value": clause.text, "fuzziness": clause.distance, "max_expansions": expansions, "prefix_length": 0}
        return {"fuzzy": {field: options | rewrite}}
    beginning = {"prefix": {field: {"value": clause.text.decode()} | rewrite}}
    if clause.term is None or clause.term.startswith(clause.text):
        return beginning
    word = {"term": {field: {"value": clause.term.decode()}}}
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
