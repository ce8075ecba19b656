"""The second look at the best hits: the cluster tells what each word of the query scored in them, by named queries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from harbor_search.engines.analysed_query import Boosted, Clause, Leaf, leaves
from harbor_search.engines.opensearch.translation import PREFERRED
from harbor_search.engines.protocol import Aspect, Criteria
from harbor_search.engines.second_look import DEPTH, SecondLook, reordered, word_columns
from harbor_search.engines.title_match import factor, repetitions, title_words
from harbor_search.query import Node
from harbor_search.ranking import Top, refine_impacts

__all__ = ["names_of", "refined"]

Json = dict[str, Any]


def names_of(aspects: Sequence[Aspect], clauses: Mapping[Node, Clause | None]) -> dict[Clause, str]:
    """Names for what a second look asks about: the clauses of the words of a query and of what stands for them."""
    nodes = [node for each in aspects for ways in (*each.words, each.others) for node in ways]
    found = (_bare(clause) for node in nodes if (clause := clauses.get(node)) is not None)
    return {clause: str(number) for number, clause in enumerate(dict.fromkeys(found))}


def refined(
    hits: Sequence[Json],
    criteria: Criteria,
    clauses: Mapping[Node, Clause | None],
    names: Mapping[Clause, str],
    weights: Mapping[Leaf, float],
    look: SecondLook,
) -> tuple[Top, Mapping[int, int]]:
    """The places of `hits` in the order of a second look, with their new scores; and the places of those whose title a
    better one has, with the place of that one.

    The first `DEPTH` have the scores of the named clauses (`names`) that they match, and their titles. `weights` are
    what leaves score at most.
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
            look.feedback_share,
            look.coverage_power,
        )
    words, titles = title_words(" ".join(criteria.typed)), [title_words(_title(hit)) for hit in looked]
    matching = [factor(words, title, look.title_match) for title in titles]
    scores *= matching
    found = None
    if criteria.diverse and look.repeated_title < 1:
        found = repetitions(
            [title.text for title in titles], scores.tolist(), matching, look.repeated_title, _by_id(hits)
        )
        scores *= found.factors if found else 1.0
    rest = [float(hit["_score"]) for hit in hits[len(looked) :]]
    # Equal scores come by id already.
    first_order = Top(list(range(len(hits))), [*scores.tolist(), *rest], len(hits))
    top = reordered(first_order, scores.tolist(), _by_id(hits)) if hits else first_order
    return top, found.best if found else {}


def _by_id(hits: Sequence[Json]) -> Callable[[int], str]:
    return lambda place: str(hits[place]["sort"][1])


def _title(hit: Json) -> str:
    return str(hit.get("fields", {}).get("title_text", [""])[0])


def _number(names: Mapping[Clause, str], clause: Clause) -> int:
    return int(names[_bare(clause)])


def _scored(hit: Json, name: str) -> float:
    return float(hit["matched_queries"].get(name, 0.0))


def _most(clause: Clause, weights: Mapping[Leaf, float]) -> float:
    """What a clause scores at most."""
    return sum(weights[leaf] for leaf in leaves(clause))


def _bare(clause: Clause) -> Clause:
    return clause.clause if isinstance(clause, Boosted) else clause
