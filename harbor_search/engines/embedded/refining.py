"""The second look at the best documents of a ranking, by the posting lists that are in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from harbor_search.engines.embedded.document_priors import DocumentPriors
from harbor_search.engines.embedded.feedback import Feedback
from harbor_search.engines.embedded.query_analyses import ClausesByNode
from harbor_search.engines.embedded.query_execution import Execution
from harbor_search.engines.embedded.snapshot import Snapshot, Words64
from harbor_search.engines.embedded.title_match import TitleMatch
from harbor_search.engines.protocol import Criteria
from harbor_search.engines.second_look import DEPTH, SecondLook, WordColumns, reordered, word_columns
from harbor_search.engines.title_match import repetitions
from harbor_search.ranking import Top, refine

__all__ = ["NOT_REFINED", "Refined", "Refiner"]


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


class Refiner:
    """Looks at the best of a snapshot's rankings again. Threads may share it."""

    def __init__(self, snapshot: Snapshot, look: SecondLook, feedback: Feedback) -> None:
        self._look, self._feedback = look, feedback
        self._titles = TitleMatch(snapshot, look.title_match)
        self._priors = DocumentPriors(snapshot, look)
        self._rank = snapshot.ranks.__getitem__

    def refined(
        self,
        top: Top,
        criteria: Criteria,
        by_node: ClausesByNode,
        execution: Execution,
        preferred: Words64 | None,
    ) -> Refined:
        """`top` with its first `DEPTH` documents in the order of a second look; the others stay behind them.

        `by_node` gives the clauses of the query's nodes; documents of `preferred` scored more, as the criteria say.
        """
        if not top.documents:
            return Refined(top)
        looked, look = top.documents[:DEPTH], self._look
        documents = np.array(looked, np.int64)
        scores = np.array(top.scores[:DEPTH], np.float64)
        columns = execution.once(_columns, criteria, by_node, execution)
        rules: list[tuple[str, Sequence[float]]] = []
        if columns is not None:
            first = scores.copy()
            if preferred is not None:
                has_all = preferred[documents >> 6] >> (documents & 63).astype(np.uint64) & np.uint64(1)
                first /= 1 + criteria.preference * has_all
            refine(execution.address, *columns, documents, scores, first, look.feedback_share, look.coverage_power)
            said = self._feedback.factors(documents, scores, look.feedback_weight, columns, execution)
            if said:
                scores *= said
                rules.append(("feedback", said))
        titles = self._titles.titles(looked)
        matching = self._titles.factors(criteria.typed, titles, criteria.other_names)
        scores *= matching
        rules.append(("title_match", matching))
        for name, prior in self._priors.factors(looked):
            scores *= prior
            rules.append((name, prior))
        repeats: Mapping[int, int] = {}
        if criteria.diverse and look.repeated_title < 1:
            found = repetitions(
                titles, scores.tolist(), matching, look.repeated_title, lambda place: self._rank(looked[place])
            )
            if found is not None:
                scores *= found.factors
                rules.append(("repeats", found.factors))
                repeats = {looked[place]: looked[best] for place, best in found.best.items()}
        best = reordered(top, scores.tolist(), self._rank)
        return Refined(best, looked, tuple(rules), repeats, criteria.typed, look.title_match)


def _columns(criteria: Criteria, by_node: ClausesByNode, execution: Execution) -> WordColumns | None:
    return word_columns(criteria.aspects, by_node() if criteria.aspects else {}, execution.list_of)
