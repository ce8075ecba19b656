"""Search: from a request to one page of results, the same for every interface and for evaluation."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import lru_cache, partial
from random import getrandbits

from harbor_search.config import Settings
from harbor_search.engines import EngineAnswer, SearchEngine
from harbor_search.results import Applied, SearchResults
from harbor_search.searching.budget import Admit
from harbor_search.searching.engine_request import Prepared, prepare, prepared_searches
from harbor_search.searching.explained_hits import ExplainedHits
from harbor_search.searching.interpretation import Interpretation
from harbor_search.searching.match_reasons import did_you_mean, tiers_of, with_words
from harbor_search.searching.pinning import pinned_article, search_pinned
from harbor_search.searching.query_understanding import misspelt_words
from harbor_search.searching.request import SearchRequest
from harbor_search.tracing import stage, tracer

__all__ = ["search"]

_new = tuple.__new__


def search(
    engine: SearchEngine, request: SearchRequest, settings: Settings, *, admit: Admit | None = None
) -> SearchResults:
    """Answer `request` from one generation of `engine`'s index.

    An empty query, with or without filters, lists all articles, the newest first. Where no snippets are wanted, hits
    are read from the index when they are first looked at. `admit` is told what it will cost before it begins. Of a
    query above `max_query_cost` the most expensive alternatives are left out, and the results say so (`partial`).

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
    # The total first: to look at the hits would read them from the index.
    wanted = prepared.meant.offered or prepared.meant.concepts or not (answer.total or answer.hits)
    offered = _offered(engine, request, settings, prepared.meant, answer) if wanted else ()
    return _results(request, prepared, answer, offered, started)


def _results(
    request: SearchRequest, prepared: Prepared, answer: EngineAnswer, offered: tuple[str, ...], started: float
) -> SearchResults:
    """What a search found that began at `started` (`time.perf_counter`); `offered` are queries that may find more."""
    meant = prepared.meant
    explained = answer.matches or answer.explanations or answer.repeats
    # All fields by position: a named tuple's own way to be made takes as long as the search of two words.
    return _new(
        SearchResults,
        (
            request.q,
            ExplainedHits(answer, prepared.readings, meant.concepts, meant.analyzer) if explained else answer.hits,
            answer.total,
            answer.total_relation,
            request.page,
            request.per_page,
            answer.facets,
            (time.perf_counter() - started) * 1000,
            answer.generation,
            getrandbits(128).to_bytes(16, "big").hex(),
            answer.partial or prepared.reduced,
            _with_feedback(meant.applied) if answer.feedback else meant.applied,
            None if answer.preferred is None else tiers_of(answer, answer.preferred),
            answer.by_meaning,
            offered,
            answer.after,
            answer.facets_relation,
        ),
    )


def _execute(
    engine: SearchEngine, request: SearchRequest, settings: Settings, prepared: Prepared, admit: Admit | None
) -> EngineAnswer:
    if admit:
        admit(prepared.cost)
    pinned = pinned_article(request, settings) if prepared.pinnable else ""
    if not pinned and tracer() is None:  # to say that nothing is traced would take as long as a look-up
        return engine.search(prepared.query, prepared.criteria)
    with stage("execute"):
        if pinned:
            return search_pinned(engine, prepared.query, prepared.criteria, pinned)
        return engine.search(prepared.query, prepared.criteria)


@lru_cache(maxsize=1_024)
def _with_feedback(applied: Applied) -> Applied:
    """That the first results had a say is known of an answer alone; most queries have the same else: nothing."""
    return replace(applied, feedback=True)


def _offered(
    engine: SearchEngine, request: SearchRequest, settings: Settings, meant: Interpretation, answer: EngineAnswer
) -> tuple[str, ...]:
    """Queries that may find more."""
    generation = request.cursor.generation if request.cursor else ""
    offered = did_you_mean(request.q, meant, answer, partial(engine.vocabulary, generation))
    if offered or answer.total or answer.hits or not settings.corrections:
        return offered
    misspelt = misspelt_words(engine, request.q, settings, generation=generation)
    # What was corrected was searched: where a filter lets nothing through, it finds no more when it is asked again.
    return with_words(request.q, [each for each in misspelt if each not in meant.applied.corrections])
