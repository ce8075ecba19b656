"""Explain: why one article is where it is among the answers to a query, or is not."""

from __future__ import annotations

from dataclasses import dataclass

from harbor_search.article import Article
from harbor_search.config import Settings
from harbor_search.engines import SearchEngine
from harbor_search.explanation import Explanation
from harbor_search.results import Applied
from harbor_search.searching.budget import within
from harbor_search.searching.engine_request import criteria
from harbor_search.searching.match_reasons import in_concepts
from harbor_search.searching.query_understanding import understand
from harbor_search.searching.request import SearchRequest

__all__ = ["ExplainedArticle", "explain"]


@dataclass(frozen=True, slots=True)
class ExplainedArticle:
    """An article, why it is where it is, and what was done to the query before it ran."""

    article: Article
    explanation: Explanation
    applied: Applied


def explain(
    engine: SearchEngine, request: SearchRequest, article_id: str, settings: Settings
) -> ExplainedArticle | None:
    """Why the article of that id is where it is among all answers to `request`; None where there is no such article.

    Raises:
        UserError: the query breaks a bound.
        OperationalError: the engine cannot answer.
    """
    meant = understand(engine, request.q, settings, strict=request.strict, literal=request.literal)
    query, _ = within(engine, meant.query, settings.max_query_cost)
    asked = request._replace(page=1, per_page=settings.max_results, facets=False, snippets=False, cursor=None)
    article = engine.article(article_id)
    found = engine.explain(query, criteria(asked, meant, settings), article_id)
    if article is None or found is None:
        return None
    return ExplainedArticle(article, in_concepts(found, meant.concepts), meant.applied)
