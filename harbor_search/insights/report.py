"""The report on what was searched for."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from harbor_search.config import Settings
from harbor_search.engines import SearchEngine
from harbor_search.evaluation import Judged
from harbor_search.insights.log import QUERY_LOG, QueryLog, QueryStats
from harbor_search.insights.proposals import Proposal, is_abandoned, propose, with_effect

__all__ = ["Insights", "insights", "insights_to_dict"]

SHOWN = 20
"""Queries in each list: as many as somebody reads once a week."""

PROPOSED = 10
"""Proposals that are evaluated; each takes as long as running the judged queries twice."""

SLOW_MS = 100.0
"""Milliseconds from which a search feels slow."""


@dataclass(frozen=True, slots=True)
class Insights:
    """The queries of some days: the number of searches and of distinct queries; the most frequent queries, those
    without results, those whose results were not opened, the slowest; and proposals for better results."""

    days: int
    searches: int
    queries: int
    top: tuple[QueryStats, ...]
    without_results: tuple[QueryStats, ...]
    abandoned: tuple[QueryStats, ...]
    slow: tuple[QueryStats, ...]
    proposals: tuple[Proposal, ...]


def insights(
    engine: SearchEngine, settings: Settings, *, days: int, today: date, judged: Judged | None = None
) -> Insights:
    """Insights of the last `days` days, with proposals evaluated on the `judged` queries.

    Raises:
        OperationalError: the log cannot be read, or the engine cannot answer.
    """
    asked = QueryLog(settings.index / QUERY_LOG).since(today - timedelta(days=days - 1))
    proposals = list(propose(asked, engine, settings))[:PROPOSED] if asked else []
    slowest = sorted((each for each in asked if each.slowest_ms >= SLOW_MS), key=lambda each: -each.slowest_ms)
    return Insights(
        days=days,
        searches=sum(each.count for each in asked),
        queries=len(asked),
        top=tuple(asked[:SHOWN]),
        without_results=tuple(each for each in asked if each.hits == 0)[:SHOWN],
        abandoned=tuple(filter(is_abandoned, asked))[:SHOWN],
        slow=tuple(slowest[:SHOWN]),
        proposals=tuple(with_effect(each, engine, settings, judged) for each in proposals),
    )


def insights_to_dict(found: Insights) -> dict[str, Any]:
    """The insights as JSON-ready values."""
    lists = ("top", "without_results", "abandoned", "slow")
    counts: dict[str, Any] = {"days": found.days, "searches": found.searches, "queries": found.queries}
    listed = {name: [_asked(each) for each in getattr(found, name)] for name in lists}
    return counts | listed | {"proposals": [dataclasses.asdict(each) for each in found.proposals]}


def _asked(asked: QueryStats) -> dict[str, Any]:
    return {
        "query": asked.query,
        "count": asked.count,
        "hits": asked.hits,
        "opened": asked.opens,
        "slowest_ms": round(asked.slowest_ms, 1),
    }
