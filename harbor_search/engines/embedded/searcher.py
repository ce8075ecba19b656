"""Searching one snapshot: from a query tree to a page of hits."""

from __future__ import annotations

from functools import lru_cache

from harbor_search.engines.embedded.analysed_query import Boolean, Clause, Everything, analyse, leaves
from harbor_search.engines.embedded.facets import section_facet, year_facet
from harbor_search.engines.embedded.match_locations import MatchLocator
from harbor_search.engines.embedded.query_execution import Execution
from harbor_search.engines.embedded.snapshot import Snapshot, Words64
from harbor_search.engines.embedded.term_loader import TermLoader
from harbor_search.engines.protocol import Criteria, EngineAnswer, EngineHit
from harbor_search.query import Node, PlainQuery, tree_of
from harbor_search.ranking import Top, count
from harbor_search.results import FacetValue
from harbor_search.snippets import Occurrence

__all__ = ["Searcher"]

_MOST_IN_HIT = 200
"""Occurrences of a word looked at to choose a hit's passages."""

_MOST_IN_ARTICLE = 10_000
"""Occurrences of a word marked on an article's page."""


class Searcher:
    """Answers queries on one snapshot. Threads may share it; they take turns."""

    def __init__(self, snapshot: Snapshot, *, cache_bytes: int, expansions: int) -> None:
        self.snapshot = snapshot
        self._terms = TermLoader(snapshot, cache_bytes=cache_bytes, expansions=expansions)
        # Looked up once: what a query of plain words takes is counted in hundreds of nanoseconds.
        self._lock = snapshot.lock
        self._top_clauses = self._terms.ranker.top_clauses
        self._clause = self._terms.clauses.__getitem__
        self._section_mask = lru_cache(maxsize=256)(snapshot.section_mask)

    def best(self, query: Node | PlainQuery, k: int, *, counting: bool = False) -> Top:
        """The best `k` documents and their scores, without the articles; where `counting`, also how many match."""
        with self._lock:
            if isinstance(query, PlainQuery):
                try:
                    clauses = b"".join(map(self._clause, query.pieces))
                except KeyError:
                    found = None
                else:
                    found = self._top_clauses(clauses, query.reading, k, counting)
                if found is not None:
                    return found
            execution = Execution(self.snapshot, self._terms, analyse(tree_of(query), self.snapshot.analyzer))
            try:
                if isinstance(query, PlainQuery):
                    self._remember(query)
                return execution.top(k, None, counting=counting)
            finally:
                execution.close()

    def _remember(self, query: PlainQuery) -> None:
        """Note what the pieces of a query are to the ranker, now that their lists are in memory."""
        for piece in query.pieces:
            if not self._terms.knows(piece):
                leaf = analyse(piece.node, self.snapshot.analyzer)
                if leaf is not None and not isinstance(leaf, Everything | Boolean):
                    self._terms.remember(piece, leaf)

    def count(self, query: Node | PlainQuery) -> int:
        """Exactly how many documents match."""
        clause = analyse(tree_of(query), self.snapshot.analyzer)
        with self._lock:
            execution = Execution(self.snapshot, self._terms, clause, listed=True)
            try:
                return int(count(execution.matches()))
            finally:
                execution.close()

    def search(self, query: Node, criteria: Criteria) -> EngineAnswer:
        """One page of hits with totals and facets."""
        clause = analyse(query, self.snapshot.analyzer)
        with self._lock:
            execution = Execution(self.snapshot, self._terms, clause, listed=_needs_all(criteria))
            try:
                return self._answer(execution, clause, criteria)
            finally:
                execution.close()

    def occurrences(self, query: Node, article_id: str) -> tuple[Occurrence, ...]:
        """Where the words of `query` stand in an article; none where the article is not in this generation."""
        document = self.snapshot.find(article_id)
        if document is None:
            return ()
        clause = analyse(query, self.snapshot.analyzer)
        with self._lock:
            self._terms.load(list(leaves(clause)), 0)
            return self._locator(clause).occurrences(document, _MOST_IN_ARTICLE)

    def _answer(self, execution: Execution, clause: Clause | None, criteria: Criteria) -> EngineAnswer:
        mask = self._mask(criteria)
        wanted = criteria.offset + criteria.limit
        matched = execution.matches() if _needs_all(criteria) else None
        within = matched if matched is None or mask is None else matched & mask
        top = self._top(execution, criteria, wanted, mask, within)
        documents, scores = top.documents[criteria.offset :], top.scores[criteria.offset :]
        marker = self._locator(clause)
        return EngineAnswer(
            hits=tuple(
                EngineHit(self.snapshot.article(document), score, marker.occurrences(document, _MOST_IN_HIT))
                for document, score in zip(documents, scores, strict=True)
            ),
            total=int(count(within)) if within is not None else len(top.documents),
            total_relation="eq" if within is not None or len(top.documents) < wanted else "gte",
            facets=self._facets(matched, criteria) if matched is not None and criteria.facets else {},
            generation=self.snapshot.name,
        )

    def _top(
        self, execution: Execution, criteria: Criteria, wanted: int, mask: Words64 | None, within: Words64 | None
    ) -> Top:
        if criteria.sort == "relevance" or within is None:
            return execution.top(wanted, mask)
        values = self.snapshot.by_date if criteria.sort == "date" else self.snapshot.by_views
        return execution.top_by(values, wanted, within)

    def _mask(self, criteria: Criteria) -> Words64 | None:
        masks = [self._section_mask(criteria.section)] if criteria.section else []
        if criteria.date_from or criteria.date_to:
            masks.append(self.snapshot.date_mask(criteria.date_from, criteria.date_to))
        return None if not masks else masks[0] if len(masks) == 1 else masks[0] & masks[1]

    def _facets(self, matched: Words64, criteria: Criteria) -> dict[str, tuple[FacetValue, ...]]:
        """Counts without the filter on the same property, so that readers can widen their choice."""
        dated = self._mask(Criteria(date_from=criteria.date_from, date_to=criteria.date_to))
        placed = self._mask(Criteria(section=criteria.section))
        return {
            "section": section_facet(self.snapshot, matched if dated is None else matched & dated),
            "year": year_facet(self.snapshot, matched if placed is None else matched & placed),
        }

    def _locator(self, clause: Clause | None) -> MatchLocator:
        weights = {leaf: self._terms.weight(leaf) for leaf in leaves(clause)}
        return MatchLocator(self.snapshot, self._terms, clause, weights)


def _needs_all(criteria: Criteria) -> bool:
    """Whether a page can only be made from all matches."""
    return criteria.facets or criteria.exact_total or criteria.sort != "relevance"
