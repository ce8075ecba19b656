"""Searching one snapshot: from a query tree to a page of hits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache, partial, reduce
from itertools import pairwise
from operator import and_
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar

from harbor_search.analysis import Analyzer
from harbor_search.engines.analysed_query import Clause, Leaf, analyse, clauses_by_node, leaves, texts_by_leaf
from harbor_search.engines.embedded.cost import Cost
from harbor_search.engines.embedded.explaining import AnalysedQuery, Explainer, Preference
from harbor_search.engines.embedded.folding import Folding
from harbor_search.engines.embedded.fusion import Closeness, fused
from harbor_search.engines.embedded.match_locations import MatchLocator
from harbor_search.engines.embedded.page_of_hits import PageMaker
from harbor_search.engines.embedded.query_execution import Execution
from harbor_search.engines.embedded.refining import refined
from harbor_search.engines.embedded.snapshot import Snapshot, Words64, is_in
from harbor_search.engines.embedded.suggesting import Suggester
from harbor_search.engines.embedded.term_loader import CacheUse, TermLoader, needs_of
from harbor_search.engines.embedded.title_match import TitleMatch
from harbor_search.engines.embedded.vocabulary import SnapshotVocabulary
from harbor_search.engines.protocol import Criteria, EngineAnswer
from harbor_search.engines.second_look import DEPTH, looks_again
from harbor_search.engines.word_forms import WordForms
from harbor_search.query import Node, Piece, PlainQuery, Query, tree_of
from harbor_search.ranking import Top, best_first, count, members
from harbor_search.results import Deferred, Explanation, FacetValue, Hit
from harbor_search.snippets import Occurrence

if TYPE_CHECKING:
    from harbor_search.engines.embedded.meaning import Meaning, Vector

__all__ = ["Searcher"]

_NO_FACETS: Mapping[str, tuple[FacetValue, ...]] = {}

_COUNT = Criteria(limit=0, facets=False, snippets=0)

_TEXTS_SHARE = 8
"""One part in so many of what is kept in memory may be articles: a page has its texts decoded again in a millisecond,
its posting lists in many."""

_MOST_IN_ARTICLE = 10_000
"""Occurrences of a word marked on an article's page."""

_MOST_PAIRS = 65_536
"""Pairs of neighbours in queries that are remembered; each is some hundred bytes."""


_MOST_QUERIES = 2_048
"""Queries, with what stands beside them, of which it is remembered what they are analysed to: some kilobytes each."""

_Made = TypeVar("_Made")

_ByNode = Callable[[], Mapping[Node, Clause | None]]


class _Ranking(NamedTuple):
    """The best documents, what they and others scored before a second look, all that match before filters, where that
    was wanted, those that are preferred within the filters, what the meaning of each adds to its score, and those that
    have nothing but the meaning."""

    top: Top
    first: Top
    matched: Words64 | None
    preferred: Words64 | None
    meaning: Mapping[int, float] = MappingProxyType({})
    without_words: Words64 | None = None


