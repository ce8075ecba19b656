"""Searching one index: from a query to a page of hits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from harbor_search.analysis import get_analyzer
from harbor_search.article import Article
from harbor_search.config import Settings
from harbor_search.engines.analysed_query import Leaf
from harbor_search.engines.hits import hit_of
from harbor_search.engines.opensearch.answers import ESTIMATED, counted_in, facets_of, group_of, similar_to, total_of
from harbor_search.engines.opensearch.cluster import Cluster
from harbor_search.engines.opensearch.documents import article_of, document_id
from harbor_search.engines.opensearch.explaining import explanations_of
from harbor_search.engines.opensearch.found_articles import FoundArticles
from harbor_search.engines.opensearch.generations import Generation
from harbor_search.engines.opensearch.keywords import keyword
from harbor_search.engines.opensearch.located_articles import LocatedArticle, LocatedArticles, Locator
from harbor_search.engines.opensearch.match_locations import distinct_leaves, has, occurrences
from harbor_search.engines.opensearch.meaning import Meaning
from harbor_search.engines.opensearch.query_analysis import QueryAnalysis, lacking, typed_texts
from harbor_search.engines.opensearch.ranked_page import RankedHit, RankedPage
from harbor_search.engines.opensearch.ranking import Ranking, WantedQuery
from harbor_search.engines.opensearch.requests import IndexRequests
from harbor_search.engines.opensearch.suggesting import Outlines, suggestion_request
from harbor_search.engines.opensearch.traversal import Traversal
from harbor_search.engines.opensearch.unranked_explanation import UnrankedExplainer
from harbor_search.engines.opensearch.vocabulary import ClusterVocabulary
from harbor_search.engines.protocol import Criteria, EngineAnswer, SuggestedArticle, Suggestions
from harbor_search.engines.rescoring import DEPTH
from harbor_search.engines.scoring_model import rescoring_weights
from harbor_search.query import Node, Query, tree_of
from harbor_search.ranking import BM25F
from harbor_search.results import Explanation, Hit
from harbor_search.snippets import Occurrence, best_snippets

if TYPE_CHECKING:
    from harbor_search.embedding import EmbeddingModel

__all__ = ["Searcher"]

Json = dict[str, Any]


class Searcher:
    """Answers queries on one index, which nobody writes to. Threads may share it.

    Every method raises `opensearchpy.NotFoundError` where the index was removed meanwhile.
    """

    def __init__(
        self,
        generation: Generation,
        cluster: Cluster,
        settings: Settings,
        model: BM25F,
        articles: LocatedArticles,
        embedding: EmbeddingModel | None = None,
    ) -> None:
        """`articles` are those that were located before, in whatever generation; `embedding` made the vectors of the
        index, where it is to be searched by meaning too."""
        self.generation = generation
        analyzer = get_analyzer(str(generation.meta["analyzer"]))
        requests = self._requests = IndexRequests(
            cluster,
            generation.index,
            timeout=settings.opensearch_timeout,
            expansions=settings.max_expansions,
            parts=int(generation.meta.get("shards", 1)),
        )
        self.vocabulary = ClusterVocabulary(generation, analyzer, requests.counts, requests.search)
        self._analysis = QueryAnalysis(self.vocabulary, analyzer)
        self._locator = Locator(analyzer)
        self._articles = FoundArticles(requests, str(generation.meta["fingerprint"]), articles, self._locator)
        self._apart = UnrankedExplainer(requests, self._analysis, self._locator, model.k1)
        self._traversal = Traversal(requests)
        self._ranking = Ranking(
            requests,
            self._traversal,
            model.k1,
            rescoring_weights(settings),
            Meaning(requests, embedding) if embedding else None,
            analyzer=analyzer,
            grouped=int(generation.meta.get("near_duplicates", 0)) > 0,
        )

    def search(self, query: Query, criteria: Criteria) -> EngineAnswer:
        """One page of hits, and of all else what the criteria ask for."""
        tree, analysis = tree_of(query), self._analysis
        clause = analysis.clause(tree)
        by_node = analysis.by_node(tree) if criteria.aspects or criteria.tested else {}
        found = distinct_leaves(clause)
        weights = analysis.weights(found)
        preferred, together = analysis.optional(criteria.preferred), analysis.optional(criteria.together)
        answer, page = self._ranking.page(WantedQuery(clause, by_node, preferred, together, weights), criteria)
        marked = found if criteria.snippets or criteria.tested or criteria.explain else []
        tested = [by_node.get(node) for node in criteria.tested]
        texts = analysis.texts(tree) if criteria.explain else {}
        hits, matches, lacks = [], [], []
        articles = self._articles.of([each.hit for each in page.hits], marked=bool(marked))
        for ranked, article in zip(page.hits, articles, strict=True):
            located = occurrences(article, marked, weights)
            hits.append(_shown(ranked, article, located, criteria))
            present: set[Leaf] = {found[occurrence.leaf] for occurrence in located}
            matches.append(tuple(has(present, one) for one in tested))
            lacks.append(lacking(clause, present, texts) if criteria.explain else ())
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
            after="" if criteria.after is None else self._behind(answer, page, criteria),
            repeats=_among(page.repeats, hits),
            feedback=any(name == "feedback" for hit in page.hits for name, _ in hit.rules),
            explanations=explanations_of(page.hits, criteria, typed_texts(texts), lacks) if criteria.explain else (),
            by_meaning=page.by_meaning,
            facets_relation="approx" if answer.get(ESTIMATED) else "eq",
        )

    def explain(self, query: Query, criteria: Criteria, article_id: str) -> Explanation | None:
        """Why an article is where it is among the first `criteria.limit` answers, or is not, by the cluster's own
        account; None where there is no such article."""
        article = self.article(article_id)
        if article is None:
            return None
        first = criteria._replace(offset=0, limit=min(criteria.limit, DEPTH), facets=False, snippets=0, total="none")
        best = self.search(query, first._replace(tested=(), after=None, explain=True))
        for hit, why in zip(best.hits, best.explanations, strict=True):
            if hit.id == article_id:
                return why
        return self._apart.explain(tree_of(query), criteria, article, folded=self._ranking.folds(criteria))

    def article(self, article_id: str) -> Article | None:
        """The article with this id."""
        source = self._requests.source(document_id(article_id))
        return None if source is None else article_of(source)

    def occurrences(self, query: Node, article: Article) -> tuple[Occurrence, ...]:
        """Where the words of `query` stand in `article`."""
        found = distinct_leaves(self._analysis.clause(query))
        (located,) = self._locator.locate([article])
        return occurrences(located, found, self._analysis.weights(found))

    def suggest(self, text: str, most: int, section: tuple[str, ...]) -> Suggestions:
        """At most `most` texts, and as many articles, for a text that is being typed; of a section (a path prefix)."""
        outlines = Outlines(self._requests.search(suggestion_request(text, section))["hits"]["hits"])
        texts, documents = outlines.find(text, most, self.vocabulary.analyzer)
        sources = self._requests.sources(documents)
        articles = [article_of(sources[each]) for each in documents]
        return Suggestions(texts, tuple(SuggestedArticle(a.id, a.url, a.title, a.section) for a in articles))

    def similar(self, article_id: str) -> tuple[Hit, ...]:
        """The near-duplicates of an article, in the order of their ids."""
        asked: Json = {"docvalue_fields": ["group", "similar"], "_source": False}
        found = self._requests.search(asked | {"query": {"term": {"id": keyword(article_id)}}})["hits"]["hits"]
        if not found or not similar_to(found[0]):
            return ()
        others = {
            "filter": [{"term": {"group": group_of(found[0])}}],
            "must_not": [{"term": {"id": keyword(article_id)}}],
        }
        fields = {"docvalue_fields": ["similar"], "sort": [{"id": "asc"}], "size": similar_to(found[0])}
        members = self._requests.search({"query": {"bool": others}} | fields)["hits"]["hits"]
        bare = Criteria(snippets=0)
        return tuple(
            replace(hit_of(article_of(each["_source"]), 0.0, (), bare), similar=similar_to(each)) for each in members
        )

    def _behind(self, answer: Json, page: RankedPage, criteria: Criteria) -> str:
        """The place behind a page; empty where it is the last one."""
        return self._traversal.behind(answer, page.last if len(page.hits) == criteria.limit else None)


def _shown(ranked: RankedHit, article: LocatedArticle, located: tuple[Occurrence, ...], criteria: Criteria) -> Hit:
    """What a page shows of a hit; without a word of the query, passages of the section that is closest in meaning."""
    hit = replace(hit_of(article.article, ranked.score, located, criteria), similar=similar_to(ranked.hit))
    if ranked.section is None or not criteria.snippets:
        return hit
    body = article.article.body[ranked.section : ranked.section + 1]
    closest = Article("", "", body)
    snippets = best_snippets(closest, (), count=criteria.snippets, length=criteria.snippet_length)
    return replace(hit, snippets=snippets) if snippets else hit


def _among(repeats: Mapping[str, str], hits: list[Hit]) -> Mapping[str, str]:
    """Those of `repeats` that are hits of the page."""
    return {hit.id: repeats[hit.id] for hit in hits if hit.id in repeats}
