"""Preparing a search: from a request to what an engine is asked."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock
from typing import Any, NamedTuple
from weakref import finalize

from harbor_search.config import Settings
from harbor_search.engines import Criteria, SearchEngine
from harbor_search.query import Query, starts_from_all
from harbor_search.searching.budget import estimate, within
from harbor_search.searching.interpretation import Interpretation
from harbor_search.searching.pinning import may_be_pinned
from harbor_search.searching.query_understanding import understand
from harbor_search.searching.readings import Readings
from harbor_search.searching.request import SearchRequest
from harbor_search.synonyms import synonyms_of
from harbor_search.tracing import stage

__all__ = ["Prepared", "PreparedSearches", "criteria", "prepare", "prepared_searches"]

_MOST_PREPARED = 4_096
"""Requests that are remembered as they were prepared, of those that are searched as they were typed: some megabytes."""

_MOST_INTERPRETED = 1_024
"""The same of those whose words were interpreted, which have more to say: a few megabytes."""

_LONGEST_PREPARED = 200
"""Characters of such a request, its query and filters: what is longer was pasted, and is not asked again."""


class Prepared(NamedTuple):
    """What a request was understood to ask, and what an engine is asked for it: `query` and `criteria`.

    `reduced` says that alternatives were left out of the query, `cost` about how many postings it reads, and `pinnable`
    that somebody may have decided which article comes first. `readings` are those of what was meant. That was found in
    lists of synonyms that had changed so often before (`changes`), and in the words of a `generation`, which is empty
    where they say nothing or where it is not known.
    """

    meant: Interpretation
    query: Query
    criteria: Criteria
    reduced: bool
    cost: int
    pinnable: bool
    readings: Readings
    changes: int = 0
    generation: str = ""


def prepare(engine: SearchEngine, request: SearchRequest, settings: Settings) -> Prepared:
    """What to ask `engine` for `request`.

    Raises:
        UserError: the query breaks a bound (length, words, nesting).
        OperationalError: the engine cannot answer.
    """
    generation = request.cursor.generation if request.cursor else ""
    changes = 0 if request.literal or request.strict else _changes_of_synonyms(settings)
    with stage("understand"):
        meant = understand(
            engine, request.q, settings, strict=request.strict, literal=request.literal, generation=generation
        )
    with stage("estimate"):
        query, reduced = within(engine, meant.query, settings.max_query_cost)
        cost = estimate(engine, query, request)
    wanted = criteria(request, meant, settings)
    return Prepared(meant, query, wanted, reduced, cost, may_be_pinned(request), Readings(meant.concepts), changes)


class PreparedSearches:
    """Requests as they were prepared for a generation of an engine, under one set of settings. Threads may share it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.generation = ""
        self._as_typed: dict[SearchRequest, Prepared] = {}
        self._interpreted: dict[SearchRequest, Prepared] = {}
        self._keeping = Lock()

    def get(self, request: SearchRequest) -> Prepared | None:
        """What was asked for a request before, if that is what would be asked now: lists of synonyms change."""
        if request.literal or request.strict:
            return self._as_typed.get(request)
        known = self._interpreted.get(request)
        return known if known is None or known.changes == _changes_of_synonyms(self.settings) else None

    def keep(self, request: SearchRequest, prepared: Prepared, begun: str, generation: str) -> None:
        """Remember what was asked for a request, which was answered from this generation; where that is too much, what
        was remembered first is forgotten.

        `begun` is the one that was searched last before it was prepared: its cost and words may be that one's.
        """
        if request.cursor is None:
            with self._keeping:
                self._keep(request, prepared, begun, generation)

    def _keep(self, request: SearchRequest, prepared: Prepared, begun: str, generation: str) -> None:
        if generation != self.generation:
            self._as_typed.clear()
            self._interpreted.clear()
            self.generation = generation
        if begun != generation or _length(request) > _LONGEST_PREPARED:
            return
        if request.literal or request.strict:
            _put(self._as_typed, request, prepared, _MOST_PREPARED)
        else:
            _put(self._interpreted, request, prepared._replace(generation=generation), _MOST_INTERPRETED)


def _changes_of_synonyms(settings: Settings) -> int:
    """How often the lists of synonyms that the settings name have changed; 0 where they name none."""
    lists = synonyms_of(settings.synonyms, settings.index)
    return lists.changes() if lists else 0


def _length(request: SearchRequest) -> int:
    return sum(map(len, (request.q, request.source, *request.section)))


def _put(known: dict[SearchRequest, Prepared], request: SearchRequest, prepared: Prepared, most: int) -> None:
    if len(known) >= most:
        del known[next(iter(known))]
    known[request] = prepared


_searches: dict[int, PreparedSearches] = {}
"""By the identity of an engine: a dictionary with weak keys would take four times as long."""


def prepared_searches(engine: SearchEngine, settings: Settings) -> PreparedSearches:
    """Those of `engine`; they go with it, and when other settings are given."""
    known = _searches.get(id(engine))
    if known is None or known.settings is not settings:
        if known is None:
            finalize(engine, _searches.pop, id(engine), None).atexit = False
        known = _searches[id(engine)] = PreparedSearches(settings)
    return known


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
        other_names=meant.other_names,
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
        diverse=request.diverse and not request.strict,
        preference=preference,
        explain=request.explain,
    )
