"""Search: from a request to one page of results, the same for every interface and for evaluation."""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import lru_cache, partial
from random import getrandbits

from harbor_search.config import Settings
from harbor_search.engines import Criteria, EngineHit, SearchEngine
from harbor_search.query import Limits, Query, parse, starts_from_all
from harbor_search.results import Deferred, Hit, Range, SearchResults, Snippet
from harbor_search.searching.budget import Admit, estimate, within
from harbor_search.searching.request import SearchRequest
from harbor_search.snippets import best_snippets, names_snippet, title_ranges

__all__ = ["search"]


def search(
    engine: SearchEngine, request: SearchRequest, settings: Settings, *, admit: Admit | None = None
) -> SearchResults:
    """Answer `request` from one generation of `engine`'s index.

    An empty query, with or without filters, lists all articles, the newest first. Where no snippets are wanted, hits
    are read from the index when they are first looked at. `admit` is told what it will cost before it begins. A query
    above `max_query_cost` is answered without the dearest of its alternatives, and the results say so (`partial`).

    Raises:
        UserError: the query breaks a bound (length, words, nesting).
        OperationalError: the engine cannot answer.
    """
    started = time.perf_counter()
    parsed = parse(request.q, limits=limits(settings), strict=request.strict)
    query, reduced = within(engine, parsed.query, settings.max_query_cost)
    if admit:
        admit(estimate(engine, query, request))
    answer = engine.search(query, criteria(request, query))
    return SearchResults(
        query=request.q,
        hits=_with_snippets(answer.hits, settings)
        if request.snippets
        else Deferred(partial(_without_snippets, answer.hits)),
        total=answer.total,
        total_relation=answer.total_relation,
        page=request.page,
        per_page=request.per_page,
        facets=answer.facets,
        processing_time_ms=round((time.perf_counter() - started) * 1000, 3),
        generation=answer.generation,
        query_id=f"{getrandbits(128):032x}",
        partial=answer.partial or reduced,
        applied=parsed.applied,
    )


def limits(settings: Settings) -> Limits:
    """The bounds on queries that the settings give."""
    return _limits(settings.max_query_terms, settings.max_query_nesting, settings.prefix_minimum)


_limits = lru_cache(Limits)


def criteria(request: SearchRequest, query: Query) -> Criteria:
    """What the engine must know of a request besides its words.

    Without words to find there is no relevance, and the newest articles come first.
    """
    return Criteria(
        offset=request.cursor.offset if request.cursor else (request.page - 1) * request.per_page,
        limit=request.per_page,
        sort="date" if request.sort == "relevance" and starts_from_all(query) else request.sort,
        section=request.section,
        date_from=request.date_from,
        date_to=request.date_to,
        facets=request.facets,
        snippets=request.snippets,
        total=request.total,
        generation=request.cursor.generation if request.cursor else "",
    )


def _with_snippets(hits: Iterable[EngineHit], settings: Settings) -> tuple[Hit, ...]:
    count, length = settings.snippets_per_hit, settings.snippet_length
    return tuple(
        _hit(
            hit,
            title_ranges(hit.occurrences),
            best_snippets(hit.article, hit.occurrences, count=count, length=length)
            + names_snippet(hit.article, hit.occurrences),
        )
        for hit in hits
    )


def _without_snippets(hits: Iterable[EngineHit]) -> tuple[Hit, ...]:
    return tuple(_hit(hit, (), ()) for hit in hits)


def _hit(hit: EngineHit, ranges: tuple[Range, ...], snippets: tuple[Snippet, ...]) -> Hit:
    article = hit.article
    return Hit(
        id=article.id,
        url=article.url,
        title=article.title,
        title_ranges=ranges,
        section=article.section,
        date=article.published,
        views=article.views,
        score=float(hit.score),
        snippets=snippets,
    )
