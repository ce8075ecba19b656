"""Rescoring the best documents of a ranking (the second look), by the posting lists that are in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harbor_search.engines.criteria import Criteria
from harbor_search.engines.embedded.document_priors import DocumentPriors
from harbor_search.engines.embedded.feedback import Feedback
from harbor_search.engines.embedded.query_words import QueryWords
from harbor_search.engines.embedded.snapshot import Snapshot, Words64, are_in
from harbor_search.engines.embedded.title_match import TitleFactors, TitleMatch
from harbor_search.engines.rescoring import DEPTH, RescoringWeights, WordColumns, reordered
from harbor_search.engines.title_match import Repetitions, repetitions
from harbor_search.ranking import Top, refine

__all__ = ["NOT_REFINED", "Refined", "Refiner"]

_MOST_SAID = 8
"""Selections of the documents of a query, by different filters, of which it is remembered what their first ones say."""

Float64s = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]


class Refined(NamedTuple):
    """A ranking after a second look at some `documents`. `rules` are what their scores count for anything but words, in
    the order in which that was counted; `repeats` are those whose title a better one has, and that one.
    `typed` was compared with titles, of which one that is the same counts `title_match`."""

    top: Top
    documents: Sequence[int] = ()
    rules: tuple[tuple[str, Sequence[float]], ...] = ()
    repeats: Mapping[int, int] = {}
    typed: Sequence[str] = ()
    title_match: float = 1.0


NOT_REFINED = Refined(Top((), (), 0))


class _Asked(NamedTuple):
    """What is known of a query as long as its lists are in memory: what titles count for it, of which lists its first
    documents must have one to say something (`Feedback.telling`), and what scores of documents counted for what the
    first of these say."""

    titles: TitleFactors
    telling: Int64s | None
    said: dict[bytes, list[float]]


class Refiner:
    """Looks at the best of a snapshot's rankings again. Threads may share it where they hold its lock."""

    def __init__(self, snapshot: Snapshot, look: RescoringWeights, feedback: Feedback) -> None:
        self._look, self._feedback = look, feedback
        self._titles = TitleMatch(snapshot, look.title_match)
        self._priors = DocumentPriors(snapshot, look)
        self._ranks = snapshot.ranks

    def refined(self, top: Top, criteria: Criteria, words: QueryWords, preferred: Words64 | None) -> Refined:
        """`top` with its first `DEPTH` documents in the order of a second look; the others stay behind them.

        `words` are those of the query; documents of `preferred` scored more, as the criteria say.
        """
        if not top.documents:
            return Refined(top)
        looked = top.documents[:DEPTH]
        documents = np.array(looked, np.int64)
        scores = np.array(top.scores[:DEPTH], np.float64)
        asked = words.once(self._asked, criteria, words)
        rules: list[tuple[str, Sequence[float]]] = []

        def count(rule: str, factors: Sequence[float]) -> None:
            nonlocal scores
            scores *= factors
            rules.append((rule, factors))

        if words.columns is not None:
            preference = 0 if preferred is None else criteria.preference * are_in(documents, preferred)
            self._weigh(words.address, words.columns, documents, scores, scores / (1 + preference))
            said = self._said(asked, documents, scores, words)
            if said:
                count("feedback", said)
        titles = self._titles.numbers(documents)
        matching = asked.titles.of(titles)
        count("title_match", matching)
        for name, prior in self._priors.factors(looked):
            count(name, prior)
        found = self._repetitions(titles, documents, scores, matching) if criteria.diverse else None
        if found is not None:
            count("repeats", found.factors)
        repeats = {looked[place]: looked[best] for place, best in found.best.items()} if found else {}
        best = reordered(top, scores.tolist(), self._best_first(documents, scores))
        return Refined(best, looked, tuple(rules), repeats, criteria.typed, self._look.title_match)

    def _asked(self, criteria: Criteria, words: QueryWords) -> _Asked:
        return _Asked(
            titles=self._titles.factors(criteria.typed, criteria.other_names),
            telling=self._feedback.telling(words),
            said={},
        )

    def _weigh(self, lists: int, columns: WordColumns, documents: Int64s, scores: Float64s, first: Float64s) -> None:
        """Multiply the scores of documents, which their words made `first`, by what the words say in them."""
        refine(lists, *columns, documents, scores, first, self._look.feedback_share, self._look.coverage_power)

    def _said(self, asked: _Asked, documents: Int64s, scores: Float64s, words: QueryWords) -> list[float]:
        """What the scores of documents count for what the first of them say; none where they say nothing."""
        selection = documents.tobytes() + scores.tobytes()
        said = asked.said.get(selection)
        if said is None:
            if len(asked.said) >= _MOST_SAID:
                asked.said.clear()
            said = self._feedback.factors(documents, scores, self._look.feedback_weight, words, asked.telling)
            asked.said[selection] = said
        return said

    def _repetitions(
        self, titles: Sequence[int], documents: Int64s, scores: Float64s, matching: Sequence[float]
    ) -> Repetitions | None:
        """Which documents, whose titles have these numbers and counted so much, have that of a better one."""
        repeated = self._look.repeated_title
        if repeated >= 1 or len(set(titles)) == len(titles):
            return None
        order = self._best_first(documents, scores)
        return repetitions(titles, self._titles.untitled, order, matching, repeated)

    def _best_first(self, documents: Int64s, scores: Float64s) -> list[int]:
        """The places of documents as `ranking.best_first` gives them: of a few dozen, arrays are sorted sooner."""
        places: list[int] = np.lexsort((self._ranks[documents], -scores)).tolist()
        return places
