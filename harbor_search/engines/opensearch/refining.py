"""The second look at the best hits: the cluster tells what each word of the query scored in them, by named queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from harbor_search.engines.analysed_query import (
    Boolean,
    Boosted,
    Clause,
    DisMax,
    Fuzzy,
    Phrase,
    Prefix,
    Spellings,
    Term,
)
from harbor_search.engines.opensearch.translation import PREFERRED
from harbor_search.engines.protocol import Aspect, Criteria
from harbor_search.engines.second_look import DEPTH, reordered, word_columns
from harbor_search.engines.title_match import factor, title_words
from harbor_search.query import Node
from harbor_search.ranking import Top, refine_impacts

__all__ = ["names_of", "refined", "words_of"]

Json = dict[str, Any]


def names_of(aspects: Sequence[Aspect], clauses: Mapping[Node, Clause | None]) -> dict[Clause, str]:
    """Names for what a second look asks about: the clauses of the words of a query and of what stands for them."""
    nodes = [node for each in aspects for ways in (*each.words, each.others) for node in ways]
    found = (_bare(clause) for node in nodes if (clause := clauses.get(node)) is not None)
    return {clause: str(number) for number, clause in enumerate(dict.fromkeys(found))}


def words_of(clause: Clause) -> Iterator[Term | Prefix | Fuzzy]:
    """The clauses by whose frequencies `clause` is weighed."""
    match clause:
        case Term() | Prefix() | Fuzzy():
            yield clause
        case Phrase(terms, _, _, field):
            yield from (Term(term, field) for term in terms)
        case Spellings(asked, others):
            for each in (asked, *others):
                yield from words_of(each)
        case DisMax(alternatives):
            for alternative in alternatives:
                yield from words_of(alternative)
        case Boolean(must, should):
            for part in (*must, *should):
                yield from words_of(part)
        case Boosted(inner):
            yield from words_of(inner)


def refined(
    hits: Sequence[Json],
    criteria: Criteria,
    clauses: Mapping[Node, Clause | None],
    names: Mapping[Clause, str],
    weights: Mapping[Clause, float],
) -> Top:
    """The places of `hits` in the order of a second look, with their new scores.

    The first `DEPTH` have the scores of the named clauses (`names`) that they match, and their titles. `weights` are
    the inverse document frequencies of what these are weighed by.
    """
    looked = hits[:DEPTH]
    scores = np.array([hit["_score"] for hit in looked], np.float64)
    ordered = list(names)
    columns = word_columns(criteria.aspects, clauses, lambda clause: _number(names, clause))
    if columns is not None and scores.size:
        most = np.array([_most(clause, weights) for clause in ordered])
        reached = np.array([[_scored(hit, names[clause]) for hit in looked] for clause in ordered])
        impacts = reached / np.maximum(most, 1e-9)[:, None]
        first = scores / [1 + criteria.preference * (PREFERRED in hit["matched_queries"]) for hit in looked]
        own, others = columns.lists, columns.others
        refine_impacts(
            impacts[own],
            impacts[others] > 0,
            most[own],
            *columns[1:4],
            columns.other_concepts,
            scores,
            first,
        )
    words = title_words(" ".join(criteria.typed))
    scores *= [factor(words, title_words(_title(hit))) for hit in looked]
    rest = [float(hit["_score"]) for hit in hits[len(looked) :]]
    # Equal scores come by id already.
    first_order = Top(list(range(len(hits))), [*scores.tolist(), *rest], len(hits))
    return reordered(first_order, scores.tolist(), _by_id(hits)) if hits else first_order


def _by_id(hits: Sequence[Json]) -> Callable[[int], str]:
    return lambda place: str(hits[place]["sort"][1])


def _title(hit: Json) -> str:
    return str(hit.get("fields", {}).get("title_text", [""])[0])


def _number(names: Mapping[Clause, str], clause: Clause) -> int:
    return int(names[_bare(clause)])


def _scored(hit: Json, name: str) -> float:
    return float(hit["matched_queries"].get(name, 0.0))


def _most(clause: Clause, weights: Mapping[Clause, float]) -> float:
    """What a clause scores at most: of a phrase the sum of its words'."""
    match clause:
        case Spellings(asked, others):
            return max(_most(each, weights) for each in (asked, *others))
        case DisMax(clauses):
            return max(_most(each, weights) for each in clauses)
        case _:
            return sum(weights[each] for each in words_of(clause))


def _bare(clause: Clause) -> Clause:
    return clause.clause if isinstance(clause, Boosted) else clause
