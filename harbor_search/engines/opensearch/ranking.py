"""Ranking the matches of a query in stages: by words, in the cluster; a second look at the best; meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from harbor_search.analysis import Analyzer
from harbor_search.engines.clauses import Clause, Leaf
from harbor_search.engines.criteria import Criteria
from harbor_search.engines.fusion import fused
from harbor_search.engines.opensearch.answers import ESTIMATED, exact_facets, group_of, has_name, id_of, similar_to
from harbor_search.engines.opensearch.counting import COUNTED, estimating
from harbor_search.engines.opensearch.feedback import FIELDS as FEEDBACK_FIELDS
from harbor_search.engines.opensearch.feedback import Feedback
from harbor_search.engines.opensearch.keywords import keyword
from harbor_search.engines.opensearch.mapping import LENGTHS
from harbor_search.engines.opensearch.meaning import Meaning, Vector, closeness, closest_section
from harbor_search.engines.opensearch.ranked_page import RankedHit, RankedPage
from harbor_search.engines.opensearch.requests import IndexRequests
from harbor_search.engines.opensearch.rescoring import (
    NO_WORDS,
    PRIOR_FIELDS,
    AskedWords,
    Refined,
    asked_words,
    refined,
)
from harbor_search.engines.opensearch.search_request import BY_WORDS, request_of, with_near
from harbor_search.engines.opensearch.translation import Scoring
from harbor_search.engines.opensearch.traversal import Traversal
from harbor_search.engines.opensearch.weighting import Weighting
from harbor_search.engines.rescoring import DEPTH, RescoringWeights, looks_again
from harbor_search.query import Node
from harbor_search.ranking import Top

__all__ = ["Ranking", "WantedQuery"]

Json = dict[str, Any]


class WantedQuery(NamedTuple):
    """An analysed query: its tree and clause, the clauses of its nodes, of what is preferred, and of what is to be
    counted together; and what its leaves score at most."""

    tree: Node
    clause: Clause | None
    by_node: Mapping[Node, Clause | None]
    preferred: Clause | None
    together: Clause | None
    weights: Mapping[Leaf, float]


class _Near(NamedTuple):
    """What is close to what is meant: its vector, and by document the cosines, closest first."""

    vector: Vector
    cosines: Mapping[str, float]


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
        self._weighting, self._look, self._meaning, self._grouped = weighting, look, meaning, grouped
        self._analyzer, self._feedback = analyzer, Feedback(requests, analyzer, weighting, articles)

    def folds(self, criteria: Criteria) -> bool:
        """Whether near-duplicates are to be folded, and there are any."""
        return criteria.fold and self._grouped

    def page(self, query: WantedQuery, criteria: Criteria) -> tuple[Json, RankedPage]:
        """The cluster's answer, and the hits of the page.

        Behind what a second look reaches the cluster's order is the order, so it is asked for the page alone; but who
        wants an explanation is told of all that come before.
        """
        near = self._near(criteria)
        again = looks_again(criteria) and (criteria.offset < DEPTH or near is not None)
        asked = asked_words(criteria, query.by_node, query.weights) if again else NO_WORDS
        body, params = self._request(query, criteria, asked, near), dict(self._requests.scoring)
        shown = criteria.offset + criteria.limit
        if again or (criteria.explain and criteria.after is None):
            # One more, so that what shrinks behind the best does so in the same way on all pages.
            wanted = max(shown, DEPTH + (near is not None)) if again else shown
            body |= {"from": 0, "size": wanted, "_source": False, "stored_fields": ["title_text"]}
            params |= {"include_named_queries_score": "true"} if asked.names else {}
        answer = self._answer(body, params, criteria, by_place=not again)
        hits: list[Json] = answer["hits"]["hits"]
        if not again:
            ranked = [RankedHit(hit, float(hit["_score"] or 0.0)) for hit in hits]
            offset = criteria.offset if body["from"] == 0 and criteria.after is None else 0
            return answer, RankedPage(ranked, offset, criteria.limit, hits[-1] if hits else None)
        if near is not None:
            hits = [hit for hit in hits if has_name(hit, BY_WORDS)]
        seen = refined(hits, criteria, asked, self._look, self._feedback, lambda: self._most_views, self._analyzer.name)
        if near is not None:
            return answer, self._with_meaning(hits, seen, body, params, criteria, near)
        best = zip(seen.top.documents, seen.top.scores, strict=True)
        ranked = [RankedHit(hits[place], score, seen.rules_of(place)) for place, score in best]
        repeats = {id_of(hits[place]): id_of(hits[best]) for place, best in seen.repeats.items()}
        last = hits[:shown][-1] if hits else None
        page = RankedPage(ranked, criteria.offset, criteria.limit, last, repeats, shrunk=_shrunk(seen, hits))
        return answer, page

    def behind(self, query: WantedQuery, criteria: Criteria, page: RankedPage) -> list[RankedHit]:
        """What comes behind the best of a page, down to the last that the criteria allow: ids and scores alone."""
        body = self._request(query, criteria, NO_WORDS, None) | {"_source": False, "stored_fields": "_none_"}
        known = {id_of(each.hit) for each in page.best}
        left_out = ("aggs", "docvalue_fields")
        asked = {name: value for name, value in body.items() if name not in left_out}
        asked |= {"from": 0, "size": criteria.limit, "track_total_hits": False}
        hits = self._requests.search(asked, params=self._requests.scoring)["hits"]["hits"]
        behind = (hit for hit in hits if id_of(hit) not in known)
        return [RankedHit(hit, float(hit["_score"] or 0.0) * page.shrunk) for hit in behind]

    def matches(self, query: WantedQuery, criteria: Criteria, article_id: str) -> bool:
        """Whether an article matches a query, whatever the filters."""
        body = self._request(query, criteria, NO_WORDS, self._near(criteria))
        own = {"bool": {"must": [body["query"]], "filter": [{"term": {"id": keyword(article_id)}}]}}
        return bool(self._requests.search({"query": own, "size": 1, "_source": False})["hits"]["hits"])

    def _near(self, criteria: Criteria) -> _Near | None:
        """What is close to what is meant, where that is searched for.

        Going through all matches goes by words alone: the cluster's order is the only one that it can go on in.
        """
        if self._meaning is None or not criteria.meaning or not looks_again(criteria) or criteria.after is not None:
            return None
        vector = self._meaning.vector(criteria.meaning)
        return _Near(vector, self._meaning.nearest(vector))

    def _request(self, query: WantedQuery, criteria: Criteria, asked: AskedWords, near: _Near | None) -> Json:
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

    def _answer(self, body: Json, params: dict[str, str], criteria: Criteria, *, by_place: bool) -> Json:
        folded = self.folds(criteria)
        if folded and criteria.total == "exact":
            # Of groups of near-duplicates only the number is wanted.
            params |= {"filter_path": ",".join(f"-aggregations.{name}.grouped.groups.buckets" for name in COUNTED)}
        if criteria.after is None:
            answer = self._requests.search(body, params=params)
        else:
            answer = self._traversal.page(body, criteria.after, params, by_place=by_place, folded=folded)
        if not exact_facets(answer):
            answer["aggregations"] |= self._requests.search(estimating(body))["aggregations"]
            answer[ESTIMATED] = True
        return answer

    def _with_meaning(
        self,
        hits: list[Json],
        seen: Refined,
        body: Json,
        params: dict[str, str],
        criteria: Criteria,
        near: _Near,
    ) -> RankedPage:
        """A ranking by words, fused with what is close in meaning, within the filters."""
        folded = self.folds(criteria)
        close = self._scored(body, params, near) if near.cosines else []
        places = {hit["_id"]: place for place, hit in enumerate(hits)}
        more = [hit for hit in close if hit["_id"] not in places]
        places |= {hit["_id"]: len(hits) + number for number, hit in enumerate(more)}
        every = [*hits, *more]
        cosines = np.zeros(len(every), np.float32)
        for place, hit in enumerate(hits[:DEPTH]):
            cosines[place] = closeness(hit, near.vector)
        for document, cosine in near.cosines.items():
            if document in places:
                cosines[places[document]] = cosine
        closest = np.append(cosines, np.float32(max(near.cosines.values(), default=0.0)))
        shrunk = _shrunk(seen, hits)
        words = {places[hit["_id"]]: float(hit["_score"]) * shrunk for hit in close}
        top, meaning = fused(seen.top, words, closest, criteria.meaning_weight, lambda place: id_of(every[place]))
        if folded:
            top = _folded(top, every)
        alone = [hit for hit in close if not has_name(hit, BY_WORDS)]
        order = {document: place for place, document in enumerate(top.documents)}
        ranked = [
            RankedHit(
                every[place],
                score,
                seen.rules_of(place) if place < len(hits) else (),
                meaning.get(place, 0.0),
                None if has_name(every[place], BY_WORDS) else closest_section(every[place], near.vector),
            )
            for place, score in zip(top.documents, top.scores, strict=True)
        ]
        # By its meaning it may have come before the other.
        behind = {
            id_of(every[place]): id_of(every[best])
            for place, best in seen.repeats.items()
            if place in order and order.get(best, len(order)) < order[place]
        }
        groups = {group_of(hit) if folded else hit["_id"] for hit in alone}
        return RankedPage(ranked, criteria.offset, criteria.limit, None, behind, len(groups), shrunk)

    def _scored(self, body: Json, params: dict[str, str], near: _Near) -> list[Json]:
        """The documents that are close in meaning with what they score by words, 0 where they have none."""
        within = {"bool": {"must": [body["query"]], "filter": [{"ids": {"values": list(near.cosines)}}]}}
        left_out = ("aggs", "collapse", "track_total_hits")
        asked = {name: value for name, value in body.items() if name not in left_out}
        asked |= {"query": within, "from": 0, "size": len(near.cosines), "track_total_hits": False}
        plain = {name: value for name, value in params.items() if name != "filter_path"}
        return list(self._requests.search(asked, params=plain)["hits"]["hits"])

    @cached_property
    def _most_views(self) -> int:
        """How often the article was read that was read most."""
        asked = {"size": 0, "track_total_hits": False, "aggs": {"most": {"max": {"field": "views"}}}}
        return int(self._requests.search(asked)["aggregations"]["most"]["value"] or 0)


def _shrunk(seen: Refined, hits: Sequence[Json]) -> float:
    """What the scores of hits behind those that were looked at again count."""
    return seen.top.scores[DEPTH] / (hits[DEPTH]["_score"] or 1.0) if len(hits) > DEPTH else 1.0


def _folded(top: Top, hits: list[Json]) -> Top:
    """Of each group of near-duplicates the best."""
    first: dict[object, int] = {}
    for number, place in enumerate(top.documents):
        alone = not similar_to(hits[place])
        first.setdefault(("alone", place) if alone else group_of(hits[place]), number)
    kept = list(first.values())
    return Top([top.documents[i] for i in kept], [top.scores[i] for i in kept], top.matches)
