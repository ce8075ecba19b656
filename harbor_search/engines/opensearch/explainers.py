"""Explaining the hits of an index (`engines.explaining`): the cluster tells scores, the articles what made them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from harbor_search.analysis import Analyzer
from harbor_search.article import Article
from harbor_search.engines.criteria import Criteria
from harbor_search.engines.explaining import AnalysedQuery, Explainer, Preference, Rescored
from harbor_search.engines.opensearch.article_terms import ArticleTerms
from harbor_search.engines.opensearch.evidence import ArticleEvidence
from harbor_search.engines.opensearch.query_analysis import QueryAnalysis
from harbor_search.engines.opensearch.ranked_page import RankedHit
from harbor_search.engines.opensearch.ranking import WantedQuery
from harbor_search.engines.opensearch.vocabulary import ClusterVocabulary
from harbor_search.engines.opensearch.weighting import Weighting
from harbor_search.explanation import Explanation
from harbor_search.ranking import Top

__all__ = ["Explainers", "excluding"]


class Explainers:
    """Explains rankings of one index. Threads may share it."""

    def __init__(
        self,
        vocabulary: ClusterVocabulary,
        analysis: QueryAnalysis,
        analyzer: Analyzer,
        weighting: Weighting,
        title_match: float,
    ) -> None:
        """`title_match` is what a title counts that is the query."""
        self._vocabulary, self._analysis, self._analyzer = vocabulary, analysis, analyzer
        self._weighting, self._title_match = weighting, title_match

    def explain(
        self, query: WantedQuery, criteria: Criteria, ranking: Sequence[RankedHit], articles: Mapping[int, Article]
    ) -> tuple[Explanation, ...]:
        """Why `articles`, by their places in a ranking, are there."""
        explainer, top = self._explainer(query, criteria, ranking, articles), _top(ranking)
        return tuple(explainer.explain(place, top) for place in articles)

    def explain_absence(
        self, query: WantedQuery, criteria: Criteria, ranking: Sequence[RankedHit], article: Article, excluded: str
    ) -> Explanation:
        """Why an article is not in a ranking, which `excluded` says of one that has what it must have."""
        explainer = self._explainer(query, criteria, ranking, {len(ranking): article})
        return explainer.explain_absence(len(ranking), excluded, _top(ranking))

    def _explainer(
        self, query: WantedQuery, criteria: Criteria, ranking: Sequence[RankedHit], articles: Mapping[int, Article]
    ) -> Explainer:
        terms = ArticleTerms(self._analyzer, frozenset(self._analyzer.others))
        analysed = dict(zip(articles, terms.analyse([*articles.values()]), strict=True))
        leaves = list(query.weights)
        counts = dict(zip(leaves, self._vocabulary.counts(leaves), strict=True))
        evidence = ArticleEvidence(analysed, self._weighting, query.weights, counts)
        preference = None
        if query.preferred is not None and criteria.sort == "relevance":
            preferred = partial(evidence.matches, query.preferred)
            preference = Preference(query.preferred, preferred, criteria.preference)
        texts = self._analysis.texts(query.tree)
        return Explainer(evidence, AnalysedQuery(query.clause, texts), self._rescored(criteria, ranking), preference)

    def _rescored(self, criteria: Criteria, ranking: Sequence[RankedHit]) -> Rescored:
        by_words = {place: each for place, each in enumerate(ranking) if each.section is None}
        return Rescored(
            first={place: float(each.hit["_score"] or 0.0) for place, each in by_words.items()},
            rules={place: each.rules for place, each in by_words.items()},
            meaning={place: each.meaning for place, each in enumerate(ranking) if each.meaning},
            typed=criteria.typed,
            title_match=self._title_match,
        )


def excluding(article: Article, criteria: Criteria) -> str:
    """Which filter keeps an article out: "section", "source" or "date"; empty where none does."""
    if article.section[: len(criteria.section)] != criteria.section:
        return "section"
    if criteria.source and article.source_name != criteria.source:
        return "source"
    first, last, day = criteria.date_from, criteria.date_to, article.published
    outside = day is None or (first is not None and day < first) or (last is not None and day > last)
    return "date" if (first or last) and outside else ""


def _top(ranking: Sequence[RankedHit]) -> Top:
    return Top(range(len(ranking)), [each.score for each in ranking], len(ranking))
