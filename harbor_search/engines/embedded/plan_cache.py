"""The plans of searches that were made before, ready to be run again: of those that want the best documents alone.

Of a new query of plain words whose lists are in memory no tree is made either: its plan is put together from what its
pieces were in other queries.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from harbor_search.engines.clauses import Leaf
from harbor_search.engines.criteria import Criteria
from harbor_search.engines.embedded.analysis_cache import QueryAnalyses
from harbor_search.engines.embedded.filters import is_filtered
from harbor_search.engines.embedded.query_execution import Execution
from harbor_search.engines.embedded.snapshot import Snapshot
from harbor_search.engines.embedded.term_loader import TermLoader
from harbor_search.engines.word_forms import WordForms
from harbor_search.query import Piece, PlainQuery, Query
from harbor_search.ranking import PLANNED, RankingRequest, Top

__all__ = ["PlanCache"]

_MOST_PLANS = 16_384
"""Plans that are kept; each is half a kilobyte, with the query that it is found by."""

_LONGEST = 500
"""Characters of such a query, a tree's as it is written out: what is longer was pasted, is not asked again, and takes
tens of kilobytes."""

_MOST_PAIRS = 65_536
"""Pairs of neighbours in queries that are remembered; each is some hundred bytes."""


class _Ready(NamedTuple):
    """What the ranker is asked for a query and criteria."""

    query: Query
    criteria: Criteria
    request: RankingRequest


class PlanCache:
    """Plans over the lists that a term loader has in memory; they go when the lists do. Hold the snapshot's lock.

    They are found by the very query that they are of, which whoever asks again has kept as well: to compare queries and
    criteria would take as long as a short search.
    """

    def __init__(self, snapshot: Snapshot, terms: TermLoader, forms: WordForms, analyses: QueryAnalyses) -> None:
        self._snapshot, self._terms, self._forms, self._analyses = snapshot, terms, forms, analyses
        self._ready: dict[int, _Ready] = {}
        self._emptied = terms.emptied
        self._apart: set[tuple[Piece, Piece]] = set()  # neighbours that are no word of the index together
        self._ranker = terms.ranker

    def top(self, query: Query, criteria: Criteria) -> Top | None:
        """The best documents for a query whose plan is known; None where it is not."""
        if self._emptied != self._terms.emptied:
            self._ready.clear()
            self._emptied = self._terms.emptied
        ready = self._ready.get(id(query))
        if ready is None or (ready.criteria is not criteria and ready.criteria != criteria):
            ready = self._from_pieces(query, criteria)
            if ready is None:
                return None
        return self._ranker.run(ready.request)

    def remember(self, query: Query, criteria: Criteria, execution: Execution) -> None:
        """Note the plan of a query that was executed, and what its pieces are, whose lists are in memory now, where the
        best documents were all that was wanted: who searches for those does so again, and pages are made otherwise."""
        if not self._applies_to(criteria) or _length(query) > _LONGEST:
            return
        if isinstance(query, PlainQuery):
            self._remember_pieces(query)
        plan = execution.lasting_plan()
        if plan is not None:
            self._keep(query, criteria, plan.tobytes(), PLANNED)

    def _keep(self, query: Query, criteria: Criteria, numbers: bytes, reading: int) -> _Ready:
        if len(self._ready) >= _MOST_PLANS:
            self._ready.clear()
        k, counting = criteria.offset + criteria.limit, criteria.total == "exact"
        request = self._ranker.prepare(numbers, reading, k, counting=counting)
        # With the query that it is of, so that no other has the same identity.
        ready = self._ready[id(query)] = _Ready(query, criteria, request)
        return ready

    def _from_pieces(self, query: Query, criteria: Criteria) -> _Ready | None:
        """The clauses of a plain query, where all of its pieces are known.

        Neighbours that may be one word in another spelling take the tree.
        """
        if not isinstance(query, PlainQuery) or not self._applies_to(criteria):
            return None
        if not all(map(self._are_apart, _readings(query))):
            return None
        try:
            clauses = b"".join(map(self._terms.clauses.__getitem__, query.pieces))
        except KeyError:
            return None
        return self._keep(query, criteria, clauses, query.reading)

    def _applies_to(self, criteria: Criteria) -> bool:
        return _is_ranking_alone(criteria) and not (criteria.fold and self._snapshot.folding)

    def _are_apart(self, pieces: Sequence[Piece]) -> bool:
        return self._apart.issuperset(pairwise(pieces))

    def _remember_pieces(self, query: PlainQuery) -> None:
        # Stop words may have been left out before.
        new = [piece for piece in query.pieces if piece.stops or piece not in self._terms.clauses]
        leaves = self._analyses.clauses([piece.node for piece in new])
        self._terms.remember((piece, leaf) for piece, leaf in zip(new, leaves, strict=True) if isinstance(leaf, Leaf))
        if len(self._apart) > _MOST_PAIRS:
            self._apart.clear()
        for pieces in _readings(query):
            self._apart.update(
                pair for pair in pairwise(pieces) if not self._forms.are_joined(pair[0].node, pair[1].node)
            )


def _length(query: Query) -> int:
    return sum(len(piece.node.text) for piece in query.pieces) if isinstance(query, PlainQuery) else len(repr(query))


def _readings(query: PlainQuery) -> tuple[Sequence[Piece], Sequence[Piece]]:
    """The pieces of a query with and without stop words, which may be left out of it."""
    return query.pieces, [piece for piece in query.pieces if not piece.stops]


def _is_ranking_alone(criteria: Criteria) -> bool:
    """Whether nothing is asked for that takes more than the best documents and how many match."""
    return not (
        criteria.facets
        or criteria.snippets
        or is_filtered(criteria)
        or criteria.sort != "relevance"
        or criteria.preferred
        or criteria.tested
        or criteria.typed
        or criteria.explain
        or criteria.meaning
    )
