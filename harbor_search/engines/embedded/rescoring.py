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
from harbor_search.engines.rescoring import DEPTH, RescoringWeights, reordered
from harbor_search.ranking import Top, refine

__all__ = ["NOT_REFINED", "Refined", "Refiner"]

_MOST_SAID = 8
"""Selections of the documents of a query, by different filters, of which it is remembered what their first ones say."""

_NO_DOCUMENTS = np.empty(0, np.uint64)

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
        documents, scores = np.array(looked, np.int64), np.array(top.scores[:DEPTH], np.float64)
        asked = words.once(self._asked, criteria, words)
        rules: list[tuple[str, Sequence[float]]] = []

        def count(rule: str, factors: Sequence[float]) -> None:
            nonlocal scores
            scores *= factors
            rules.append((rule, factors))

        if words.columns is not None:
            look, apart = self._look, _NO_DOCUMENTS if preferred is None else preferred
            weights = criteria.preference, look.feedback_share, look.coverage_power
            refine(words.address, *words.columns, documents, scores, apart, *weights)
            said = self._said(asked, documents, scores, words)
            if said:
                count("feedback", said)
        titles = self._titles.numbers(documents)
        matching = asked.titles.of(titles.tolist())
        count("title_match", matching)
        for name, prior in self._priors.factors(looked):
            count(name, prior)
        repeated = self._look.repeated_title if criteria.diverse else 1.0
        factors, better = np.empty(len(looked)), np.empty(len(looked), np.int64)
        untitled, matched, ranks = self._titles.untitled, np.array(matching), self._ranks
        order = order_again(documents, scores, titles, untitled, matched, repeated, ranks, factors, better)
        repeats = {looked[place]: looked[best] for place, best in enumerate(better.tolist()) if best >= 0}
        if repeats:
            rules.append(("repeats", factors.tolist()))
        best = reordered(top, scores.tolist(), order.tolist())
        return Refined(best, looked, tuple(rules), repeats, criteria.typed, self._look.title_match)

    def _asked(self, criteria: Criteria, words: QueryWords) -> _Asked:
        return _Asked(
            titles=self._titles.factors(criteria.typed, criteria.other_names),
            telling=self._feedback.telling(words),
            said={},
        )

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
