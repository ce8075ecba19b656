"""The stages of a ranking: by what the words of a query score, seen a second time, fused with what is close in
meaning."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from harbor_search.engines.criteria import Criteria
from harbor_search.engines.embedded.filters import Filters
from harbor_search.engines.embedded.near_duplicates import NO_FOLDING, Folding
from harbor_search.engines.embedded.query_execution import Execution
from harbor_search.engines.embedded.query_words import QueryWords
from harbor_search.engines.embedded.rescoring import NOT_REFINED, Refined, Refiner
from harbor_search.engines.embedded.snapshot import Snapshot, Words64
from harbor_search.engines.fusion import fused
from harbor_search.engines.rescoring import DEPTH, looks_again
from harbor_search.ranking import Top, members

if TYPE_CHECKING:
    from harbor_search.engines.embedded.meaning import Closeness, Meaning, Vector

__all__ = ["RankedDocuments", "RankingStages"]

_NONE: Mapping[int, int] = MappingProxyType({})


class RankedDocuments(NamedTuple):
    """The best documents, what they and others scored before a second look, and all that match before filters, where
    that was wanted. Within the filters those that are preferred, and that have words together, where the criteria ask.
    `words` are the lists of what the query names, and `refined` is what the second look did.

    Where something is meant: what the meaning of each document adds to its score, those that have nothing but that, and
    of the page's documents without a word of the query the section that is closest.
    """

    top: Top
    first: Top
    matched: Words64 | None
    preferred: Words64 | None
    together: Words64 | None
    words: QueryWords
    refined: Refined = NOT_REFINED
    meaning: Mapping[int, float] = MappingProxyType({})
    without_words: Words64 | None = None
    sections: Mapping[int, int] = _NONE


class _Scope(NamedTuple):
    """The documents that filters let through (None: all), and the near-duplicates that are folded."""

    mask: Words64 | None
    folding: Folding | None

    def within(self, documents: Words64) -> Words64:
        """Those of some documents that the filters let through."""
        return documents if self.mask is None else documents & self.mask

    def count(self, documents: Words64) -> int:
        """How many of some documents are hits."""
        return (self.folding or NO_FOLDING).hits(self.within(documents))


class RankingStages:
    """Ranks the documents of one snapshot. Threads may share it where they hold its lock."""

    def __init__(self, snapshot: Snapshot, filters: Filters, refiner: Refiner, meaning: Meaning | None) -> None:
        """`meaning` knows what the sections mean, where they are searched by that too."""
        self._snapshot, self._filters, self._refiner, self._meaning = snapshot, filters, refiner, meaning

    def meant(self, criteria: Criteria) -> Vector | None:
        """The vector of what is to be meant, where that is searched for."""
        if self._meaning is None or not criteria.meaning or criteria.sort != "relevance":
            return None
        return self._meaning.vector(criteria.meaning)

    def rank(
        self, execution: Execution, criteria: Criteria, folding: Folding | None, meant: Vector | None
    ) -> RankedDocuments:
        """The best documents up to the end of the page; where something is `meant`, the execution must list all that
        match. Of the near-duplicates that `folding` knows the best alone counts."""
        mask, shown, again = self._filters.mask(criteria), criteria.offset + criteria.limit, looks_again(criteria)
        # One more, so that the scores below the best shrink in the same way on all pages.
        wanted = max(shown, DEPTH + (meant is not None)) if again else shown
        found = execution.run(wanted, mask, folding)
        refined = self._refiner.refined(found.top, criteria, found.words, found.preferred) if again else NOT_REFINED
        top = refined.top if again else found.top
        ranked = RankedDocuments(
            top if meant is not None else _shortened(top, shown),
            found.top,
            found.matched,
            found.preferred,
            found.together,
            found.words,
            refined,
        )
        if meant is None or self._meaning is None:
            return ranked
        close = self._meaning.closeness(meant)
        ranked = self._with_meaning(ranked, execution, criteria, _Scope(mask, folding), close)
        ranked = ranked._replace(sections=self._closest_sections(ranked, criteria, self._meaning, meant))
        return ranked._replace(top=_shortened(ranked.top, shown))

    def _with_meaning(
        self,
        ranked: RankedDocuments,
        execution: Execution,
        criteria: Criteria,
        scope: _Scope,
        closeness: Closeness,
    ) -> RankedDocuments:
        """A ranking by words, fused with what is close in meaning."""
        assert ranked.matched is not None
        matched, close = closeness.bits() | ranked.matched, scope.within(closeness.bits())
        first = ranked.first._replace(matches=scope.count(matched))
        known = execution.best_among(close, ranked.preferred, DEPTH)
        shrunk = ranked.top.scores[DEPTH] / first.scores[DEPTH] if len(first.scores) > DEPTH else 1.0
        words = dict.fromkeys(members(close).tolist(), 0.0)
        words |= {each: score * shrunk for each, score in zip(known.documents, known.scores, strict=True)}
        order = self._snapshot.ranks.__getitem__
        by_words = ranked.top._replace(matches=first.matches)
        top, meaning = fused(by_words, words, closeness.cosines, criteria.meaning_weight, order)
        return ranked._replace(
            top=scope.folding.folded(top) if scope.folding else top,
            first=Top([*first.documents, *known.documents], [*first.scores, *known.scores], first.matches),
            matched=matched,
            meaning=meaning,
            without_words=close & ~ranked.matched,
        )

    def _closest_sections(
        self, ranked: RankedDocuments, criteria: Criteria, meaning: Meaning, meant: Vector
    ) -> dict[int, int]:
        """Of the documents of the page that have no word of the query the sections that are closest."""
        page = ranked.top.documents[criteria.offset : criteria.offset + criteria.limit]
        by_words = set(ranked.first.documents)
        return {each: meaning.closest_section(meant, each) for each in page if each not in by_words}


def _shortened(top: Top, most: int) -> Top:
    """At most so many of the best."""
    if len(top.documents) <= most:
        return top
    return Top(top.documents[:most], top.scores[:most], top.matches)
