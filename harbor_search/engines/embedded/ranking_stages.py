"""Ranking the documents of a query in stages: by words, near-duplicates folded, a second look at the best, meaning."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from harbor_search.engines.criteria import Criteria
from harbor_search.engines.embedded.analysis_cache import ClausesByNode
from harbor_search.engines.embedded.filters import Filters
from harbor_search.engines.embedded.near_duplicates import Folding
from harbor_search.engines.embedded.query_execution import Execution
from harbor_search.engines.embedded.rescoring import NOT_REFINED, Refined, Refiner
from harbor_search.engines.embedded.snapshot import Snapshot, Words64
from harbor_search.engines.embedded.word_ranking import WordRanking
from harbor_search.engines.fusion import fused
from harbor_search.engines.rescoring import DEPTH, looks_again
from harbor_search.ranking import Top, members

if TYPE_CHECKING:
    from harbor_search.engines.embedded.meaning import Closeness, Meaning, Vector

__all__ = ["RankedDocuments", "RankingStages"]


class RankedDocuments(NamedTuple):
    """The best documents, what they and others scored before a second look, all that match before filters, where that
    was wanted, those that are preferred within the filters, what the second look did, what the meaning of each adds to
    its score, and those that have nothing but the meaning."""

    top: Top
    first: Top
    matched: Words64 | None
    preferred: Words64 | None
    refined: Refined = NOT_REFINED
    meaning: Mapping[int, float] = MappingProxyType({})
    without_words: Words64 | None = None


class _Matches(NamedTuple):
    """All that match a query: before filters, within them, and of these what has no word of it but is close to what is
    meant. All are None where they were not wanted."""

    all: Words64 | None = None
    within: Words64 | None = None
    without_words: Words64 | None = None
    closeness: Closeness | None = None


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

    def folding(self, criteria: Criteria) -> Folding | None:
        """The near-duplicates, where they are to be folded and there are any."""
        return self._snapshot.folding if criteria.fold else None

    def rank(
        self,
        execution: Execution,
        by_node: ClausesByNode,
        criteria: Criteria,
        preferred: Words64 | None,
        meant: Vector | None,
        *,
        listed: bool,
    ) -> RankedDocuments:
        """The best documents up to the end of the page; `listed` says that all matches are wanted as well, and must be
        said where something is `meant`."""
        mask, shown, again = self._filters.mask(criteria), criteria.offset + criteria.limit, looks_again(criteria)
        matches = self._matches(execution, mask, meant) if listed else _Matches()
        if preferred is not None and mask is not None:
            preferred = preferred & mask
        # One more, so that what shrinks behind the best does so in the same way on all pages.
        wanted = max(shown, DEPTH + (meant is not None)) if again else shown
        given = self._snapshot, execution, criteria, mask, preferred, matches.within, self.folding(criteria)
        ranking = WordRanking(*given)
        first = ranking.best(wanted)
        top, refined = first, NOT_REFINED
        if again:
            refined = self._refiner.refined(first, criteria, by_node, execution, preferred)
            top = refined.top
        ranked = RankedDocuments(top, first, matches.all, preferred, refined, without_words=matches.without_words)
        if matches.closeness is not None:
            ranked = self._with_meaning(ranked, ranking, matches.closeness)
        return ranked._replace(top=_shortened(ranked.top, shown))

    def closest_sections(self, meant: Vector | None, ranked: RankedDocuments, criteria: Criteria) -> dict[int, int]:
        """Of the documents of the page that have no word of the query the numbers of the sections that are closest to
        what is meant."""
        if meant is None or self._meaning is None:
            return {}
        by_words = set(ranked.first.documents)
        page = ranked.top.documents[criteria.offset :]
        return {each: self._meaning.closest_section(meant, each) for each in page if each not in by_words}

    def _matches(self, execution: Execution, mask: Words64 | None, meant: Vector | None) -> _Matches:
        matched, without_words, closeness = execution.matches(), None, None
        if meant is not None and self._meaning is not None:
            closeness = self._meaning.closeness(meant)
            without_words = closeness.bits() & ~matched
            matched = matched | without_words
            without_words = without_words if mask is None else without_words & mask
        return _Matches(matched, matched if mask is None else matched & mask, without_words, closeness)

    def _with_meaning(self, ranked: RankedDocuments, ranking: WordRanking, closeness: Closeness) -> RankedDocuments:
        """A ranking by words, fused with what is close in meaning, within the filters."""
        first = ranked.first
        near = closeness.bits() if ranking.mask is None else closeness.bits() & ranking.mask
        known = ranking.among(near).best(DEPTH)
        shrunk = ranked.top.scores[DEPTH] / first.scores[DEPTH] if len(first.scores) > DEPTH else 1.0
        words = dict.fromkeys(members(near).tolist(), 0.0)
        words |= {each: score * shrunk for each, score in zip(known.documents, known.scores, strict=True)}
        order = self._snapshot.ranks.__getitem__
        top, meaning = fused(ranked.top, words, closeness.cosines, ranking.criteria.meaning_weight, order)
        folding = ranking.folding
        both = Top([*first.documents, *known.documents], [*first.scores, *known.scores], first.matches)
        return ranked._replace(top=folding.folded(top) if folding else top, first=both, meaning=meaning)


def _shortened(top: Top, most: int) -> Top:
    """At most so many of the best."""
    if len(top.documents) <= most:
        return top
    return top._replace(documents=top.documents[:most], scores=top.scores[:most])
