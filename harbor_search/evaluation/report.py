"""The report of an evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["EvaluationReport", "QueryReport", "report_to_dict"]


@dataclass(frozen=True, slots=True)
class QueryReport:
    """One query: its measures by name, the first `k` articles that a reader sees, and how many were found in all.

    `ranking` is all that was measured, articles with their scores. `refused` says why where the query was not answered
    at all; its measures are 0 then.
    """

    id: str
    query: str
    measures: Mapping[str, float]
    hits: tuple[str, ...]
    total: int
    refused: str = ""
    ranking: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """All queries that have a relevant article, in the order of their file.

    `unjudged` are ids of queries without one, which are not in `queries`; `unknown_articles` are ids in the judgements
    that the index does not have: nothing can find those, and they count against every measure of the whole.
    """

    generation: str
    k: int
    depth: int
    queries: tuple[QueryReport, ...]
    unjudged: tuple[str, ...] = ()
    unknown_articles: tuple[str, ...] = ()

    @property
    def means(self) -> dict[str, float]:
        """The mean of each measure over the queries, the most informative measure first."""
        names = self.queries[0].measures
        return {name: sum(each.measures[name] for each in self.queries) / len(self.queries) for name in names}

    @property
    def without_hits(self) -> tuple[QueryReport, ...]:
        """The queries without any hit."""
        return tuple(each for each in self.queries if each.total == 0)

    def worst(self, count: int) -> tuple[QueryReport, ...]:
        """The `count` queries with the lowest nDCG, lowest first; perfect ones are excluded."""
        name = f"nDCG@{self.k}"
        lossy = (each for each in self.queries if each.measures[name] < 1)
        return tuple(sorted(lossy, key=lambda each: (each.measures[name], each.id))[:count])


def report_to_dict(report: EvaluationReport) -> dict[str, Any]:
    """The report as JSON-ready values, queries in the order of their file."""
    return {
        "generation": report.generation,
        "k": report.k,
        "depth": report.depth,
        "measures": report.means,
        "queries": [_query_to_dict(each) for each in report.queries],
        "without_hits": [each.id for each in report.without_hits],
        "unjudged": list(report.unjudged),
        "unknown_articles": list(report.unknown_articles),
    }


def _query_to_dict(query: QueryReport) -> dict[str, Any]:
    return {
        "id": query.id,
        "query": query.query,
        "measures": dict(query.measures),
        "hits": list(query.hits),
        "total": query.total,
        "refused": query.refused,
    }
