"""Search: from a request to one page of results, the same for every interface and for evaluation."""

from __future__ import annotations

import time
import uuid

from harbor_search.config import Settings
from harbor_search.engines import Criteria, EngineHit, SearchEngine
from harbor_search.query import Boolean, Everything, Limits, Node, parse
from harbor_search.results import Hit, SearchResults
from harbor_search.searching.request import SearchRequest
from harbor_search.snippets import best_snippets, title_ranges

__all__ = ["search"]


def search(engine: SearchEngine, request: SearchRequest, settings: Settings) -> SearchResults:
    """Answer `request` from one generation of `engine`'s index.

    An empty query, with or without filters, lists all articles, the newest first.

    Raises:
        UserError: the query breaks a bound (length, words, nesting).
        OperationalError: the engine cannot answer.
    """
    started = time.perf_counter()
    parsed = parse(request.q, limits=limits(settings), strict=request.strict)
    node = parsed.node
    answer = engine.search(node, criteria(request, node))
    return SearchResults(
        query=request.q,
        hits=tuple(_hit(each, settings) for each in answer.hits),
        total=answer.total,
        total_relation=answer.total_relation,
        page=request.page,
        per_page=request.per_page,
        facets=answer.facets,
        processing_time_ms=round((time.perf_counter() - started) * 1000, 3),
        generation=answer.generation,
        query_id=uuid.uuid4().hex,
        partial=answer.partial,
        applied=parsed.applied,
    )


def limits(settings: Settings) -> Limits:
    """The bounds on queries that the settings give."""
    return Limits(
        terms=settings.max_query_terms, nesting=settings.max_query_nesting, prefix_minimum=settings.prefix_minimum
    )


def criteria(request: SearchRequest, node: Node) -> Criteria:
    """What the engine must know of a request besides its words.

    Without words to find there is no relevance, and the newest articles come first.
    """
    return Criteria(
        offset=(request.page - 1) * request.per_page,
        limit=request.per_page,
        sort="date" if request.sort == "relevance" and _takes_all(node) else request.sort,
        section=request.section,
        date_from=request.date_from,
        date_to=request.date_to,
    )


def _takes_all(node: Node) -> bool:
    """Whether a query starts from all articles: nothing asked for, or only words to leave out."""
    return node == Everything() or (isinstance(node, Boolean) and Everything() in node.must)


def _hit(hit: EngineHit, settings: Settings) -> Hit:
    article = hit.article
    return Hit(
        id=article.id,
        url=article.url,
        title=article.title,
        title_ranges=title_ranges(hit.occurrences),
        section=article.section,
        date=article.published,
        views=article.views,
        score=float(hit.score),
        snippets=best_snippets(
            article, hit.occurrences, count=settings.snippets_per_hit, length=settings.snippet_length
        ),
    )
