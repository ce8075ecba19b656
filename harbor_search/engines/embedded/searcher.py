"""Searching one snapshot: from a query tree to a page of hits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from harbor_search.engines.analysed_query import texts_by_leaf
from harbor_search.engines.answers import EngineAnswer
from harbor_search.engines.clauses import Clause, leaves
from harbor_search.engines.criteria import Criteria
from harbor_search.engines.embedded.analysis_cache import ClausesByNode, QueryAnalyses
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
from harbor_search.engines.embedded.snapshot import Snapshot, Words64, is_in
from harbor_search.engines.embedded.suggesting import Suggester
from harbor_search.engines.embedded.term_loader import CacheUse, TermLoader, needs_of
from harbor_search.engines.embedded.vocabulary import SnapshotVocabulary
from harbor_search.engines.explaining import AnalysedQuery, Explainer, Preference, Rescored
from harbor_search.engines.rescoring import RescoringWeights
from harbor_search.engines.word_forms import WordForms
from harbor_search.query import Node, Query, tree_of
from harbor_search.ranking import BM25F, Top, count
from harbor_search.results import Deferred, Explanation, FacetValue, Hit
from harbor_search.snippets import Occurrence
from harbor_search.store import BlockCache

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from harbor_search.engines.embedded.meaning import Meaning, Vector

__all__ = ["Searcher"]

_NO_FACETS: Mapping[str, tuple[FacetValue, ...]] = {}

_NO_REPEATS: Mapping[str, str] = {}

_COUNT = Criteria(limit=0, facets=False, snippets=0)

_TEXTS_SHARE = 8
"""One part in so many of what is kept in memory may be articles: a page has its texts decoded again in a millisecond,
its posting lists in many."""

_new = tuple.__new__

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
        self._cache_bytes, self._expansions, self._meaning = cache_bytes, expansions, meaning
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
                return self._answer(top, criteria)
        # Before others have to wait: a model takes longer than a search.
        meant = self._stages.meant(criteria)
        with self.snapshot.lock:
            answer = self._execute(query, criteria, meant)
        # Others may search meanwhile.
        hits = answer.hits
        return answer._replace(hits=hits.made()) if isinstance(hits, Deferred) and criteria.snippets else answer

    def _execute(self, query: Query, criteria: Criteria, meant: Vector | None) -> EngineAnswer:
        tree = tree_of(query)
        by_node = self._analyses.by_node(tree)
        folding = self._stages.folding(criteria)
        everything = (
            criteria.facets
            or criteria.sort != "relevance"
            or (folding is not None and criteria.total == "exact")
            or meant is not None
        )
        kept = self._executions.get(query, criteria)
        execution = kept or self._execution(tree, criteria, listed=everything or criteria.explain)
        try:
            found = iter(execution.matches_beside())
            preferred = None if criteria.preferred is None else next(found)
            together = None if criteria.together is None else next(found)
            ranked = self._stages.rank(execution, by_node, criteria, preferred, meant, listed=everything)
            if kept is None:
                self._plans.remember(query, criteria, execution)
            top, matched = ranked.top, ranked.matched
            facets = (
                self._filters.facets(matched, criteria, folding)
                if matched is not None and criteria.facets
                else _NO_FACETS
            )
            tested = self._tested(execution, by_node, criteria, top.documents[criteria.offset :])
            sections = self._stages.closest_sections(meant, ranked, criteria)
            answer = self._answer(top, criteria, execution.clause, facets, tested, sections, counted=everything)
            if criteria.explain:
                explainer = self._explainer(execution, tree, criteria, ranked)
                places = range(criteria.offset, len(top.documents))
                answer = answer._replace(explanations=tuple(explainer.explain(place, top) for place in places))
            return self._counted(answer, ranked, together, criteria)
        finally:
            self._executions.close(query, criteria, execution)

    def _execution(self, tree: Node, criteria: Criteria, *, listed: bool) -> Execution:
        beside = [self._analyses.clause(each) for each in (criteria.preferred, criteria.together) if each is not None]
        return Execution(self.snapshot, self._terms, self._analyses.clause(tree), listed=listed, beside=beside)

    def _counted(
        self, answer: EngineAnswer, ranked: RankedDocuments, together: Words64 | None, criteria: Criteria
    ) -> EngineAnswer:
        """`answer` with how many documents are preferred, have words side by side, or nothing but their meaning."""
        folding = self._stages.folding(criteria)
        answer = answer._replace(
            by_meaning=_counted(ranked.without_words, folding) or 0,
            feedback=any(name == "feedback" for name, _ in ranked.refined.rules),
            repeats=self._repeats(ranked, ranked.top.documents[criteria.offset :]),
        )
        if criteria.total != "exact":
            return answer
        mask = self._filters.mask(criteria)
        together = together if together is None or mask is None else together & mask
        return answer._replace(preferred=_counted(ranked.preferred, folding), together=_counted(together, folding))

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
            tree = tree_of(query)
            execution = self._execution(tree, criteria._replace(together=None), listed=True)
            try:
                preferred = None if criteria.preferred is None else execution.matches_beside()[0]
                ranked = self._stages.rank(
                    execution, self._analyses.by_node(tree), criteria, preferred, meant, listed=True
                )
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
        evidence = SnapshotEvidence(self.snapshot, self._terms, execution)
        return Explainer(evidence, AnalysedQuery(execution.clause, texts), _rescored(ranked), preference)

    def _repeats(self, ranked: RankedDocuments, documents: Sequence[int]) -> Mapping[str, str]:
        """By the ids of those of `documents` whose title a better one has, the id of that one."""
        repeats = ranked.refined.repeats
        if not repeats:
            return _NO_REPEATS
        places = {document: place for place, document in enumerate(ranked.top.documents)}
        found = ((each, repeats[each]) for each in documents if each in repeats)
        # By its meaning it may have come before the other.
        lower = [(each, best) for each, best in found if places.get(best, len(places)) < places[each]]
        display = self.snapshot.display
        return {display(each).id: display(best).id for each, best in lower}

    def _excluded(self, document: int, ranked: RankedDocuments, criteria: Criteria) -> str:
        """What keeps out a document that is not among the best: the query, a filter, or (empty) better ones."""
        if ranked.matched is None or not is_in(document, ranked.matched):
            return "query"
        return self._filters.excluding(document, criteria)

    def _tested(
        self, execution: Execution, by_node: ClausesByNode, criteria: Criteria, documents: Sequence[int]
    ) -> list[tuple[bool, ...]]:
        """For each document whether it matches each of the nodes to be tested."""
        if not criteria.tested or not documents:
            return []
        lists = execution.once(_lists_tested, execution, by_node, criteria)
        return list(map(tuple, execution.having(lists, documents)))

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
        return self.search(query, _COUNT).total

    def occurrences(self, query: Node, article_id: str) -> tuple[Occurrence, ...]:
        """Where the words of `query` stand in an article; none where the article is not in this generation."""
        document = self.snapshot.find(article_id)
        if document is None:
            return ()
        with self.snapshot.lock:
            clause = self._analyses.clause(query)
            self._terms.load(needs_of(list(leaves(clause)), 0))
            found = self._locator.leaves_of(clause)
            shown = self._locator.find(found, document, _MOST_IN_ARTICLE)
            names = self.snapshot.article(document).tags
            return (*shown, *self._locator.find_names(found, document, names, _MOST_IN_ARTICLE))

    def _answer(
        self,
        top: Top,
        criteria: Criteria,
        clause: Clause | None = None,
        facets: Mapping[str, tuple[FacetValue, ...]] = _NO_FACETS,
        tested: Sequence[tuple[bool, ...]] = (),
        sections: Mapping[int, int] = MappingProxyType({}),
        *,
        counted: bool = False,
    ) -> EngineAnswer:
        """The answer; that all matches were `counted` is so anyway where the criteria want an exact total. Documents
        among `sections`, which have no word of the query, show that section."""
        documents, scores, matches = top
        exact = counted or criteria.total == "exact"
        total = matches if exact else len(documents)
        relation: Literal["eq", "gte"] = "eq" if exact or total < criteria.offset + criteria.limit else "gte"
        if relation == "gte" and criteria.total == "bounded":
            total = max(total, matches)
        if criteria.offset:
            documents, scores = documents[criteria.offset :], scores[criteria.offset :]
        if criteria.snippets:
            query = self._locator.leaves_of(clause)
            hits = Deferred(self._pages.shown, documents, scores, query, criteria, sections)
        else:
            hits = Deferred(self._pages.bare, documents, scores)
        name = self.snapshot.name
        # All fields by position: a named tuple's own way to be made takes as long as the search of two words.
        return _new(
            EngineAnswer,
            (
                hits,
                total,
                relation,
                facets,
                name,
                False,
                None,
                None,
                tuple(tested),
                "",
                (),
                0,
                _NO_REPEATS,
                False,
                "eq",
            ),
        )


def _lists_tested(execution: Execution, by_node: ClausesByNode, criteria: Criteria) -> npt.NDArray[np.int64]:
    """The lists of the nodes to be tested."""
    return execution.lists_of(map(by_node().get, criteria.tested))


def _rescored(ranked: RankedDocuments) -> Rescored:
    refined, first = ranked.refined, ranked.first
    rules = {
        document: [(name, factors[place]) for name, factors in refined.rules]
        for place, document in enumerate(refined.documents)
    }
    scores = dict(zip(first.documents, first.scores, strict=False))
    return Rescored(scores, rules, ranked.meaning, refined.typed, refined.title_match)


def _counted(matched: Words64 | None, folding: Folding | None) -> int | None:
    """How many documents matched, near-duplicates once where they are folded; None where nothing was to match."""
    if matched is None:
        return None
    return int(count(matched)) - (folding.surplus(matched) if folding else 0)
