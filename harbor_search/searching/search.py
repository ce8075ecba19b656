"""Search: from a request to one page of results, the same for every interface and for evaluation."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import lru_cache, partial
from random import getrandbits
from typing import Any

from harbor_search.config import Settings
from harbor_search.engines import Criteria, EngineAnswer, SearchEngine
from harbor_search.query import starts_from_all
from harbor_search.results import Deferred, Hit, SearchResults
from harbor_search.searching.budget import Admit, estimate, within
from harbor_search.searching.explaining import did_you_mean, explained, in_concepts, tiers_of
from harbor_search.searching.interpretation import Interpretation
from harbor_search.searching.pinning import pinned_article, search_pinned
from harbor_search.searching.request import SearchRequest
from harbor_search.searching.understanding import understand
from harbor_search.tracing import stage

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
    generation = request.cursor.generation if request.cursor else ""
    with stage("understand"):
        meant = understand(
            engine, request.q, settings, strict=request.strict, literal=request.literal, generation=generation
        )
    with stage("estimate"):
        query, reduced = within(engine, meant.query, settings.max_query_cost)
        if admit:
            admit(estimate(engine, query, request))
    wanted, pinned = criteria(request, meant, settings), pinned_article(request, settings)
    with stage("execute"):
        answer = search_pinned(engine, query, wanted, pinned) if pinned else engine.search(query, wanted)
    return SearchResults(
        query=request.q,
        hits=Deferred(partial(_explained, answer, meant)) if answer.matches or answer.explanations else answer.hits,
        total=answer.total,
        total_relation=answer.total_relation,
        page=request.page,
        per_page=request.per_page,
        facets=answer.facets,
        processing_time_ms=round((time.perf_counter() - started) * 1000, 3),
        generation=answer.generation,
        query_id=getrandbits(128).to_bytes(16, "big").hex(),
        partial=answer.partial or reduced,
        applied=meant.applied,
        tiers=tiers_of(answer),
        by_meaning=answer.by_meaning,
        did_you_mean=did_you_mean(request.q, meant, answer, partial(engine.vocabulary, generation)),
        after=answer.after,
    )


def criteria(request: SearchRequest, meant: Interpretation, settings: Settings) -> Criteria:
    """What the engine must know of a request besides its words."""
    given = settings.snippets_per_hit, settings.snippet_length, settings.all_words_first
    found = _criteria(request[1:], starts_from_all(meant.query), *given)
    if not (meant.concepts or meant.asking or meant.typed):
        return found
    preferred = meant.preferred
    explaining = request.snippets and preferred is not None
    by_meaning = settings.semantic_model and meant.typed and not (request.strict or request.literal)
    return found._replace(
        preferred=preferred,
        together=meant.together if explaining else None,
        tested=meant.ways if explaining or (request.snippets and meant.changed) else (),
        aspects=meant.aspects if preferred is not None or meant.asking else (),
        typed=meant.typed,
        meaning=request.q if by_meaning else "",
        meaning_weight=settings.semantic_weight,
    )


@lru_cache(maxsize=1024)
def _criteria(manner: tuple[Any, ...], from_all: bool, snippets: int, length: int, preference: float) -> Criteria:
    """The same of a request that is asked in this manner, all but its first field. Few are asked in one of their own.

    Without words to find there is no relevance, and the newest articles come first.
    """
    request = SearchRequest("", *manner)
    return Criteria(
        offset=request.cursor.offset if request.cursor else (request.page - 1) * request.per_page,
        limit=request.per_page,
        sort="date" if from_all and request.sort == "relevance" else request.sort,
        section=request.section,
        source=request.source,
        date_from=request.date_from,
        date_to=request.date_to,
        facets=request.facets,
        snippets=snippets if request.snippets else 0,
        snippet_length=length,
        total=request.total,
        generation=request.cursor.generation if request.cursor else "",
        after=request.cursor.after if request.cursor else None,
        fold=request.fold,
        preference=preference,
        explain=request.explain,
    )


def _explained(answer: EngineAnswer, meant: Interpretation) -> tuple[Hit, ...]:
    hits = tuple(answer.hits)
    if answer.matches:
        hits = tuple(explained(hits, answer.matches, meant.concepts, meant.analyzer))
    if answer.explanations:
        scored = zip(hits, answer.explanations, strict=True)
        hits = tuple(replace(hit, explanation=in_concepts(each, meant.concepts)) for hit, each in scored)
    return hits
