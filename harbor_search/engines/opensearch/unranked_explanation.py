"""Explaining an article that is not among the best answers, so that it was not rescored."""

from __future__ import annotations

from typing import Any

import numpy as np

from harbor_search.article import Article
from harbor_search.engines.opensearch.documents import document_id
from harbor_search.engines.opensearch.explaining import excluding, explanation_of
from harbor_search.engines.opensearch.keywords import keyword
from harbor_search.engines.opensearch.located_articles import Locator
from harbor_search.engines.opensearch.match_locations import distinct_leaves, has, occurrences
from harbor_search.engines.opensearch.query_analysis import QueryAnalysis, lacking, typed_texts
from harbor_search.engines.opensearch.requests import IndexRequests
from harbor_search.engines.opensearch.search_request import request_of
from harbor_search.engines.opensearch.translation import Scoring
from harbor_search.engines.protocol import Criteria
from harbor_search.query import Node
from harbor_search.results import Explanation

__all__ = ["UnrankedExplainer"]

Json = dict[str, Any]


class UnrankedExplainer:
    """Explains articles one by one, by the cluster's own account. Threads may share it."""

    def __init__(self, requests: IndexRequests, analysis: QueryAnalysis, locator: Locator, k1: float) -> None:
        self._requests, self._analysis, self._locator, self._k1 = requests, analysis, locator, k1

    def explain(self, tree: Node, criteria: Criteria, article: Article, *, folded: bool) -> Explanation:
        """Why an article scores what it does, or is no match; where near-duplicates are `folded`, its place is not
        known."""
        clause, preferred = self._analysis.clause(tree), self._analysis.optional(criteria.preferred)
        found = distinct_leaves(clause)
        weights = self._analysis.weights(found)
        scoring, expansions = Scoring(self._k1, weights), self._requests.expansions
        query = request_of(clause, criteria, preferred, None, expansions=expansions, scoring=scoring)["query"]
        told = self._requests.explain(document_id(article.id), query)
        texts = self._analysis.texts(tree)
        (located,) = self._locator.locate([article])
        present = {found[each.leaf] for each in occurrences(located, found, weights)}
        lacks = () if preferred is not None and has(present, preferred) else lacking(clause, present, texts)
        excluded = excluding(article, criteria) if told["matched"] else "query"
        if excluded:
            return Explanation(0.0, None, 0.0, lacks=lacks, excluded=excluded)
        place = self._place(query, criteria, article.id)
        position = place if place <= criteria.limit and not folded else None
        more = 0.0 if lacks or preferred is None else criteria.preference
        return explanation_of(told["explanation"], position=position, more=more, texts=typed_texts(texts), lacks=lacks)

    def _place(self, query: Json, criteria: Criteria, article_id: str) -> int:
        """The place of a match among all of them by score, from 1."""
        filters = request_of(None, criteria, expansions=1, scoring=Scoring(self._k1, {})).get("post_filter", {})
        own = {"bool": {"must": [query], "filter": [{"term": {"id": keyword(article_id)}}]}}
        (hit,) = self._requests.search({"query": own, "size": 1})["hits"]["hits"]
        counting = {"size": 0, "track_total_hits": True} | ({"post_filter": filters} if filters else {})
        before = {"bool": {"must": [query], "filter": [{"range": {"id": {"lt": keyword(article_id)}}}]}}
        more = float(np.nextafter(np.float32(hit["_score"]), np.float32(np.inf)))
        better, as_good, better_before = (
            self._requests.search(counting | {"query": each, "min_score": score})["hits"]["total"]["value"]
            for each, score in ((query, more), (before, hit["_score"]), (before, more))
        )
        return int(better + as_good - better_before) + 1
