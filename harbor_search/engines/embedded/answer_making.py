"""What an engine answers: a page of the ranked documents, with what is known of all that match."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal

from harbor_search.engines.answers import EngineAnswer
from harbor_search.engines.clauses import Clause
from harbor_search.engines.criteria import Criteria
from harbor_search.engines.embedded.match_locations import MatchLocator
from harbor_search.engines.embedded.near_duplicates import NO_FOLDING, Folding
from harbor_search.engines.embedded.page_of_hits import PageMaker
from harbor_search.engines.embedded.query_words import membership
from harbor_search.engines.embedded.ranking_stages import RankedDocuments
from harbor_search.engines.embedded.snapshot import Snapshot, Words64
from harbor_search.ranking import Top
from harbor_search.results import Deferred, FacetValue, Hit

__all__ = ["AnswerMaker"]

_NO_FACETS: Mapping[str, tuple[FacetValue, ...]] = MappingProxyType({})

_NO_REPEATS: Mapping[str, str] = MappingProxyType({})

_new = tuple.__new__


class AnswerMaker:
    """Makes answers of what was ranked in a snapshot. Threads may share it where they hold its lock."""

    def __init__(self, snapshot: Snapshot, locator: MatchLocator, pages: PageMaker) -> None:
        self._snapshot, self._locator, self._pages = snapshot, locator, pages

    def of_top(self, top: Top, criteria: Criteria) -> EngineAnswer:
        """The answer where the best documents are all that is wanted."""
        documents, scores, matches = top
        if criteria.offset:
            documents, scores = documents[criteria.offset :], scores[criteria.offset :]
        hits = Deferred(self._pages.bare, documents, scores)
        total, relation = (matches, "eq") if criteria.total == "exact" else _total(top, criteria, exact=False)
        name, without = self._snapshot.name, _NO_REPEATS
        # All fields by position: a named tuple's own way to be made takes as long as the search of two words.
        fields = (hits, total, relation, _NO_FACETS, name, False, None, None, (), "", (), 0, without, False, "eq")
        return _new(EngineAnswer, fields)

    def of_ranking(
        self,
        ranked: RankedDocuments,
        criteria: Criteria,
        clause: Clause | None,
        folding: Folding | None,
        facets: Mapping[str, tuple[FacetValue, ...]] | None,
        *,
        counted: bool,
    ) -> EngineAnswer:
        """The answer to a query that is this clause, with all that the criteria ask for; `counted` says that all that
        match were, so that the total is exact whatever was asked for."""
        exact = criteria.total == "exact"
        total, relation = _total(ranked.top, criteria, exact=exact or counted)
        documents = ranked.top.documents[criteria.offset :]
        fields = (
            self._hits(ranked, criteria, clause),
            total,
            relation,
            _NO_FACETS if facets is None else facets,
            self._snapshot.name,
            False,
            _counted(ranked.preferred, folding) if exact else None,
            _counted(ranked.together, folding) if exact else None,
            _tested(ranked, documents),
            "",
            (),
            _counted(ranked.without_words, folding) or 0,
            self._repeats(ranked, documents),
            "feedback" in dict(ranked.refined.rules),
            "eq",
        )
        return _new(EngineAnswer, fields)

    def _hits(self, ranked: RankedDocuments, criteria: Criteria, clause: Clause | None) -> Deferred[Hit]:
        documents, scores = ranked.top.documents[criteria.offset :], ranked.top.scores[criteria.offset :]
        if not criteria.snippets:
            return Deferred(self._pages.bare, documents, scores)
        query = self._locator.leaves_of(clause)
        return Deferred(self._pages.shown, documents, scores, query, criteria, ranked.sections)

    def _repeats(self, ranked: RankedDocuments, documents: Sequence[int]) -> Mapping[str, str]:
        """By the ids of those of `documents` whose title a better one has, the id of that one."""
        repeats = ranked.refined.repeats
        if not repeats:
            return _NO_REPEATS
        found = [(each, repeats[each]) for each in documents if each in repeats]
        if not found:
            return _NO_REPEATS
        places = {document: place for place, document in enumerate(ranked.top.documents)}
        # By its meaning it may have come before the other.
        lower = [(each, best) for each, best in found if places.get(best, len(places)) < places[each]]
        article_id = self._pages.article_id
        return {article_id(each): article_id(best) for each, best in lower}


def _total(top: Top, criteria: Criteria, *, exact: bool) -> tuple[int, Literal["eq", "gte"]]:
    """How many documents match, or at least how many."""
    if exact:
        return top.matches, "eq"
    found = len(top.documents)
    if found < criteria.offset + criteria.limit:
        return found, "eq"
    return (max(found, top.matches) if criteria.total == "bounded" else found), "gte"


def _tested(ranked: RankedDocuments, documents: Sequence[int]) -> tuple[tuple[bool, ...], ...]:
    """For each of some documents whether it matches each of what is to be tested."""
    lists = ranked.words.tested
    if not lists.size or not documents:
        return ()
    return tuple(map(tuple, membership(ranked.words, lists, documents)))


def _counted(matched: Words64 | None, folding: Folding | None) -> int | None:
    """How many documents matched, near-duplicates once where they are folded; None where nothing was to match."""
    if matched is None:
        return None
    return (folding or NO_FOLDING).hits(matched)
