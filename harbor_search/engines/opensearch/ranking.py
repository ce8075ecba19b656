"""Ranking the matches of a query in stages: by words, in the cluster; a second look at the best; meaning."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from harbor_search.analysis import Analyzer
from harbor_search.engines.clauses import Clause, Leaf
from harbor_search.engines.criteria import Criteria
from harbor_search.engines.opensearch.answers import ESTIMATED, exact_facets, has_name, id_of
from harbor_search.engines.opensearch.counting import COUNTED, estimating
from harbor_search.engines.opensearch.feedback import FIELDS as FEEDBACK_FIELDS
from harbor_search.engines.opensearch.feedback import Feedback
from harbor_search.engines.opensearch.hybrid_ranking import HybridRanking, Near, came_before, found_by_meaning
from harbor_search.engines.opensearch.keywords import keyword
from harbor_search.engines.opensearch.mapping import LENGTHS
from harbor_search.engines.opensearch.meaning import Meaning
from harbor_search.engines.opensearch.ranked_page import RankedHit, RankedPage
from harbor_search.engines.opensearch.requests import IndexRequests
from harbor_search.engines.opensearch.rescoring import (
    NO_WORDS,
    PRIOR_FIELDS,
    AskedWords,
    asked_words,
    refined,
)
from harbor_search.engines.opensearch.search_request import BY_WORDS, request_of, with_near
from harbor_search.engines.opensearch.translation import Scoring
from harbor_search.engines.opensearch.traversal import Traversal
from harbor_search.engines.opensearch.weighting import Weighting
from harbor_search.engines.rescoring import DEPTH, RescoringWeights, looks_again
from harbor_search.query import Node

__all__ = ["Ranking", "WantedQuery"]

Json = dict[str, Any]

_TITLES: Json = {"_source": False, "stored_fields": ["title_text"]}
"""What is read of hits that are looked at again: of fifty, ten are shown."""


class WantedQuery(NamedTuple):
    """An analysed query: its tree and clause, the clauses of its nodes, of what is preferred, and of what is to be
    counted together; and what its leaves score at most."""

    tree: Node
    clause: Clause | None
    by_node: Mapping[Node, Clause | None]
    preferred: Clause | None
    together: Clause | None
    weights: Mapping[Leaf, float]


class _Tail(NamedTuple):
    """What a second look at the best makes of all other hits: what their scores count, and whether what the first ones
    say had a say."""

    shrunk: float
    feedback: bool


_MOST_TAILS = 1_024
"""Rankings of which that is remembered: readers turn pages, and programs go through all matches."""


class Ranking:
    """Ranks the documents of one index. Threads may share it."""

    def __init__(
        self,
        requests: IndexRequests,
        traversal: Traversal,
        weighting: Weighting,
        look: RescoringWeights,
        meaning: Meaning | None,
        *,
        analyzer: Analyzer,
        articles: int,
        grouped: bool,
    ) -> None:
        """Of the `articles`, `grouped` says, some are near-duplicates; `meaning` knows what sections mean, where they
        are searched by that too."""
        self._requests, self._traversal = requests, traversal
        self._weighting, self._look, self._grouped = weighting, look, grouped
        self._hybrid = HybridRanking(requests, meaning) if meaning else None
        self._tails: dict[tuple[Node, Criteria], _Tail] = {}
        self._analyzer, self._feedback = analyzer, Feedback(requests, analyzer, weighting, articles)

    def folds(self, criteria: Criteria) -> bool:
        """Whether near-duplicates are to be folded, and there are any."""
        return criteria.fold and self._grouped

    def page(self, query: WantedQuery, criteria: Criteria) -> tuple[Json, RankedPage]:
        """The cluster's answer, and the hits of the page.

        Behind what a second look or meaning reaches the cluster's order is the order, so it is asked for the page
        alone; but who wants an explanation is told of all that come before.
        """
        near = self._near(criteria)
        reach = DEPTH if near is None else near.reach
        if not looks_again(criteria) or (criteria.offset >= reach and (near is None or criteria.after is not None)):
            return self._page_after(query, criteria, near)
        asked = asked_words(criteria, query.by_node, query.weights)
        body, params = self._request(query, criteria, asked, near), dict(self._requests.scoring)
        shown = criteria.offset + criteria.limit
        # One more, so that what shrinks after the best does so in the same way on all pages.
        body |= {"from": 0, "size": max(shown, reach + (near is not None)), **_TITLES}
        params |= {"include_named_queries_score": "true"} if asked.names else {}
        answer = self._answer(body, params, criteria, by_place=False)
        hits: list[Json] = answer["hits"]["hits"]
        if near is not None:
            hits = [hit for hit in hits if has_name(hit, BY_WORDS)]
        seen = refined(hits, criteria, asked, self._look, self._feedback, lambda: self._most_views, self._analyzer.name)
        if near is not None and self._hybrid is not None:
            close = self._hybrid.scored(body, params, near)
            return answer, self._hybrid.fuse(hits, seen, close, near, criteria, folded=self.folds(criteria))
        ranked = [
            RankedHit(hits[place], score, seen.rules_of(place))
            for place, score in zip(seen.top.documents, seen.top.scores, strict=True)
        ]
        repeats = {id_of(hits[place]): id_of(hits[best]) for place, best in seen.repeats.items()}
        last = hits[:shown][-1] if hits else None
        page = RankedPage(
            ranked, criteria.offset, criteria.limit, last, repeats, shrunk=seen.shrunk(hits), feedback=seen.feedback
        )
        return answer, page

    def _page_after(self, query: WantedQuery, criteria: Criteria, near: Near | None) -> tuple[Json, RankedPage]:
        """A page in the cluster's own order, after what comes in another one, if anything does."""
        body, params = self._request(query, criteria, NO_WORDS, near), dict(self._requests.scoring)
        close: list[Json] = []
        left_out = None
        if near is not None and self._hybrid is not None:
            close = self._hybrid.scored(body, params, near)
            left_out = came_before(close, near, folded=self.folds(criteria))
        if criteria.after is None and criteria.explain:
            body |= {"from": 0, "size": criteria.offset + criteria.limit, **_TITLES}
        answer = self._answer(body, params, criteria, by_place=True, left_out=left_out)
        hits: list[Json] = answer["hits"]["hits"]
        tail = self._tail(query, criteria) if looks_again(criteria) else _Tail(1.0, feedback=False)
        ranked = [RankedHit(hit, float(hit["_score"] or 0.0) * tail.shrunk) for hit in hits]
        offset = criteria.offset if body["from"] == 0 and criteria.after is None else 0
        page = RankedPage(
            ranked,
            offset,
            criteria.limit,
            hits[-1] if hits else None,
            by_meaning=found_by_meaning(close, folded=self.folds(criteria)),
            shrunk=tail.shrunk,
            feedback=tail.feedback,
        )
        return answer, page

    def after_best(self, query: WantedQuery, criteria: Criteria, page: RankedPage) -> list[RankedHit]:
        """What comes after the best of a page, down to the last that the criteria allow: ids and scores alone."""
        body = self._request(query, criteria, NO_WORDS, None) | {"_source": False, "stored_fields": "_none_"}
        known = {id_of(each.hit) for each in page.best}
        left_out = ("aggs", "docvalue_fields")
        asked = {name: value for name, value in body.items() if name not in left_out}
        asked |= {"from": 0, "size": criteria.limit, "track_total_hits": False}
        hits = self._requests.search(asked, params=self._requests.scoring)["hits"]["hits"]
        rest = (hit for hit in hits if id_of(hit) not in known)
        return [RankedHit(hit, float(hit["_score"] or 0.0) * page.shrunk) for hit in rest]

    def matches(self, query: WantedQuery, criteria: Criteria, article_id: str) -> bool:
        """Whether an article matches a query, whatever the filters."""
        body = self._request(query, criteria, NO_WORDS, self._near(criteria))
        own = {"bool": {"must": [body["query"]], "filter": [{"term": {"id": keyword(article_id)}}]}}
        return bool(self._requests.search({"query": own, "size": 1, "_source": False})["hits"]["hits"])

    def _near(self, criteria: Criteria) -> Near | None:
        """What is close to what is meant, where that is searched for."""
        if self._hybrid is None or not criteria.meaning or not looks_again(criteria):
            return None
        return self._hybrid.near(criteria.meaning)

    def _tail(self, query: WantedQuery, criteria: Criteria) -> _Tail:
        """What becomes of the hits after the first page of a ranking, whichever page is asked for."""
        first = criteria._replace(
            offset=0, limit=DEPTH + 1, after=None, facets=False, snippets=0, total="none", tested=(), explain=False
        )
        known = self._tails.get((query.tree, first))
        if known is None:
            _, page = self.page(query, first)
            known = _Tail(page.shrunk, page.feedback)
            if len(self._tails) >= _MOST_TAILS:
                self._tails.clear()
            self._tails[query.tree, first] = known
        return known

    def _request(self, query: WantedQuery, criteria: Criteria, asked: AskedWords, near: Near | None) -> Json:
        body = request_of(
            query.clause,
            criteria,
            query.preferred,
            query.together,
            expansions=self._requests.expansions,
            scoring=Scoring(self._weighting, query.weights, asked.names),
            folded=self.folds(criteria),
        )
        along: list[Any] = ["hash", LENGTHS["body"], *(["similar", "group"] if self._grouped else [])]
        if self._look.freshness or self._look.popularity:
            along += PRIOR_FIELDS
        if self._look.feedback_weight and asked.first_wanted is not None:
            along += FEEDBACK_FIELDS
        if near is not None:
            body["query"] = with_near(body["query"], list(near.cosines))
            along.append("vectors")
        return body | {"docvalue_fields": along}

    def _answer(
        self,
        body: Json,
        params: dict[str, str],
        criteria: Criteria,
        *,
        by_place: bool,
        left_out: Callable[[Json], bool] | None = None,
    ) -> Json:
        """The answer to a search; `by_place` and `left_out` are of who goes through all matches (`Traversal.page`)."""
        folded = self.folds(criteria)
        if folded and criteria.total == "exact":
            # Of groups of near-duplicates only the number is wanted.
            params |= {"filter_path": ",".join(f"-aggregations.{name}.grouped.groups.buckets" for name in COUNTED)}
        if criteria.after is None:
            answer = self._requests.search(body, params=params)
        else:
            going = {"by_place": by_place, "folded": folded}
            answer = self._traversal.page(body, criteria.after, params, **going, left_out=left_out)
        if not exact_facets(answer):
            answer["aggregations"] |= self._requests.search(estimating(body))["aggregations"]
            answer[ESTIMATED] = True
        return answer

    @cached_property
    def _most_views(self) -> int:
        """How often the article was read that was read most."""
        asked = {"size": 0, "track_total_hits": False, "aggs": {"most": {"max": {"field": "views"}}}}
        return int(self._requests.search(asked)["aggregations"]["most"]["value"] or 0)
