"""Feedback (`engines.feedback`) by the terms that hits have along; the cluster tells how frequent these are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from harbor_search.analysis import Analyzer
from harbor_search.engines.clauses import Term
from harbor_search.engines.feedback import (
    FEWEST,
    factors,
    most_telling,
    stop_terms,
    voters_of,
    worth,
)
from harbor_search.engines.opensearch.mapping import LENGTHS
from harbor_search.engines.opensearch.requests import IndexRequests
from harbor_search.engines.opensearch.term_weights import FIELD, TermWeights
from harbor_search.engines.opensearch.weighting import Weighting

__all__ = ["FIELDS", "Feedback"]

FIELDS = (FIELD, LENGTHS["title"], LENGTHS["body"])
"""What hits have to have along for it."""

_MOST_KNOWN = 65_536
"""Terms of which it is remembered what they are worth: some ten megabytes."""

Float64s = npt.NDArray[np.float64]


class Feedback:
    """Asks the first hits of an index's rankings. Threads may share it."""

    def __init__(self, requests: IndexRequests, analyzer: Analyzer, weighting: Weighting, articles: int) -> None:
        """`articles` is how many the index has."""
        self._requests, self._stops, self._weighting = requests, stop_terms(analyzer), weighting
        self._articles = articles
        self._worths: dict[bytes, float] = {}

    def factors(self, hits: Sequence[Mapping[str, Any]], scores: Float64s, weight: float) -> list[float]:
        """What the `scores` of hits count for what the first of them say; none where they say nothing.

        The hits have along their terms (`FIELDS`). That of which they say most gains `weight` of the best score. Terms
        that were not met before are looked up by one request.
        """
        if len(hits) < FEWEST:
            return []
        voters, k1 = voters_of(scores), self._weighting.k1
        documents = [TermWeights.of(hit) for hit in hits]
        numbers: dict[bytes, int] = {}
        places = voters.places.tolist()
        found = [documents[place].numbered(numbers, *self._norms(hits[place])) for place in places]
        terms = list(numbers)

        def worths(wanted: npt.NDArray[np.int32]) -> Float64s:
            return np.array(self._worths_of([terms[number] for number in wanted.tolist()]))

        chosen = most_telling(found, voters.says, k1, worths, terms.__getitem__)
        if not chosen:
            return []
        weights = np.array([[document.weight(term) for document in documents] for term, _ in chosen])
        values = np.array([value for _, value in chosen])
        return factors(weights / (k1 + weights), values, voters, scores, weight)

    def _norms(self, hit: Mapping[str, Any]) -> Iterator[float]:
        """What an occurrence counts in the title of a hit, and in its text."""
        return (self._weighting.norms[name].of(int(hit["fields"][LENGTHS[name]][0])) for name in ("title", "body"))

    def _worths_of(self, terms: Sequence[bytes]) -> list[float]:
        """What each of some terms is worth."""
        known = {term: self._worths[term] for term in terms if term in self._worths}
        new = [term for term in terms if term not in known]
        if new:
            counted = self._requests.document_frequencies([Term(term, "body") for term in new])
            learnt = {
                term: 0.0 if term in self._stops else worth(self._articles, df)
                for term, df in zip(new, counted, strict=True)
            }
            if len(self._worths) + len(learnt) > _MOST_KNOWN:
                self._worths.clear()
            self._worths.update(learnt)
            known |= learnt
        return [known[term] for term in terms]
