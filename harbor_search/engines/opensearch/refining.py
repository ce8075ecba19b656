"""The second look at the best hits: the cluster tells what each word of the query scored in them, by named queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from harbor_search.engines.analysed_query import Boosted, Clause, Leaf, leaves
from harbor_search.engines.opensearch.answers import has_name, id_of
from harbor_search.engines.opensearch.translation import PREFERRED
from harbor_search.engines.priors import prior_factors
from harbor_search.engines.protocol import Aspect, Criteria
from harbor_search.engines.second_look import DEPTH, SecondLook, reordered, word_columns
from harbor_search.engines.title_match import factor, repetitions, title_words
from harbor_search.query import Node
from harbor_search.ranking import Top, refine_impacts

__all__ = ["PRIOR_FIELDS", "Refined", "names_of", "refined"]

PRIOR_FIELDS = ({"field": "published", "format": "strict_date"}, {"field": "views"})
"""What hits have to have along where their dates or views count."""

Json = dict[str, Any]


class Refined(NamedTuple):
    """Places of hits in the order of a second look, with their new scores; by name what the scores of the first
    `DEPTH` hits count for anything but words, in the order in which that was counted; and the places of those whose
    title a better one has, with the place of that one."""

    top: Top
    rules: Sequence[tuple[str, Sequence[float]]]
    repeats: Mapping[int, int]

    def rules_of(self, place: int) -> tuple[tuple[str, float], ...]:
        """What the score of one hit counts for anything but words."""
        return tuple((name, factors[place]) for name, factors in self.rules if place < len(factors))


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
    most_views: Callable[[], int],
    analyzer: str,
) -> Refined:
    """`hits` after a second look at the first `DEPTH`, which have the scores of the named clauses (`names`) that they
    match, and their titles. `weights` are what leaves score at most; the `analyzer` of
    that name tells forms of words.
    """
    looked = hits[:DEPTH]
    scores = np.array([hit["_score"] for hit in looked], np.float64)
    _count_words(scores, looked, criteria, clauses, names, weights, look)
    words, titles = title_words(" ".join(criteria.typed)), [title_words(_title(hit)) for hit in looked]
    other_names = {title_words(name).text for name in criteria.other_names}
    matching = [factor(words, title, look.title_match, other_names, analyzer) for title in titles]
    scores *= matching
    rules: list[tuple[str, Sequence[float]]] = [("title_match", matching)]
    for name, prior in _priors(looked, look, most_views):
        scores *= prior
        rules.append((name, prior))
    found = None
    if criteria.diverse and look.repeated_title < 1:
        found = repetitions(
            [title.text for title in titles], scores.tolist(), matching, look.repeated_title, _by_id(hits)
        )
    if found is not None:
        scores *= found.factors
        rules.append(("repeats", found.factors))
    rest = [float(hit["_score"]) for hit in hits[len(looked) :]]
    # Equal scores come by id already.
    first_order = Top(list(range(len(hits))), [*scores.tolist(), *rest], len(hits))
    top = reordered(first_order, scores.tolist(), _by_id(hits)) if hits else first_order
    return Refined(top, rules, found.best if found else {})


def _count_words(
    scores: np.ndarray[Any, np.dtype[np.float64]],
    looked: Sequence[Json],
    criteria: Criteria,
    clauses: Mapping[Node, Clause | None],
    names: Mapping[Clause, str],
    weights: Mapping[Leaf, float],
    look: SecondLook,
) -> None:
    """Make of `scores` what the words of the query in each hit are worth, seen again."""
    columns = word_columns(criteria.aspects, clauses, lambda clause: int(names[_bare(clause)]))
    if columns is None or not scores.size:
        return
    most = np.array([_most(clause, weights) for clause in names])
    reached = np.array([[_scored(hit, name) for hit in looked] for name in names.values()])
    impacts = reached / np.maximum(most, 1e-9)[:, None]
    first = scores / [1 + criteria.preference * has_name(hit, PREFERRED) for hit in looked]
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


def _priors(
    looked: Sequence[Json], look: SecondLook, most_views: Callable[[], int]
) -> Iterator[tuple[str, list[float]]]:
    def published() -> list[int | None]:
        days = (hit["fields"].get("published", [None])[0] for hit in looked)
        return [None if day is None else date.fromisoformat(day).toordinal() for day in days]

    def views() -> list[int]:
        return [int(hit["fields"].get("views", [0])[0]) for hit in looked]

    return prior_factors(look, published, views, most_views)


def _by_id(hits: Sequence[Json]) -> Callable[[int], str]:
    return lambda place: id_of(hits[place])


def _title(hit: Json) -> str:
    return str(hit.get("fields", {}).get("title_text", [""])[0])


def _scored(hit: Json, name: str) -> float:
    return float(hit.get("matched_queries", {}).get(name, 0.0))


def _most(clause: Clause, weights: Mapping[Leaf, float]) -> float:
    """What a clause scores at most."""
    return sum(weights[leaf] for leaf in leaves(clause))


def _bare(clause: Clause) -> Clause:
    return clause.clause if isinstance(clause, Boosted) else clause
