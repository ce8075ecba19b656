"""Searching one snapshot: from a query tree to a page of hits."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING

from harbor_search.engines.analysed_query import texts_by_leaf
from harbor_search.engines.answers import EngineAnswer
from harbor_search.engines.clauses import leaves
from harbor_search.engines.criteria import Criteria
from harbor_search.engines.embedded.analysis_cache import QueryAnalyses
from harbor_search.engines.embedded.answer_making import AnswerMaker
from harbor_search.engines.embedded.clause_needs import needs_of_leaves
from harbor_search.engines.embedded.cost import Cost
from harbor_search.engines.embedded.evidence import SnapshotEvidence
from harbor_search.engines.embedded.execution_cache import KeptExecutions
from harbor_search.engines.embedded.feedback import Feedback, words_of_documents
from harbor_search.engines.embedded.filters import Filters
from harbor_search.engines.embedded.match_locations import MatchLocator
from harbor_search.engines.embedded.near_duplicates import Folding
from harbor_search.engines.embedded.page_of_hits import PageMaker
from harbor_search.engines.embedded.plan_cache import PlanCache
from harbor_search.engines.embedded.query_execution import Execution
from harbor_search.engines.embedded.ranking_stages import RankedDocuments, RankingStages
from harbor_search.engines.embedded.rescoring import Refiner
from harbor_search.engines.embedded.snapshot import Snapshot, is_in
from harbor_search.engines.embedded.suggesting import Suggester
from harbor_search.engines.embedded.term_loader import CacheUse, TermLoader
from harbor_search.engines.embedded.vocabulary import SnapshotVocabulary
from harbor_search.engines.explaining import AnalysedQuery, Explainer, Preference, Rescored
from harbor_search.engines.rescoring import RescoringWeights
from harbor_search.engines.word_forms import WordForms
from harbor_search.explanation import Explanation
from harbor_search.query import Node, Query, tree_of
from harbor_search.ranking import BM25F
from harbor_search.results import Deferred, Hit
from harbor_search.snippets import Occurrence
from harbor_search.store import BlockCache

if TYPE_CHECKING:
    from harbor_search.engines.embedded.meaning import Meaning, Vector

__all__ = ["Searcher"]

_COUNT = Criteria(limit=0, facets=False, snippets=0)

_TEXTS_SHARE = 8
"""One part in so many of what is kept in memory may be articles: a page has its texts decoded again in a millisecond,
its posting lists in many."""

_SHARE_BESIDE = 4
"""One part in so many of the memory for decoded postings is what a searcher beside another has in addition."""

_MOST_IN_ARTICLE = 10_000
"""Occurrences of a word marked on an article's page."""