class Searcher:
    """Answers queries on one snapshot. Threads may share it; they take turns."""

    def __init__(
        self, snapshot: Snapshot, *, cache_bytes: int, expansions: int, meaning: Meaning | None = None
    ) -> None:
        """`meaning` knows what the sections mean, where they are searched by that too."""
        self.snapshot = snapshot
        self._meaning = meaning
        self.cost = Cost(snapshot, expansions)
        texts_bytes = cache_bytes // _TEXTS_SHARE
        self._terms = TermLoader(snapshot, cache_bytes=cache_bytes - texts_bytes, expansions=expansions)
        self._locator = MatchLocator(snapshot, self._terms)
        self._pages = PageMaker(snapshot, self._locator, texts_bytes)
        self._titles = TitleMatch(snapshot)
        self._forms = WordForms(self._terms, snapshot.analyzer)
        self._analyses: dict[Node, Clause | None] = {}
        self._words: dict[Node, dict[Node, Clause | None]] = {}
        self._apart: set[tuple[Piece, Piece]] = set()  # neighbours that are no word of the index together
        # Looked up once: what a query of plain words takes is counted in hundreds of nanoseconds.
        self._lock = snapshot.lock
        self._top_clauses = self._terms.ranker.top_clauses
        self._clause = self._terms.clauses.__getitem__
        self._section_mask = lru_cache(maxsize=256)(snapshot.section_mask)
        self._dates_mask = lru_cache(maxsize=16)(snapshot.date_mask)

    @property
    def cache_use(self) -> CacheUse:
        """How the memory for posting lists is used."""
        return self._terms.use

    def search(self, query: Query, criteria: Criteria) -> EngineAnswer:
        """One page of hits, and of all else what the criteria ask for."""
        # Before others have to wait: a model takes longer than a search.
        meant = self._meant(criteria)
        with self._lock:
            if isinstance(query, PlainQuery) and _is_ranking_alone(criteria) and not self._folding(criteria):
                top = self._top_of_plain(query, criteria)
                if top is not None:
                    return self._answer(top, criteria)
            answer = self._execute(query, criteria, meant)
        # Others may search meanwhile.
        return answer._replace(hits=tuple(answer.hits)) if criteria.snippets else answer

    def _top_of_plain(self, query: PlainQuery, criteria: Criteria) -> Top | None:
        """The best of a plain query without its tree, where the ranker knows all of its pieces.

        Neighbours that may be one word in another spelling take the tree.
        """
        pieces = query.pieces
        kept = tuple([piece for piece in pieces if not piece.stops])
        if not self._apart.issuperset(pairwise(pieces)):
            return None
        if len(kept) < len(pieces) and not self._apart.issuperset(pairwise(kept)):
            return None
        try:
            clauses = b"".join(map(self._clause, query.pieces))
        except KeyError:
            return None
        return self._top_clauses(clauses, query.reading, criteria.offset + criteria.limit, criteria.total == "exact")

    def _meant(self, criteria: Criteria) -> Vector | None:
        """The vector of what is to be meant, where that is searched for."""
        if self._meaning is None or not criteria.meaning or criteria.sort != "relevance":
            return None
        return self._meaning.vector(criteria.meaning)

    def _execute(self, query: Query, criteria: Criteria, meant: Vector | None) -> EngineAnswer:
        tree = tree_of(query)
        clause, by_node = self._analysed(tree), self._by_node(tree)
        folding = self._folding(criteria)
        everything = (
            criteria.facets
            or criteria.sort != "relevance"
            or (folding is not None and criteria.total == "exact")
            or meant is not None
        )
        beside = [self._analysed(each) for each in (criteria.preferred, criteria.together) if each is not None]
        listed = everything or criteria.explain
        execution = Execution(self.snapshot, self._terms, clause, listed=listed, beside=beside)
        try:
            found = map(execution.matches_of, beside)
            preferred = None if criteria.preferred is None else next(found)
            together = None if criteria.together is None else next(found)
            if isinstance(query, PlainQuery):
                self._remember(query)
            ranking = self._ranking(execution, by_node, criteria, preferred, meant, listed=everything)
            top, matched, preferred = ranking.top, ranking.matched, ranking.preferred
            facets = self._facets(matched, criteria) if matched is not None and criteria.facets else _NO_FACETS
            tested = self._tested(execution, by_node, criteria, top.documents[criteria.offset :])
            sections = self._closest_sections(meant, ranking, criteria)
            answer = self._answer(top, criteria, clause, facets, tested, sections, counted=everything)
            if criteria.explain:
                explainer = self._explainer(execution, clause, tree, criteria, ranking)
                places = range(criteria.offset, len(top.documents))
                answer = answer._replace(explanations=tuple(explainer.explain(place, top) for place in places))
            answer = answer._replace(by_meaning=_counted(ranking.without_words, folding) or 0)
            if criteria.total != "exact":
                return answer
            mask = self._mask(criteria)
            together = together if together is None or mask is None else together & mask
            return answer._replace(preferred=_counted(preferred, folding), together=_counted(together, folding))
        finally:
            execution.close()

    def _ranking(
        self,
        execution: Execution,
        by_node: _ByNode,
        criteria: Criteria,
        preferred: Words64 | None,
        meant: Vector | None,
        *,
        listed: bool,
    ) -> _Ranking:
        """The best documents up to the end of the page; `listed` says that all matches are wanted as well, and must be
        said where something is `meant`."""
        mask, shown = self._mask(criteria), criteria.offset + criteria.limit
        again = looks_again(criteria)
        # One more, so that what shrinks behind the best does so in the same way on all pages.
        wanted = max(shown, DEPTH + (meant is not None)) if again else shown
        matched = execution.matches() if listed else None
        closeness = None if meant is None or self._meaning is None else self._meaning.closeness(meant)
        without_words = None
        if closeness is not None and matched is not None:
            without_words = closeness.bits() & ~matched
            matched = matched | without_words
            without_words = without_words if mask is None else without_words & mask
        within = matched if matched is None or mask is None else matched & mask
        if preferred is not None and mask is not None:
            preferred = preferred & mask
        ranked = partial(self._ranked, execution, criteria, mask, within, preferred)
        folding = self._folding(criteria)
        top = folding.fold(ranked, wanted) if folding else ranked(wanted)
        if folding:
            top = top._replace(matches=0 if within is None else top.matches - folding.surplus(within))
        first = top
        if again:
            clauses = by_node() if criteria.aspects else {}
            top = refined(top, criteria, clauses, execution, preferred, self.snapshot, self._titles)
        ranking = _Ranking(top, first, matched, preferred, without_words=without_words)
        if closeness is not None:
            ranking = self._with_meaning(ranking, execution, criteria, closeness)
        top = ranking.top
        if len(top.documents) > shown:
            top = top._replace(documents=top.documents[:shown], scores=top.scores[:shown])
        return ranking._replace(top=top)

    def _with_meaning(
        self, ranking: _Ranking, execution: Execution, criteria: Criteria, closeness: Closeness
    ) -> _Ranking:
        """A ranking by words, fused with what is close in meaning, within the filters."""
        mask, first, preferred = self._mask(criteria), ranking.first, ranking.preferred
        near = closeness.bits() if mask is None else closeness.bits() & mask
        known = self._ranked(execution, criteria, near, near, None if preferred is None else preferred & near, DEPTH)
        shrunk = ranking.top.scores[DEPTH] / first.scores[DEPTH] if len(first.scores) > DEPTH else 1.0
        words = dict.fromkeys(members(near).tolist(), 0.0)
        words |= {each: score * shrunk for each, score in zip(known.documents, known.scores, strict=True)}
        order = self.snapshot.ranks.__getitem__
        top, meaning = fused(ranking.top, words, closeness, criteria.meaning_weight, order)
        folding = self._folding(criteria)
        both = Top([*first.documents, *known.documents], [*first.scores, *known.scores], first.matches)
        return ranking._replace(top=folding.folded(top) if folding else top, first=both, meaning=meaning)

    def _closest_sections(self, meant: Vector | None, ranking: _Ranking, criteria: Criteria) -> dict[int, int]:
        """Of the documents of the page that have no word of the query the numbers of the sections that are closest to
        what is meant."""
        if meant is None or self._meaning is None:
            return {}
        by_words = set(ranking.first.documents)
        page = ranking.top.documents[criteria.offset :]
        return {each: self._meaning.closest_section(meant, each) for each in page if each not in by_words}

    def _folding(self, criteria: Criteria) -> Folding | None:
        """The near-duplicates, where they are to be folded and there are any."""
        return self.snapshot.folding if criteria.fold else None

    def _ranked(
        self,
        execution: Execution,
        criteria: Criteria,
        mask: Words64 | None,
        within: Words64 | None,
        preferred: Words64 | None,
        wanted: int,
    ) -> Top:
        """The best `wanted` documents among those of `mask`; `within` are all matches there, where these are known."""
        if within is None:
            top = execution.top(wanted, mask, counting=criteria.total == "exact")
        elif criteria.sort == "relevance":
            top = execution.top(wanted, mask)._replace(matches=int(count(within)))
        else:
            values = self.snapshot.by_date if criteria.sort == "date" else self.snapshot.by_views
            return execution.top_by(values, wanted, within)
        if preferred is None or criteria.sort != "relevance" or not criteria.preference:
            return top
        return self._preferring(top, execution.top(wanted, preferred), criteria.preference, wanted)

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
        meant = self._meant(criteria)
        with self._lock:
            tree = tree_of(query)
            clause = self._analysed(tree)
            beside = [] if criteria.preferred is None else [self._analysed(criteria.preferred)]
            execution = Execution(self.snapshot, self._terms, clause, listed=True, beside=beside)
            try:
                preferred = execution.matches_of(*beside) if beside else None
                ranking = self._ranking(execution, self._by_node(tree), criteria, preferred, meant, listed=True)
                explainer = self._explainer(execution, clause, tree, criteria, ranking)
                if document in ranking.top.documents:
                    return explainer.explain(list(ranking.top.documents).index(document), ranking.top)
                excluded = self._excluded(document, ranking, criteria)
                return explainer.explain_absence(document, excluded, ranking.top)
            finally:
                execution.close()

    def _explainer(
        self, execution: Execution, clause: Clause | None, tree: Node, criteria: Criteria, ranking: _Ranking
    ) -> Explainer:
        texts = texts_by_leaf(tree, self.snapshot.analyzer, self._forms)
        preference = None
        if ranking.preferred is not None and criteria.preferred is not None and criteria.sort == "relevance":
            preference = Preference(self._analysed(criteria.preferred), ranking.preferred, criteria.preference)
        query = AnalysedQuery(clause, texts)
        return Explainer(self.snapshot, self._terms, execution, query, ranking.first, preference, ranking.meaning)

    def _excluded(self, document: int, ranking: _Ranking, criteria: Criteria) -> str:
        """What keeps out a document that is not among the best: the query, a filter, or (empty) better ones."""
        if ranking.matched is None or not is_in(document, ranking.matched):
            return "query"
        if criteria.section and not is_in(document, self._section_mask(criteria.section)):
            return "section"
        if criteria.source and not is_in(document, self.snapshot.source_mask(criteria.source)):
            return "source"
        mask = self._mask(criteria)
        return "date" if mask is not None and not is_in(document, mask) else ""

    def _by_node(self, query: Node) -> _ByNode:
        """What each word of a query becomes, found out once, where somebody asks."""
        return partial(_known, self._words, query, clauses_by_node, self.snapshot.analyzer, self._forms)

    def _analysed(self, query: Node) -> Clause | None:
        """The analysed query, with words in all the spellings that the index has. Hold the lock."""
        return _known(self._analyses, query, analyse, self.snapshot.analyzer, self._forms)

    def _preferring(self, top: Top, preferred: Top, preference: float, wanted: int) -> Top:
        """The best of two lists of the best, of which those in the second score more."""
        scores = dict(zip(top.documents, top.scores, strict=True))
        scores |= {
            document: score * (1 + preference)
            for document, score in zip(preferred.documents, preferred.scores, strict=True)
        }
        documents, values = list(scores), list(scores.values())
        best = best_first(documents, values, self.snapshot.ranks.__getitem__)[:wanted]
        return Top([documents[place] for place in best], [values[place] for place in best], top.matches)

    def _tested(
        self, execution: Execution, by_node: _ByNode, criteria: Criteria, documents: Sequence[int]
    ) -> list[tuple[bool, ...]]:
        """For each document whether it matches each of the nodes to be tested."""
        if not criteria.tested or not documents:
            return []
        clauses = by_node()
        found = execution.having([clauses.get(node) for node in criteria.tested], documents)
        return list(map(tuple, found))

    def _remember(self, query: PlainQuery) -> None:
        """Note what the pieces of a query are to the ranker, now that their lists are in memory."""
        for piece in query.pieces:
            if not self._terms.knows(piece):
                leaf = self._analysed(piece.node)
                if isinstance(leaf, Leaf):
                    self._terms.remember(piece, leaf)
        kept = [piece for piece in query.pieces if not piece.stops]
        if len(self._apart) > _MOST_PAIRS:
            self._apart.clear()
        for pieces in (query.pieces, kept):
            self._apart.update(
                pair for pair in pairwise(pieces) if not self._forms.are_joined(pair[0].node, pair[1].node)
            )

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
        with self._lock:
            clause = self._analysed(query)
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
        exact = counted or criteria.total == "exact"
        total = top.matches if exact else len(top.documents)
        relation: Literal["eq", "gte"] = "eq" if exact or total < criteria.offset + criteria.limit else "gte"
        if relation == "gte" and criteria.total == "bounded":
            total = max(total, top.matches)
        documents, scores = top.documents, top.scores
        if criteria.offset:
            documents, scores = documents[criteria.offset :], scores[criteria.offset :]
        if criteria.snippets:
            query = self._locator.leaves_of(clause)
            make = partial(self._pages.shown, documents, scores, query, criteria, sections)
        else:
            make = partial(self._pages.bare, documents, scores)
        return EngineAnswer(Deferred(make), total, relation, facets, self.snapshot.name, matches=tuple(tested))

    def _mask(self, criteria: Criteria) -> Words64 | None:
        return _all_of(self._date_mask(criteria), self._place_mask(criteria), self._source_mask(criteria))

    def _place_mask(self, criteria: Criteria) -> Words64 | None:
        return self._section_mask(criteria.section) if criteria.section else None

    def _source_mask(self, criteria: Criteria) -> Words64 | None:
        return self.snapshot.source_mask(criteria.source) if criteria.source else None

    def _date_mask(self, criteria: Criteria) -> Words64 | None:
        if criteria.date_from is None and criteria.date_to is None:
            return None
        return self._dates_mask(criteria.date_from, criteria.date_to)

    def _facets(self, matched: Words64, criteria: Criteria) -> dict[str, tuple[FacetValue, ...]]:
        """Counts without the filter on the same property, so that readers can widen their choice."""
        snapshot, fold = self.snapshot, self._folding(criteria)
        dated, placed, named = self._date_mask(criteria), self._place_mask(criteria), self._source_mask(criteria)
        counted = {
            "section": snapshot.section_facet.count(_within(matched, dated, named), fold),
            "year": snapshot.year_facet.count(_within(matched, placed, named), fold),
        }
        if snapshot.source_names:
            counted["source"] = snapshot.source_facet.count(_within(matched, dated, placed), fold)
        return counted


