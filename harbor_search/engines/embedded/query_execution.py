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
from harbor_search.engines.embedded.clause_lists import ClauseLists, Scored
from harbor_search.engines.embedded.clause_needs import needs_of
from harbor_search.engines.embedded.near_duplicates import Folding
from harbor_search.engines.embedded.query_words import QueryWords
from harbor_search.engines.embedded.snapshot import Snapshot, Words64
from harbor_search.engines.embedded.term_loader import TermLoader
from harbor_search.ranking import Plan, Top, best_first, count, top_by_order

__all__ = ["Execution", "Found"]


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
        if folding is None:
            top = self._ranked(most, selection)
        else:
            top = folding.fold(lambda wanted: self._ranked(wanted, selection), most)
            # Where not all matches are listed, how many are folded away is not known.
            known = selection.matched
            top = top._replace(matches=0 if known is None else top.matches - folding.surplus(known))
        return Found(top, matched, preferred, together, self._words)

    def best_among(self, documents: Words64, preferred: Words64 | None, most: int) -> Top:
        """The best of these documents by relevance, near-duplicates included, of which those preferred score more."""
        full = self.lists.scored(self._plan) if isinstance(self._plan, Boolean) else None
        return self._ranked(most, _Selection(full, documents, None, _within(preferred, documents)))

    def _matches(
        self, full: Scored | None, mask: Words64 | None
    ) -> tuple[Words64 | None, Words64 | None, Words64 | None]:
        """All matches where they are listed, and within `mask` what is preferred and what has words together."""
        wanted = [self._plan, *self._beside] if self._listed and full is None else self._beside
        found = iter(self._ranker.matches([plan for plan in wanted if not isinstance(plan, Boolean)]))
        every = iter([self.lists.scored(plan).matched if isinstance(plan, Boolean) else next(found) for plan in wanted])
        matched = (next(every) if full is None else full.matched) if self._listed else None
        preferred = None if self._criteria.preferred is None else _within(next(every), mask)
        together = None if self._criteria.together is None else _within(next(every), mask)
        return matched, preferred, together

    def _ranked(self, most: int, selection: _Selection) -> Top:
        criteria, matched = self._criteria, selection.matched
        if criteria.sort != "relevance" and matched is not None:
            values = self._snapshot.by_date if criteria.sort == "date" else self._snapshot.by_views
            return self._top_by(values, most, matched, selection.full)
        counting = criteria.total == "exact" and matched is None
        top = self._top(most, selection.mask, selection.full, counting=counting)
        if matched is not None:
            top = Top(top.documents, top.scores, int(count(matched)))
        if selection.preferred is None or criteria.sort != "relevance" or not criteria.preference:
            return top
        return self._preferring(top, self._top(most, selection.preferred, selection.full), most)

    def _preferring(self, top: Top, preferred: Top, most: int) -> Top:
        """The best of two lists of the best, of which those in the second score more."""
        more = 1 + self._criteria.preference
        documents, values = list(preferred.documents), [score * more for score in preferred.scores]
        known = set(documents)
        if known.issuperset(top.documents):
            return Top(documents, values, top.matches)
        others = [place for place, document in enumerate(top.documents) if document not in known]
        documents += [top.documents[place] for place in others]
        values += [top.scores[place] for place in others]
        best = best_first(documents, values, self._snapshot.ranks.__getitem__)[:most]
        return Top([documents[place] for place in best], [values[place] for place in best], top.matches)

    def _top(self, k: int, mask: Words64 | None, full: Scored | None, *, counting: bool = False) -> Top:
        """The best `k` documents among those of `mask` (None: all) by relevance."""
        if isinstance(self._plan, Boolean):
            assert full is not None
            matched = full.matched if mask is None else full.matched & mask
            return self._ordered(matched, full.scores.astype(np.int32), full.scores, k)
        return self._ranker.top(self._plan, k, mask, counting=counting)

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
