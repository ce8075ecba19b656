"""Feedback (`engines.feedback`) by the terms that hits have along; the cluster tells how frequent these are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from harbor_search.analysis import Analyzer
from harbor_search.engines.feedback import (
    FEWEST,
    factors,
    most_telling,
    stop_terms,
    voters_of,
    worth,
)
from harbor_search.engines.opensearch.requests import IndexRequests
from harbor_search.engines.opensearch.term_weights import TermWeights

__all__ = ["Feedback"]

_MOST_KNOWN = 65_536
"""Terms of which it is remembered what they are worth: some ten megabytes."""

Float64s = npt.NDArray[np.float64]


class Feedback:
    """Asks the first hits of an index's rankings. Threads may share it."""

    def __init__(self, requests: IndexRequests, analyzer: Analyzer, k1: float) -> None:
        self._requests, self._stops, self._k1 = requests, stop_terms(analyzer), k1
        self._worths: dict[bytes, float] = {}

    def factors(self, hits: Sequence[Mapping[str, Any]], scores: Float64s, weight: float) -> list[float]:
        """What the `scores` of hits count for what the first of them say; none where they say nothing.

        The hits have their terms along. That of which they say most gains `weight` of the best score. Terms that were
        not met before are looked up by one request.
        """
        if len(hits) < FEWEST:
            return []
        voters = voters_of(scores)
        documents = [TermWeights.of(hit) for hit in hits]
        numbers: dict[bytes, int] = {}
        found = [documents[place].numbered(numbers) for place in voters.places.tolist()]
        terms = list(numbers)

        def worths(wanted: npt.NDArray[np.int32]) -> Float64s:
            return np.array(self._worths_of([terms[number] for number in wanted.tolist()]))

        chosen = most_telling(found, voters.says, self._k1, worths, terms.__getitem__)
        if not chosen:
            return []
        weights = np.array([[document.weight(term) for document in documents] for term, _ in chosen])
        values = np.array([value for _, value in chosen])
        return factors(weights / (self._k1 + weights), values, voters, scores, weight)

    def _worths_of(self, terms: Sequence[bytes]) -> list[float]:
        """What each of some terms is worth."""
        known = {term: self._worths[term] for term in terms if term in self._worths}
        new = [term for term in terms if term not in known]
        if new:
            counted, articles = self._requests.document_frequencies([term.decode() for term in new], "body")
            learnt = {
                term: 0.0 if term in self._stops else worth(articles, df) for term, df in zip(new, counted, strict=True)
            }
            if len(self._worths) + len(learnt) > _MOST_KNOWN:
                self._worths.clear()
            self._worths.update(learnt)
            known |= learnt
        return [known[term] for term in terms]
