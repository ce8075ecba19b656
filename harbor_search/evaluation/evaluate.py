"""Evaluation of rankings on judged queries, which are searched as every interface does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harbor_search.config import Settings
from harbor_search.engines import SearchEngine
from harbor_search.errors import UserError
from harbor_search.evaluation.judgements import Qrels, Queries, check_judgements
from harbor_search.evaluation.measures import Measure, measures_at
from harbor_search.evaluation.report import EvaluationReport, QueryReport
from harbor_search.evaluation.trec import Rankings
from harbor_search.searching import Cursor, parse_request, search

__all__ = ["DEPTH", "evaluate", "measure_results", "ndcg_by_query"]

DEPTH = 100
"""Cutoff of RR and AP: ten pages, deeper than readers go."""


def evaluate(
    engine: SearchEngine, queries: Queries, qrels: Qrels, settings: Settings, *, k: int, generation: str = ""
) -> EvaluationReport:
    """Search for each judged query the way every interface does, and measure the rankings.

    `k` is how many hits count as the first page. `generation` is one that is kept; empty: the live one. A query that a
    bound of the settings refuses (its length, its number of words) is worth 0, as it is to a reader.

    Raises:
        UserError: `k` is below 1, or queries and judgements do not belong together.
        OperationalError: the engine cannot answer, or has no such generation any more.
    """
    if k < 1:
        raise UserError(f"k must be 1 or more, not {k}", where="k")
    unjudged = check_judgements(queries, qrels)
    depth = max(k, DEPTH)
    cursor, measures = Cursor(generation) if generation else None, measures_at(k, depth)
    reports = [
        _measured(_ask(engine, text, settings, depth, cursor), query_id, text, qrels[query_id], measures, k)
        for query_id, text in queries.items()
        if query_id not in unjudged
    ]
    return EvaluationReport(
        generation or engine.generation(), k, depth, tuple(reports), unjudged, _unknown_articles(engine, qrels)
    )


def ndcg_by_query(engine: SearchEngine, queries: Queries, qrels: Qrels, settings: Settings, *, k: int) -> list[float]:
    """nDCG at `k` of each judged query, as in `evaluate`, without the other measures.

    Raises:
        UserError, OperationalError: as `evaluate`.
    """
    unjudged = check_judgements(queries, qrels)
    ndcg = next(measure for measure in measures_at(k, k) if measure.name == f"nDCG@{k}")
    values = []
    for query_id, text in queries.items():
        if query_id not in unjudged:
            ranking = _ask(engine, text, settings, k, None).ranking
            values.append(ndcg(tuple(article_id for article_id, _ in ranking), qrels[query_id]))
    return values


def measure_results(rankings: Rankings, queries: Queries, qrels: Qrels, *, k: int, name: str) -> EvaluationReport:
    """Measure rankings of another system; the report has `name` in place of a generation.

    A query that `rankings` lacks found nothing.

    Raises:
        UserError: `k` is below 1, or queries and judgements do not belong together.
    """
    if k < 1:
        raise UserError(f"k must be 1 or more, not {k}", where="k")
    unjudged = check_judgements(queries, qrels)
    depth = max(k, DEPTH)
    measures = measures_at(k, depth)
    reports = []
    for query_id, text in queries.items():
        if query_id not in unjudged:
            ranking = tuple(rankings.get(query_id, ()))
            answer = _Answer(ranking[:depth], len(ranking))
            reports.append(_measured(answer, query_id, text, qrels[query_id], measures, k))
    return EvaluationReport(name, k, depth, tuple(reports), unjudged)


@dataclass(frozen=True, slots=True)
class _Answer:
    ranking: tuple[tuple[str, float], ...] = ()
    total: int = 0
    refused: str = ""


def _ask(engine: SearchEngine, text: str, settings: Settings, depth: int, cursor: Cursor | None) -> _Answer:
    try:
        request = parse_request({"q": text, "fold": "0"}, settings)
        # One large page instead of several: the limit on page size is for the web.
        deep = request._replace(per_page=depth, facets=False, snippets=False, cursor=cursor)
        results = search(engine, deep, settings)
    except UserError as error:
        return _Answer(refused=str(error))
    return _Answer(tuple((hit.id, hit.score) for hit in results.hits), results.total)


def _measured(
    answer: _Answer, query_id: str, text: str, grades: Mapping[str, int], measures: Sequence[Measure], k: int
) -> QueryReport:
    ids = tuple(article_id for article_id, _ in answer.ranking)
    values = {measure.name: measure(ids, grades) for measure in measures}
    return QueryReport(query_id, text, values, ids[:k], answer.total, answer.refused, answer.ranking)


def _unknown_articles(engine: SearchEngine, qrels: Qrels) -> tuple[str, ...]:
    judged = dict.fromkeys(article_id for grades in qrels.values() for article_id in grades)
    return tuple(article_id for article_id in judged if engine.article(article_id) is None)
