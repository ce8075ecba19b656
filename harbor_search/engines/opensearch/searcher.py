"""Searching one index: from a query to a page of hits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from harbor_search.analysis import get_analyzer
from harbor_search.article import Article
from harbor_search.config import Settings
from harbor_search.engines.answers import EngineAnswer, SuggestedArticle, Suggestions
from harbor_search.engines.clauses import Leaf
from harbor_search.engines.criteria import Criteria
from harbor_search.engines.hits import MOST_IN_HIT, hit_of
from harbor_search.engines.opensearch.answers import (
    ESTIMATED,
    counted_in,
    facets_of,
    group_of,
    id_of,
    similar_to,
    total_of,
    words_of,
)
from harbor_search.engines.opensearch.cluster import Cluster
from harbor_search.engines.opensearch.documents import article_of, document_id
from harbor_search.engines.opensearch.explainers import Explainers, excluding
from harbor_search.engines.opensearch.found_articles import FoundArticles
from harbor_search.engines.opensearch.generation import Generation
from harbor_search.engines.opensearch.keywords import keyword
from harbor_search.engines.opensearch.located_articles import LocatedArticle, LocatedArticles, Locator
from harbor_search.engines.opensearch.mapping import LENGTHS
from harbor_search.engines.opensearch.match_locations import distinct_leaves, has, occurrences
from harbor_search.engines.opensearch.meaning import Meaning
from harbor_search.engines.opensearch.query_analysis import QueryAnalysis
from harbor_search.engines.opensearch.ranked_page import RankedHit, RankedPage
from harbor_search.engines.opensearch.ranking import Ranking, WantedQuery
from harbor_search.engines.opensearch.requests import Asking, IndexRequests, asking
from harbor_search.engines.opensearch.suggesting import Outlines, suggestion_request
from harbor_search.engines.opensearch.traversal import Traversal
from harbor_search.engines.opensearch.vocabulary import ClusterVocabulary
from harbor_search.engines.opensearch.weighting import Weighting
from harbor_search.engines.opensearch.word_list import WordReading
from harbor_search.engines.rescoring import DEPTH
from harbor_search.engines.scoring_model import rescoring_weights
from harbor_search.explanation import Explanation
from harbor_search.query import Node, Query, tree_of
from harbor_search.results import Hit
from harbor_search.snippets import Occurrence, best_snippets

if TYPE_CHECKING:
    from harbor_search.embedding import EmbeddingModel

__all__ = ["Searcher"]

Json = dict[str, Any]


class Searcher:
    """Answers queries on one index, which nobody writes to. Threads may share it.

    Every method raises `opensearchpy.NotFoundError` where the index was removed meanwhile.
    Its `vocabulary` tells what the live index has then.
    """

    def __init__(
        self,
        generation: Generation,
        cluster: Cluster,
        settings: Settings,
        articles: LocatedArticles,
        reading: WordReading,
        before: Searcher | None,
        ask_live: Asking,
        embedding: EmbeddingModel | None = None,
    ) -> None:
        """`articles` are those that were located before, in whatever generation; `reading` reads all words of an index,
        and until it has those of the index `before` are known; `ask_live` asks about the live index; `embedding` made
        the vectors of the index, where it is to be searched by meaning too."""
        self.generation = generation
        analyzer, weighting = get_analyzer(str(generation.meta["analyzer"])), Weighting.of(generation.meta)
        requests = self.requests = IndexRequests(
            cluster,
            generation.index,
            expansions=settings.max_expansions,
            parts=int(generation.meta.get("shards", 1)),
        )
        known = before.vocabulary if before is not None else None
        ask = asking(requests, ask_live)
        self.vocabulary: ClusterVocabulary = ClusterVocabulary(generation, analyzer, ask, reading, known)
        self._analysis = QueryAnalysis(self.vocabulary, analyzer)
        self._locator = Locator(analyzer)
        self._articles = FoundArticles(requests, str(generation.meta["fingerprint"]), articles, self._locator)
        self._traversal = Traversal(requests)
        self._explainers = Explainers(
            self.vocabulary, self._analysis, analyzer, weighting, rescoring_weights(settings).title_match
        )
        self._ranking = Ranking(
            requests,
            self._traversal,
            weighting,
            rescoring_weights(settings),
            Meaning(requests, embedding) if embedding else None,
            analyzer=analyzer,
            articles=self.vocabulary.articles,
            grouped=int(generation.meta.get("near_duplicates", 0)) > 0,
        )

    def search(self, query: Query, criteria: Criteria) -> EngineAnswer:
        """One page of hits, and of all else what the criteria ask for."""
        wanted = self._wanted(query, criteria)
        found, weights = list(wanted.weights), wanted.weights
        answer, page = self._ranking.page(wanted, criteria)
        marked = found if criteria.snippets or criteria.tested else []
        tested = [wanted.by_node.get(node) for node in criteria.tested]
        hits, matches = [], []
        articles = self._articles.of([each.hit for each in page.hits], marked=bool(marked))
        for ranked, article in zip(page.hits, articles, strict=True):
            located = occurrences(article, marked, weights, MOST_IN_HIT)
            hits.append(_shown(ranked, article, located, criteria))
            present: set[Leaf] = {found[occurrence.leaf] for occurrence in located}
            matches.append(tuple(has(present, one) for one in tested))
        total, relation = total_of(answer, criteria, folded=self._ranking.folds(criteria))
        return EngineAnswer(
            hits=tuple(hits),
            total=total,
            total_relation=relation,
            facets=facets_of(answer) if criteria.facets else {},
            generation=self.generation.name,
            partial=bool(answer.get("timed_out")) or answer["_shards"]["failed"] > 0,
            preferred=counted_in(answer, "preferred"),
            together=counted_in(answer, "together"),
            matches=tuple(matches) if tested else (),
            after="" if criteria.after is None else self._place_after(answer, page, criteria),
            repeats=_among(page.repeats, hits),
            feedback=page.feedback,
            explanations=self._explanations(wanted, criteria, page, articles) if criteria.explain else (),
            by_meaning=page.by_meaning,
            facets_relation="approx" if answer.get(ESTIMATED) else "eq",
        )

    def explain(self, query: Query, criteria: Criteria, article_id: str) -> Explanation | None:
        """Why an article is where it is among the first `criteria.limit` answers, or is not; None where there is no
        such article."""
        article = self.article(article_id)
        if article is None:
            return None
        bare = criteria._replace(facets=False, snippets=0, total="none", tested=(), after=None)
        wanted = self._wanted(query, bare)
        _, page = self._ranking.page(wanted, bare._replace(offset=0, limit=min(bare.limit, DEPTH + 1), explain=True))
        ranking = [*page.best]
        if len(ranking) < bare.limit:
            ranking += self._ranking.after_best(wanted, bare, page)
        if bare.sort == "relevance":
            ranking.sort(key=lambda each: -each.score)
        ranking = ranking[: bare.limit]
        place = next((i for i, each in enumerate(ranking) if id_of(each.hit) == keyword(article_id)), None)
        if place is not None:
            return self._explainers.explain(wanted, bare, ranking, {place: article})[0]
        excluded = excluding(article, bare) if self._ranking.matches(wanted, bare, article_id) else "query"
        return self._explainers.explain_absence(wanted, bare, ranking, article, excluded)

    def article(self, article_id: str) -> Article | None:
        """The article with this id."""
        source = self.requests.source(document_id(article_id))
        return None if source is None else article_of(source)

    def occurrences(self, query: Node, article: Article) -> tuple[Occurrence, ...]:
        """Where the words of `query` stand in `article`."""
        found = distinct_leaves(self._analysis.clause(query))
        (located,) = self._locator.locate([article])
        return occurrences(located, found, self._analysis.weights(found))

    def suggest(self, text: str, most: int, section: tuple[str, ...]) -> Suggestions:
        """At most `most` texts, and as many articles, for a text that is being typed; of a section (a path prefix)."""
        outlines = Outlines(self.requests.search(suggestion_request(text, section))["hits"]["hits"])
        texts, documents = outlines.find(text, most, self.vocabulary.analyzer)
        sources = self.requests.sources(documents)
        articles = [article_of(sources[each]) for each in documents]
        return Suggestions(texts, tuple(SuggestedArticle(a.id, a.url, a.title, a.section) for a in articles))

    def similar(self, article_id: str) -> tuple[Hit, ...]:
        """The near-duplicates of an article, in the order of their ids."""
        asked: Json = {"docvalue_fields": ["group", "similar"], "_source": False}
        found = self.requests.search(asked | {"query": {"term": {"id": keyword(article_id)}}})["hits"]["hits"]
        if not found or not similar_to(found[0]):
            return ()
        others = {
            "filter": [{"term": {"group": group_of(found[0])}}],
            "must_not": [{"term": {"id": keyword(article_id)}}],
        }
        fields = {
            "docvalue_fields": ["similar", LENGTHS["body"]],
            "sort": [{"id": "asc"}],
            "size": similar_to(found[0]),
        }
        members = self.requests.search({"query": {"bool": others}} | fields)["hits"]["hits"]
        bare = Criteria(snippets=0)
        return tuple(
            replace(hit_of(article_of(each["_source"]), 0.0, (), bare), similar=similar_to(each), words=words_of(each))
            for each in members
        )

    def _wanted(self, query: Query, criteria: Criteria) -> WantedQuery:
        """A query as the index understands it."""
        tree, analysis = tree_of(query), self._analysis
        clause = analysis.clause(tree)
        by_node = analysis.by_node(tree) if criteria.aspects or criteria.tested else {}
        weights = analysis.weights(distinct_leaves(clause))
        preferred, together = analysis.optional(criteria.preferred), analysis.optional(criteria.together)
        return WantedQuery(tree, clause, by_node, preferred, together, weights)

    def _explanations(
        self, query: WantedQuery, criteria: Criteria, page: RankedPage, articles: Sequence[LocatedArticle]
    ) -> tuple[Explanation, ...]:
        """Why the articles of a page are there."""
        ranking = page.best[: page.offset + page.size]
        found = self._explainers.explain(
            query, criteria, ranking, {page.offset + place: each.article for place, each in enumerate(articles)}
        )
        # Of what came before the page after a cursor only the number is known.
        before = criteria.offset - page.offset
        return tuple(replace(each, position=before + (each.position or 0)) for each in found) if before else found

    def _place_after(self, answer: Json, page: RankedPage, criteria: Criteria) -> str:
        """The place after a page; empty where it is the last one."""
        return self._traversal.place_after(answer, page.last if len(page.hits) == criteria.limit else None)


def _shown(ranked: RankedHit, article: LocatedArticle, located: tuple[Occurrence, ...], criteria: Criteria) -> Hit:
    """What a page shows of a hit; without a word of the query, passages of the section that is closest in meaning."""
    hit = replace(
        hit_of(article.article, ranked.score, located, criteria),
        similar=similar_to(ranked.hit),
        words=words_of(ranked.hit),
    )
    if ranked.section is None or not criteria.snippets:
        return hit
    body = article.article.body[ranked.section : ranked.section + 1]
    closest = Article("", "", body)
    snippets = best_snippets(closest, (), count=criteria.snippets, length=criteria.snippet_length)
    return replace(hit, snippets=snippets) if snippets else hit


def _among(repeats: Mapping[str, str], hits: list[Hit]) -> Mapping[str, str]:
    """Those of `repeats` that are hits of the page."""
    return {hit.id: repeats[hit.id] for hit in hits if hit.id in repeats}
