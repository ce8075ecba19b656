"""Pinning: an answer with one article before all others, on every page as if it had been ranked first."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from harbor_search.config import Settings
from harbor_search.engines import Criteria, EngineAnswer, SearchEngine, hit_of
from harbor_search.explanation import Explanation, Part
from harbor_search.pins import pins_of
from harbor_search.query import Query, tree_of
from harbor_search.searching.request import SearchRequest

__all__ = ["may_be_pinned", "pinned_article", "search_pinned"]

_Member = TypeVar("_Member")


def may_be_pinned(request: SearchRequest) -> bool:
    """Whether an article may be pinned for a request.

    Who sorts, filters, searches literally or goes on at a cursor wants an order that is not ours to change.
    """
    own_order = request.sort != "relevance" or request.strict or request.literal or request.cursor is not None
    filtered = bool(request.section or request.source or request.date_from or request.date_to)
    return not (own_order or filtered) and request.per_page > 0


def pinned_article(request: SearchRequest, settings: Settings) -> str:
    """The id of the article that is pinned for such a request; empty where none is."""
    return pins_of(settings).get(request.q)


def search_pinned(engine: SearchEngine, query: Query, criteria: Criteria, article_id: str) -> EngineAnswer:
    """The page that `criteria` ask for, of a ranking in which this article comes first and the others as they do.

    An article that the index does not have is passed over. The first search finds out where it is ranked, the second
    gets the page.
    """
    article = engine.article(article_id)
    if article is None:
        return engine.search(query, criteria)
    end = criteria.offset + criteria.limit
    bare = criteria._replace(offset=0, limit=end, facets=False, snippets=0, total="none", tested=(), together=None)
    ids = [hit.id for hit in engine.search(query, bare).hits]
    rank = ids.index(article_id) if article_id in ids else end
    start, wanted = (criteria.offset - 1, criteria.limit) if criteria.offset else (0, criteria.limit - 1)
    if rank < start:
        start += 1
    elif rank < start + wanted:
        wanted += 1
    answer = engine.search(query, criteria._replace(offset=start, limit=wanted))
    hits, matches, reasons = list(answer.hits), list(answer.matches), list(answer.explanations)
    at = next((place for place, hit in enumerate(hits) if hit.id == article_id), None)
    own, how, why = _taken(hits, at), _taken(matches, at), _taken(reasons, at)
    unmatched = rank == end and answer.total_relation == "eq" and answer.total <= len(ids)
    if not criteria.offset:
        score = max((hit.score for hit in hits), default=0.0)
        occurrences = engine.occurrences(tree_of(query), article) if own is None and criteria.snippets else ()
        own = replace(own, score=score) if own else hit_of(article, score, occurrences, criteria)
        hits.insert(0, own)
        if criteria.tested and len(matches) == len(hits) - 1:
            # Nothing is said to be missing from what somebody has chosen.
            matches.insert(0, how if how is not None else (True,) * len(criteria.tested))
        if criteria.explain:
            reasons.insert(0, _explained(why or engine.explain(query, bare, article_id), score))
    return answer._replace(
        hits=tuple(hits), matches=tuple(matches), explanations=tuple(reasons), total=answer.total + unmatched
    )


def _taken(members: list[_Member], at: int | None) -> _Member | None:
    """The member at a place, which is taken out; None where there is none."""
    return None if at is None or not members else members.pop(at)


def _explained(why: Explanation | None, score: float) -> Explanation:
    """Why the pinned article has its score: by its words, and the rest since somebody put it there."""
    parts = why.parts if why else ()
    rest = score - sum(part.score for part in parts)
    return Explanation(score, 1, 0.0, (*parts, Part("pin", "", rest)) if rest else parts)