def _known(
    known: dict[Node, _Made],
    query: Node,
    make: Callable[[Node, Analyzer, WordForms], _Made],
    analyzer: Analyzer,
    forms: WordForms,
) -> _Made:
    """What was made of a query before, or is now. Readers turn pages, narrow what they found and ask the same."""
    if query not in known:
        if len(known) >= _MOST_QUERIES:
            known.clear()
        known[query] = make(query, analyzer, forms)
    return known[query]


def _all_of(*masks: Words64 | None) -> Words64 | None:
    """What all of the masks let through, of which None is everything."""
    given = [mask for mask in masks if mask is not None]
    return reduce(and_, given) if given else None


def _within(matched: Words64, *masks: Words64 | None) -> Words64:
    """What of the matching documents all of the masks let through."""
    mask = _all_of(*masks)
    return matched if mask is None else matched & mask


def _is_ranking_alone(criteria: Criteria) -> bool:
    """Whether nothing is asked for that takes more than the best documents and how many match."""
    return not (
        criteria.facets
        or criteria.snippets
        or criteria.section
        or criteria.source
        or criteria.date_from
        or criteria.date_to
        or criteria.sort != "relevance"
        or criteria.preferred
        or criteria.tested
        or criteria.typed
        or criteria.explain
        or criteria.meaning
    )


def _counted(matched: Words64 | None, folding: Folding | None) -> int | None:
    """How many documents matched, near-duplicates once where they are folded; None where nothing was to match."""
    if matched is None:
        return None
    return int(count(matched)) - (folding.surplus(matched) if folding else 0)
