"""Search: from a request to one page of results, the same for every interface and for evaluation."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from random import getrandbits

from harbor_search.config import Settings
from harbor_search.engines import EngineAnswer, SearchEngine
from harbor_search.results import Deferred, Hit, SearchResults
from harbor_search.searching.budget import Admit
from harbor_search.searching.explaining import did_you_mean, explained, in_concepts, tiers_of
from harbor_search.searching.interpretation import Interpretation
from harbor_search.searching.pinning import pinned_article, search_pinned
from harbor_search.searching.preparing import Prepared, prepare, prepared_searches
from harbor_search.searching.request import SearchRequest
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
    searches = prepared_searches(engine, settings)
    begun, known = searches.generation, searches.get(request)
    prepared = known or prepare(engine, request, settings)
    answer = _execute(engine, request, settings, prepared, admit)
    if prepared.generation and answer.generation != prepared.generation:
        # One was published since: its words may say that something else is meant.
        known, prepared = None, prepare(engine, request, settings)
        answer = _execute(engine, request, settings, prepared, admit)
    if known is None or answer.generation != searches.generation:
        searches.keep(request, prepared, begun, answer.generation)
    meant = prepared.meant
    # By position: names would take longer than the search of two words.
    return SearchResults(
        request.q,
        Deferred(partial(_explained, answer, meant)) if _tells_more(answer) else answer.hits,
        answer.total,
        answer.total_relation,
        request.page,
        request.per_page,
        answer.facets,
        round((time.perf_counter() - started) * 1000, 3),
        answer.generation,
        getrandbits(128).to_bytes(16, "big").hex(),
        answer.partial or prepared.reduced,
        meant.applied,
        tiers_of(answer),
        answer.by_meaning,
        _offered(engine, request, meant, answer) if meant.offered or meant.concepts else (),
        answer.after,
    )


def _execute(
    engine: SearchEngine, request: SearchRequest, settings: Settings, prepared: Prepared, admit: Admit | None
) -> EngineAnswer:
    if admit:
        admit(prepared.cost)
    pinned = pinned_article(request, settings)
    with stage("execute"):
        if pinned:
            return search_pinned(engine, prepared.query, prepared.criteria, pinned)
        return engine.search(prepared.query, prepared.criteria)


def _offered(
    engine: SearchEngine, request: SearchRequest, meant: Interpretation, answer: EngineAnswer
) -> tuple[str, ...]:
    """Queries that may find more."""
    generation = request.cursor.generation if request.cursor else ""
    return did_you_mean(request.q, meant, answer, partial(engine.vocabulary, generation))


def _tells_more(answer: EngineAnswer) -> bool:
    """Whether an engine knows more of its hits than they say."""
    return bool(answer.matches or answer.explanations or answer.repeats)


def _explained(answer: EngineAnswer, meant: Interpretation) -> tuple[Hit, ...]:
    hits = tuple(answer.hits)
    if answer.matches:
        hits = tuple(explained(hits, answer.matches, meant.concepts, meant.analyzer))
    if answer.explanations:
        scored = zip(hits, answer.explanations, strict=True)
        hits = tuple(replace(hit, explanation=in_concepts(each, meant.concepts)) for hit, each in scored)
    if answer.repeats:
        hits = tuple(replace(hit, repeats=answer.repeats.get(hit.id, "")) for hit in hits)
    return hits
