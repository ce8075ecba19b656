"""Rescoring the best documents of a ranking (the second look), by the posting lists that are in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harbor_search.engines.criteria import Criteria
from harbor_search.engines.embedded.best_documents_kernel import order_again
from harbor_search.engines.embedded.document_priors import DocumentPriors
from harbor_search.engines.embedded.feedback import Feedback
from harbor_search.engines.embedded.query_words import QueryWords
from harbor_search.engines.embedded.snapshot import Snapshot, Words64
from harbor_search.engines.embedded.title_match import TitleFactors, TitleMatch
from harbor_search.engines.rescoring import DEPTH, RescoringWeights, above_rest
from harbor_search.ranking import Top, refine

__all__ = ["NOT_REFINED", "Refined", "Refiner"]

_MOST_COUNTED = 8
"""Selections of the documents of a query, by different filters, of which it is remembered what their scores count; some
kilobytes each."""

_NO_DOCUMENTS = np.empty(0, np.uint64)

Float64s = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]


class Refined(NamedTuple):
    """A ranking after a second look at some `documents`. `rules` are what their scores count for anything but words, in
    the order in which that was counted; `repeats` are those whose title a better one has, and that one.
    `typed` was compared with titles, of which one that is the same counts `title_match`."""

    top: Top
    documents: Sequence[int] = ()
    rules: tuple[tuple[str, Float64s], ...] = ()
    repeats: Mapping[int, int] = {}
    typed: Sequence[str] = ()
    title_match: float = 1.0


NOT_REFINED = Refined(Top((), (), 0))


class _Counted(NamedTuple):
    """What the scores of some documents count for a query, by rule: what the first of these say, where they say
    something, and what their titles do, which `matching` are. `titles` (int32[documents]) tell titles apart; those
    that are `untitled` are none."""

    rules: tuple[tuple[str, Float64s], ...]
    matching: Float64s
    titles: npt.NDArray[np.int32]
    untitled: int


class _Asked(NamedTuple):
    """What is known of a query as long as its lists are in memory: what titles count for it, of which lists its first
    documents must have one to say something (`Feedback.telling`), and what scores of documents `counted`, by these
    and the scores."""

    titles: TitleFactors
    telling: Int64s | None
    counted: dict[bytes, _Counted]


class Refiner:
    """Looks at the best of a snapshot's rankings again. Threads may share it where they hold its lock."""

    def __init__(self, snapshot: Snapshot, look: RescoringWeights, feedback: Feedback) -> None:
        self._look, self._feedback = look, feedback
        self._titles = TitleMatch(snapshot, look.title_match)
        self._priors = DocumentPriors(snapshot, look)
        self._ranks = snapshot.ranks

    def refined(self, top: Top, criteria: Criteria, words: QueryWords, preferred: Words64 | None) -> Refined:
        """`top` with its first `DEPTH` documents in the order of a second look; the others stay after them.

        `words` are those of the query; documents of `preferred` scored more, as the criteria say.
        """
        if not top.documents:
            return Refined(top)
        looked = top.documents[:DEPTH]
        documents, scores = np.array(looked, np.int64), np.array(top.scores[:DEPTH], np.float64)
        asked, look = words.once(self._asked, criteria, words), self._look
        if words.columns is not None:
            apart = _NO_DOCUMENTS if preferred is None else preferred
            weights = criteria.preference, look.feedback_share, look.coverage_power
            refine(words.address, *words.columns, documents, scores, apart, *weights)
        counted = self._counted(asked, documents, scores, words)
        rules = list(counted.rules)
        if look.freshness or look.popularity:
            rules += [(name, np.array(prior)) for name, prior in self._priors.factors(looked)]
        for _, factors in rules:
            scores *= factors
        repeated = look.repeated_title if criteria.diverse else 1.0
        factors, better = np.empty(len(looked)), np.empty(len(looked), np.int64)
        repeating = order_again(
            documents, scores, counted.titles, counted.untitled, counted.matching, repeated, self._ranks, factors,
            better,
        )  # fmt: skip
        repeats: dict[int, int] = {}
        if repeating:
            repeats = {looked[place]: looked[better[place]] for place in np.flatnonzero(better >= 0).tolist()}
            rules.append(("repeats", factors))
        best = above_rest(top, documents.tolist(), scores.tolist())
        return Refined(best, looked, tuple(rules), repeats, criteria.typed, look.title_match)

    def _asked(self, criteria: Criteria, words: QueryWords) -> _Asked:
        return _Asked(
            titles=self._titles.factors(criteria.typed, criteria.other_names),
            telling=self._feedback.telling(words),
            counted={},
        )

    def _counted(self, asked: _Asked, documents: Int64s, scores: Float64s, words: QueryWords) -> _Counted:
        """What these scores count for all that does not change with the day."""
        selection = documents.tobytes() + scores.tobytes()
        known = asked.counted.get(selection)
        if known is None:
            if len(asked.counted) >= _MOST_COUNTED:
                asked.counted.clear()
            known = asked.counted[selection] = self._count(asked, documents, scores, words)
        return known

    def _count(self, asked: _Asked, documents: Int64s, scores: Float64s, words: QueryWords) -> _Counted:
        said: list[float] = []
        if words.columns is not None:
            said = self._feedback.factors(documents, scores, self._look.feedback_weight, words, asked.telling)
        titles = self._titles.numbers(documents)
        matching = asked.titles.of(titles.tolist())
        rules = (("feedback", np.array(said)), ("title_match", matching)) if said else (("title_match", matching),)
        return _Counted(rules, matching, titles, self._titles.untitled)
