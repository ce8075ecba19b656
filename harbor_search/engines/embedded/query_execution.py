"""Running a query on a snapshot: the cheapest way that gives what is wanted.

A group of words and phrases is a plan for the ranker, whose kernels skip what cannot reach the page. What starts from
all documents or asks for several of its alternatives is computed in full, document by document. Set-wise questions
(totals, facets, other orders than relevance) are answered from bitmaps.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harbor_search.engines.clauses import Boolean
from harbor_search.engines.criteria import Criteria
from harbor_search.engines.embedded.analysis_cache import AnalysedSearch
from harbor_search.engines.embedded.best_documents_kernel import merge_best
from harbor_search.engines.embedded.clause_lists import ClauseLists, Scored
from harbor_search.engines.embedded.clause_needs import needs_of
from harbor_search.engines.embedded.near_duplicates import NO_FOLDING, Folding
from harbor_search.engines.embedded.query_words import QueryWords
from harbor_search.engines.embedded.snapshot import Snapshot, Words64
from harbor_search.engines.embedded.term_loader import TermLoader
from harbor_search.ranking import PLANNED, Plan, RankingRequest, Top, TopArrays, count, top_by_order

__all__ = ["Execution", "Found"]

_NO_DOCUMENTS = np.empty(0, np.uint64)


class Found(NamedTuple):
    """What a query finds: the best documents; of those that match all, before filters, where they were to be listed;
    those within the filters that are preferred, and that have words together, where the criteria ask for that; and the
    lists of its words."""

    top: Top
    matched: Words64 | None
    preferred: Words64 | None
    together: Words64 | None
    words: QueryWords


class _Selection(NamedTuple):
    """The documents that a ranking is made of: those of `mask`, those of them that match and those that score more.
    Each is None where that does not apply. `full` is all that the query scores, where no plan can say it."""

    full: Scored | None
    mask: Words64 | None
    matched: Words64 | None
    preferred: Words64 | None


class Execution:
    """One search of one snapshot. Hold the snapshot's lock, and `close` it in the end.

    It may be run again where `close` says so, as long as `reopen` does. `size` is how many leaves the query has.
    """

    def __init__(
        self, snapshot: Snapshot, terms: TermLoader, search: AnalysedSearch, criteria: Criteria, *, listed: bool
    ) -> None:
        """`listed` says that all matches are wanted."""
        self._snapshot, self._terms, self._ranker = snapshot, terms, terms.ranker
        self.clause, self._by_node = search.clause, search.by_node
        self._criteria, self._listed = criteria, listed
        self._words: QueryWords | None = None
        self._requests: dict[tuple[int, bool], RankingRequest] = {}
        needs = needs_of(search.clause, *search.beside)
        self.size, self._temporaries = needs.own, needs.temporaries
        self.lists = ClauseLists(snapshot, terms, needs)
        self._forgotten = terms.forgotten
        try:
            self._plan = self.lists.plan(search.clause, listed=listed)
            self._beside = [self.lists.plan(each, listed=True) for each in search.beside]
        except BaseException:
            self.close()
            raise

    def close(self) -> bool:
        """Forget temporary lists, if they are not so short that they can stay; whether it can be run again."""
        return self._terms.settle()

    def reopen(self) -> bool:
        """Whether it can be run again now: that its lists are there still, and there is room for others."""
        return self._forgotten == self._terms.forgotten and self._terms.reopen(self._temporaries)

    def lasting_plan(self) -> Plan[int] | None:
        """Its plan; None where it has none, or one with lists that go when it is closed."""
        return None if isinstance(self._plan, Boolean) or self._terms.has_temporaries() else self._plan

    def run(self, most: int, mask: Words64 | None, folding: Folding | None) -> Found:
        """The best `most` documents of `mask` (None: all), and of all else what the criteria ask for. Of the
        near-duplicates that `folding` knows the best alone counts."""
        full = self.lists.scored(self._plan) if isinstance(self._plan, Boolean) else None
        matched, preferred, together = self._matches(full, mask)
        if self._words is None:
            self._words = self.lists.words(self._criteria, self._by_node)
        selection = _Selection(full, mask, _within(matched, mask), preferred)
        top = self._best(most, selection, folding)
        return Found(top, matched, preferred, together, self._words)

    def best_among(self, documents: Words64, preferred: Words64 | None, most: int) -> Top:
        """The best of these documents by relevance, near-duplicates included, of which those preferred score more."""
        full = self.lists.scored(self._plan) if isinstance(self._plan, Boolean) else None
        return self._ranked(most, _Selection(full, documents, None, _within(preferred, documents)), NO_FOLDING)[0]

    def _matches(
        self, full: Scored | None, mask: Words64 | None
    ) -> tuple[Words64 | None, Words64 | None, Words64 | None]:
        """All matches where they are listed, and within `mask` what is preferred and what has words together."""
        wanted = [self._plan, *self._beside] if self._listed and full is None else self._beside
        every = iter(
            [
                self.lists.scored(plan).matched if isinstance(plan, Boolean) else self._ranker.matches(plan)
                for plan in wanted
            ]
        )
        matched = (next(every) if full is None else full.matched) if self._listed else None
        preferred = None if self._criteria.preferred is None else _within(next(every), mask)
        together = None if self._criteria.together is None else _within(next(every), mask)
        return matched, preferred, together

    def _best(self, wanted: int, selection: _Selection, folding: Folding | None) -> Top:
        """The best documents, of near-duplicates one, and how many there are."""
        asked, matched = wanted, selection.matched
        while True:
            top, taken = self._ranked(asked, selection, folding or NO_FOLDING)
            if len(top.documents) >= wanted or taken < asked:
                break
            asked *= 2  # the best have too many near-duplicates among them
        if matched is not None:
            matches = (folding or NO_FOLDING).hits(matched)
        else:  # where not all matches are listed, how many are folded away is not known
            matches = top.matches if folding is None else 0
        return Top(top.documents[:wanted], top.scores[:wanted], matches)

    def _ranked(self, most: int, selection: _Selection, folding: Folding) -> tuple[Top, int]:
        """The best `most` documents without those behind a near-duplicate, and how many there were with them."""
        criteria, matched = self._criteria, selection.matched
        if criteria.sort != "relevance" and matched is not None:
            values = self._snapshot.by_date if criteria.sort == "date" else self._snapshot.by_views
            top = self._top_by(values, most, matched, selection.full)
            return folding.folded(top), len(top.documents)
        counting = criteria.total == "exact" and matched is None
        documents, scores, matches = self._top(most, selection.mask, selection.full, counting=counting)
        preferred, others, their_scores = _NO_DOCUMENTS, documents[:0], scores[:0]
        if selection.preferred is not None and criteria.sort == "relevance" and criteria.preference:
            preferred = selection.preferred
            others, their_scores, _ = self._top(most, preferred, selection.full)
        best, values, taken = merge_best(
            documents, scores, others, their_scores, 1 + criteria.preference, preferred, self._snapshot.ranks,
            folding.members, folding.groups_of_members, folding.number, most,
        )  # fmt: skip
        return Top(best.tolist(), values.tolist(), matches), taken

    def _top(self, k: int, mask: Words64 | None, full: Scored | None, *, counting: bool = False) -> TopArrays:
        """The best `k` documents among those of `mask` (None: all) by relevance."""
        if isinstance(self._plan, Boolean):
            assert full is not None
            matched = full.matched if mask is None else full.matched & mask
            top = self._ordered(matched, full.scores.astype(np.int32), full.scores, k)
            return np.array(top.documents, np.int32), np.array(top.scores, np.float64), top.matches
        request = self._requests.get((k, counting))
        if request is None:
            request = self._ranker.prepare(self._plan.tobytes(), PLANNED, k, counting=counting)
            self._requests[k, counting] = request
        return self._ranker.best(request, mask)

    def _top_by(self, values: npt.NDArray[np.int32], k: int, matched: Words64, full: Scored | None) -> Top:
        """The first `k` documents of `matched` in descending order of `values`, with their relevance scores."""
        first = self._ordered(matched, values, None if full is None else full.scores, k)
        if isinstance(self._plan, Boolean):
            return first
        chosen = np.zeros_like(matched)
        for document in first.documents:
            chosen[document >> 6] |= np.uint64(1) << np.uint64(document & 63)
        scored = self._ranker.top(self._plan, len(first.documents), chosen)
        scores = dict(zip(scored.documents, scored.scores, strict=True))
        return Top(first.documents, [scores[document] for document in first.documents], first.matches)

    def _ordered(
        self, matched: Words64, values: npt.NDArray[np.int32], scores: npt.NDArray[np.int64] | None, k: int
    ) -> Top:
        keys = np.empty(min(k, self._snapshot.count), np.int64)
        size = top_by_order(matched, values, self._snapshot.ranks, keys)
        ranks = 0xFFFFFFFF - (np.sort(keys[:size])[::-1] & 0xFFFFFFFF)
        documents = self._snapshot.order[ranks].tolist()
        shown = [] if scores is None else [float(scores[document]) / 2.0**self.lists.shift for document in documents]
        return Top(documents, shown, int(count(matched)))


def _within(documents: Words64 | None, mask: Words64 | None) -> Words64 | None:
    """Those of some documents that `mask` has; None stands for documents that are not asked for, and for no mask."""
    return documents if documents is None or mask is None else documents & mask
