"""The first ranking of a query: by what its words score, by date or by views, near-duplicates folded."""

from __future__ import annotations

from dataclasses import dataclass, replace

from harbor_search.engines.criteria import Criteria
from harbor_search.engines.embedded.near_duplicates import Folding
from harbor_search.engines.embedded.query_execution import Execution
from harbor_search.engines.embedded.snapshot import Snapshot, Words64
from harbor_search.ranking import Top, best_first, count

__all__ = ["WordRanking"]


@dataclass(frozen=True, slots=True)
class WordRanking:
    """How the documents of a query come one after the other.

    `mask` are the documents that filters let through, `preferred` those of them that score more, `matched` those of
    them that match, where these are known; each is None where that does not apply. `folding` knows the near-duplicates
    of which the best alone counts.
    """

    snapshot: Snapshot
    execution: Execution
    criteria: Criteria
    mask: Words64 | None
    preferred: Words64 | None
    matched: Words64 | None
    folding: Folding | None

    def among(self, documents: Words64) -> WordRanking:
        """The same of these documents alone, all of which are in `mask`, near-duplicates included."""
        preferred = None if self.preferred is None else self.preferred & documents
        return replace(self, mask=documents, preferred=preferred, matched=documents, folding=None)

    def best(self, wanted: int) -> Top:
        """The best `wanted` documents, and how many there are."""
        if self.folding is None:
            return self._unfolded(wanted)
        top = self.folding.fold(self._unfolded, wanted)
        documents, scores, matches = top
        return Top(documents, scores, 0 if self.matched is None else matches - self.folding.surplus(self.matched))

    def _unfolded(self, wanted: int) -> Top:
        execution, criteria = self.execution, self.criteria
        if self.matched is None:
            top = execution.top(wanted, self.mask, counting=criteria.total == "exact")
        elif criteria.sort == "relevance":
            documents, scores, _ = execution.top(wanted, self.mask)
            top = Top(documents, scores, int(count(self.matched)))
        else:
            values = self.snapshot.by_date if criteria.sort == "date" else self.snapshot.by_views
            return execution.top_by(values, wanted, self.matched)
        if self.preferred is None or criteria.sort != "relevance" or not criteria.preference:
            return top
        return self._preferring(top, execution.top(wanted, self.preferred), wanted)

    def _preferring(self, top: Top, preferred: Top, wanted: int) -> Top:
        """The best of two lists of the best, of which those in the second score more."""
        more = 1 + self.criteria.preference
        documents, values = list(preferred.documents), [score * more for score in preferred.scores]
        known = set(documents)
        if known.issuperset(top.documents):
            return Top(documents, values, top.matches)
        others = [place for place, document in enumerate(top.documents) if document not in known]
        documents += [top.documents[place] for place in others]
        values += [top.scores[place] for place in others]
        best = best_first(documents, values, self.snapshot.ranks.__getitem__)[:wanted]
        return Top([documents[place] for place in best], [values[place] for place in best], top.matches)