class Searcher:
    """Answers queries on one snapshot. Threads may share it; they take turns."""

    def __init__(
        self,
        snapshot: Snapshot,
        *,
        cache_bytes: int,
        expansions: int,
        look: RescoringWeights = RescoringWeights(),  # noqa: B008 (frozen)
        meaning: Meaning | None = None,
        other: Searcher | None = None,
    ) -> None:
        """`look` says what counts in the second look; `meaning` knows what the sections mean, where they are searched
        by that too. What an `other` one of the same documents knows of words and of queries is used, and its lists
        where both have one snapshot."""
        self.snapshot = snapshot
        self._cache_bytes, self._expansions = cache_bytes, expansions
        self._look, self._meaning = look, meaning
        self._lock = snapshot.lock
        self.cost = Cost(snapshot, expansions)
        texts_bytes = cache_bytes // _TEXTS_SHARE
        self._terms: TermLoader = (
            other._terms
            if other and other.snapshot is snapshot
            else TermLoader(snapshot, cache_bytes=cache_bytes - texts_bytes, expansions=expansions)
        )
        self._locator = MatchLocator(snapshot, self._terms)
        blocks = BlockCache(texts_bytes)
        self._pages = PageMaker(snapshot, self._locator, blocks)
        self._answers = AnswerMaker(snapshot, self._locator, self._pages)
        self._filters = Filters(snapshot)
        self._feedback: Feedback = (
            other._feedback.rescored(snapshot) if other else Feedback(snapshot, words_of_documents(snapshot, blocks))
        )
        self._stages = RankingStages(snapshot, self._filters, Refiner(snapshot, look, self._feedback), meaning)
        self._forms: WordForms = other._forms if other else WordForms(self._terms.postings, snapshot.analyzer)
        self._analyses: QueryAnalyses = other._analyses if other else QueryAnalyses(snapshot.analyzer, self._forms)
        self._executions = KeptExecutions()
        self._plans = PlanCache(snapshot, self._terms, self._forms, self._analyses)

    def rescored(self, model: BM25F, look: RescoringWeights) -> Searcher:
        """The same documents by another scoring function and second look, at the cost of what these change."""
        snapshot = self.snapshot if model == self.snapshot.model else self.snapshot.rescored(model)
        return Searcher(
            snapshot,
            cache_bytes=self._cache_bytes,
            expansions=self._expansions,
            look=look,
            meaning=self._meaning,
            other=self,
        )

    @cached_property
    def beside(self) -> Searcher:
        """The same documents for another thread, at the cost of a few empty tables, as long as this one is open; it
        has less room for posting lists."""
        return Searcher(
            self.snapshot.beside(),
            cache_bytes=self._cache_bytes // _SHARE_BESIDE,
            expansions=self._expansions,
            look=self._look,
            meaning=self._meaning,
        )

    def prepare_feedback(self) -> None:
        """Have ready what asking the first documents of a ranking takes."""
        with self.snapshot.lock:
            self._feedback.prepare()

    @property
    def cache_use(self) -> CacheUse:
        """How the memory for posting lists is used."""
        return self._terms.use

    def search(self, query: Query, criteria: Criteria) -> EngineAnswer:
        """One page of hits, and of all else what the criteria ask for."""
        if not (criteria.facets or criteria.snippets):
            with self._lock:
                top = self._plans.top(query, criteria)
            if top is not None:
                return self._answers.of_top(top, criteria)
        # Before others have to wait: a model takes longer than a search.
        meant = self._stages.meant(criteria)
        with self.snapshot.lock:
            answer = self._execute(query, criteria, meant)
        # Others may search meanwhile.
        hits = answer.hits
        if not criteria.snippets or not isinstance(hits, Deferred):
            return answer
        return tuple.__new__(EngineAnswer, (hits.made(), *answer[1:]))

    def _execute(self, query: Query, criteria: Criteria, meant: Vector | None) -> EngineAnswer:
        folding = self._folding(criteria)
        counted = (
            criteria.facets
            or criteria.sort != "relevance"
            or (folding is not None and criteria.total == "exact")
            or meant is not None
        )
        kept = self._executions.get(query, criteria)
        execution = kept or self._execution(tree_of(query), criteria, listed=counted or criteria.explain)
        try:
            ranked = self._stages.rank(execution, criteria, folding, meant)
            if kept is None:
                self._plans.remember(query, criteria, execution)
            facets = None
            if criteria.facets and ranked.matched is not None:
                facets = self._filters.facets(ranked.matched, criteria, folding)
            answer = self._answers.of_ranking(ranked, criteria, execution.clause, folding, facets, counted=counted)
            if criteria.explain:
                explainer = self._explainer(execution, tree_of(query), criteria, ranked)
                places = range(criteria.offset, len(ranked.top.documents))
                answer = answer._replace(explanations=tuple(explainer.explain(place, ranked.top) for place in places))
            return answer
        finally:
            self._executions.close(query, criteria, execution)

    def _folding(self, criteria: Criteria) -> Folding | None:
        """The near-duplicates, where they are to be folded and there are any."""
        return self.snapshot.folding if criteria.fold else None

    def _execution(self, tree: Node, criteria: Criteria, *, listed: bool) -> Execution:
        analysed = self._analyses.search(tree, criteria)
        return Execution(self.snapshot, self._terms, analysed, criteria, listed=listed)

    def similar(self, article_id: str) -> tuple[Hit, ...]:
        """The near-duplicates of an article, in the order in which they were indexed."""
        document = self.snapshot.find(article_id)
        if document is None or self.snapshot.folding is None:
            return ()
        found = self.snapshot.folding.similar(document)
        return self._pages.bare(found, [0.0] * len(found))

    def explain(self, query: Query, criteria: Criteria, article_id: str) -> Explanation | None:
        """Why an article is where it is among the best, or is not there; None where there is no such article."""
        document = self.snapshot.find(article_id)
        if document is None:
            return None
        meant = self._stages.meant(criteria)
        with self.snapshot.lock:
            tree, criteria = tree_of(query), criteria._replace(together=None)
            execution = self._execution(tree, criteria, listed=True)
            try:
                ranked = self._stages.rank(execution, criteria, self._folding(criteria), meant)
                explainer = self._explainer(execution, tree, criteria, ranked)
                if document in ranked.top.documents:
                    return explainer.explain(list(ranked.top.documents).index(document), ranked.top)
                excluded = self._excluded(document, ranked, criteria)
                return explainer.explain_absence(document, excluded, ranked.top)
            finally:
                execution.close()

    def _explainer(self, execution: Execution, tree: Node, criteria: Criteria, ranked: RankedDocuments) -> Explainer:
        texts = texts_by_leaf(tree, self.snapshot.analyzer, self._forms)
        preference, preferred = None, ranked.preferred
        if preferred is not None and criteria.preferred is not None and criteria.sort == "relevance":
            clause = self._analyses.clause(criteria.preferred)
            preference = Preference(clause, partial(is_in, words=preferred), criteria.preference)
        evidence = SnapshotEvidence(self.snapshot, self._terms.postings, execution.lists)
        return Explainer(evidence, AnalysedQuery(execution.clause, texts), _rescored(ranked), preference)

    def _excluded(self, document: int, ranked: RankedDocuments, criteria: Criteria) -> str:
        """What keeps out a document that is not among the best: the query, a filter, or (empty) better ones."""
        if ranked.matched is None or not is_in(document, ranked.matched):
            return "query"
        return self._filters.excluding(document, criteria)

    def new_vocabulary(self) -> SnapshotVocabulary:
        """What is known of the words of the snapshot; nothing of it is loaded yet.

        It holds this searcher, which must not hold it in turn: in a circle, a generation that is not live any more
        would stay open until the next garbage collection.
        """
        return SnapshotVocabulary(self.snapshot, self._count)

    @cached_property
    def suggester(self) -> Suggester:
        """Suggestions from the snapshot."""
        return Suggester(self.snapshot)

    def _count(self, query: Node) -> int:
        """How many documents match, which takes no ranking of them."""
        with self.snapshot.lock:
            execution = self._execution(query, _COUNT, listed=False)
            try:
                return execution.run(0, None, None).top.matches
            finally:
                execution.close()

    def occurrences(self, query: Node, article_id: str) -> tuple[Occurrence, ...]:
        """Where the words of `query` stand in an article; none where the article is not in this generation."""
        document = self.snapshot.find(article_id)
        if document is None:
            return ()
        with self.snapshot.lock:
            clause = self._analyses.clause(query)
            self._terms.load(needs_of_leaves(leaves(clause)))
            found = self._locator.leaves_of(clause)
            shown = self._locator.find(found, document, _MOST_IN_ARTICLE)
            names = self.snapshot.article(document).tags
            return (*shown, *self._locator.find_names(found, document, names, _MOST_IN_ARTICLE))


def _rescored(ranked: RankedDocuments) -> Rescored:
    refined, first = ranked.refined, ranked.first
    rules = {
        document: [(name, float(factors[place])) for name, factors in refined.rules]
        for place, document in enumerate(refined.documents)
    }
    scores = dict(zip(first.documents, first.scores, strict=False))
    return Rescored(scores, rules, ranked.meaning, refined.typed, refined.title_match)
