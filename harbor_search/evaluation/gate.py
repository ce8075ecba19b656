"""The relevance gate: an index whose nDCG is too low is not published."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from harbor_search.config import Settings
from harbor_search.engines import SearchEngine
from harbor_search.errors import OperationalError, UserError
from harbor_search.evaluation.evaluate import evaluate
from harbor_search.evaluation.judgements import Qrels, Queries, read_qrels, read_queries

__all__ = ["Judged", "judged_queries", "relevance_gate"]

Judged = tuple[Queries, Qrels]
"""Queries by id, and the grades of articles by query."""

CUTOFF = 10
"""Cutoff of nDCG: the first page."""


def judged_queries(settings: Settings) -> Judged | None:
    """The judged queries named in the settings; None if there are none.

    Raises:
        UserError: a file cannot be read.
    """
    if not settings.gate_queries or not settings.gate_qrels:
        return None
    return read_queries(Path(settings.gate_queries)), read_qrels(Path(settings.gate_qrels))


def relevance_gate(settings: Settings) -> Callable[[SearchEngine], None] | None:
    """A function that rejects an index whose nDCG@10 is below `min_ndcg`; None if that is 0.

    Raises:
        UserError: `gate_queries` or `gate_qrels` is missing, or cannot be read.
    """
    if not settings.min_ndcg:
        return None
    judged = judged_queries(settings)
    if judged is None:
        raise UserError("min_ndcg needs judged queries: set gate_queries and gate_qrels", where="min_ndcg")

    def gate(engine: SearchEngine) -> None:
        report = evaluate(engine, *judged, settings, k=CUTOFF)
        found = report.means[f"nDCG@{CUTOFF}"]
        if found < settings.min_ndcg:
            worst = ", ".join(repr(each.query) for each in report.worst(3))
            raise OperationalError(
                f"the new index answers the judged queries with nDCG@{CUTOFF} {found:.4f}, below "
                f"{settings.min_ndcg:g}; worst: {worst}; nothing was published"
            )

    return gate
