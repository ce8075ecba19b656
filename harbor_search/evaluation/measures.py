"""Measures of one ranking against the judgements of its query.

Definitions are those of trec_eval (https://github.com/usnistgov/trec_eval), the reference implementation; its names are
in parentheses. An article is relevant if its grade is 1 or more; only nDCG uses the grade itself. Articles without a
grade are not relevant. Unlike trec_eval, which sorts runs by score, rankings are evaluated in the order that readers
see.

In every function `ranking` is the list of distinct article ids, best first, and `grades` maps article ids to grades;
values are between 0 and 1, and 0 if nothing is relevant.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

__all__ = [
    "Measure",
    "average_precision",
    "measures_at",
    "ndcg",
    "precision",
    "recall",
    "reciprocal_rank",
    "success",
]

Grades = Mapping[str, int]


def ndcg(ranking: Sequence[str], grades: Grades, cutoff: int) -> float:
    """Normalised discounted cumulative gain (ndcg_cut).

    The gain is the grade and the discount log2(rank + 1), as in Järvelin and Kekäläinen, "Cumulated gain-based
    evaluation of IR techniques" (2002); the ideal ranking has all relevant articles in descending order of grade.
    """
    ideal = _discounted(sorted(_gains(grades), reverse=True)[:cutoff])
    return _discounted([max(grades.get(article, 0), 0) for article in ranking[:cutoff]]) / ideal if ideal else 0.0


def precision(ranking: Sequence[str], grades: Grades, cutoff: int) -> float:
    """The share of relevant articles among the first `cutoff` (P); missing results count as not relevant."""
    return _found(ranking, grades, cutoff) / cutoff


def recall(ranking: Sequence[str], grades: Grades, cutoff: int) -> float:
    """The share of the relevant articles that are among the first `cutoff` (recall)."""
    relevant = len(_gains(grades))
    return _found(ranking, grades, cutoff) / relevant if relevant else 0.0


def success(ranking: Sequence[str], grades: Grades, cutoff: int) -> float:
    """1 if a relevant article is among the first `cutoff`, else 0 (success)."""
    return float(_found(ranking, grades, cutoff) > 0)


def reciprocal_rank(ranking: Sequence[str], grades: Grades, cutoff: int) -> float:
    """1 / the rank of the first relevant article (recip_rank); 0 if it is not among the first `cutoff`."""
    ranks = (rank for rank, article in enumerate(ranking[:cutoff], 1) if grades.get(article, 0) > 0)
    return 1 / first if (first := next(ranks, 0)) else 0.0


def average_precision(ranking: Sequence[str], grades: Grades, cutoff: int) -> float:
    """The mean, over all relevant articles, of the precision at their ranks (map).

    A relevant article that is not among the first `cutoff` contributes 0.
    """
    found = 0
    total = 0.0
    for rank, article in enumerate(ranking[:cutoff], 1):
        if grades.get(article, 0) > 0:
            found += 1
            total += found / rank
    relevant = len(_gains(grades))
    return total / relevant if relevant else 0.0


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure at a cutoff; `name` is its name in reports, such as "nDCG@10"."""

    name: str
    function: Callable[[Sequence[str], Grades, int], float]
    cutoff: int

    def __call__(self, ranking: Sequence[str], grades: Grades) -> float:
        """The value for one query."""
        return self.function(ranking, grades, self.cutoff)


def measures_at(k: int, depth: int) -> tuple[Measure, ...]:
    """The measures that an evaluation reports, the most informative first.

    Those of the first page have the cutoff `k`; RR, AP and a second recall have the cutoff `depth`.
    """
    first_page = (
        Measure(f"nDCG@{k}", ndcg, k),
        Measure(f"P@{k}", precision, k),
        Measure(f"Recall@{k}", recall, k),
        Measure(f"Success@{k}", success, k),
    )
    deep = (
        Measure(f"RR@{depth}", reciprocal_rank, depth),
        Measure(f"AP@{depth}", average_precision, depth),
        Measure(f"Recall@{depth}", recall, depth),
    )
    return first_page + (deep if depth != k else deep[:2])


def _gains(grades: Grades) -> list[int]:
    return [grade for grade in grades.values() if grade > 0]


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))


def _found(ranking: Sequence[str], grades: Grades, cutoff: int) -> int:
    return sum(grades.get(article, 0) > 0 for article in ranking[:cutoff])
