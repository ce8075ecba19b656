"""Feedback (`engines.feedback`) by the stored texts of a snapshot's first documents and by its posting lists."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from harbor_search.engines.embedded.document_words import DocumentWords
from harbor_search.engines.embedded.impacts import impacts
from harbor_search.engines.embedded.query_words import QueryWords, membership
from harbor_search.engines.embedded.snapshot import Snapshot, is_in
from harbor_search.engines.feedback import (
    FEWEST,
    LEAST_SHARED,
    Voters,
    best_terms,
    factors,
    stop_terms,
    voters_of,
    wanted,
    worth,
)
from harbor_search.store import BlockCache

__all__ = ["Feedback", "words_of_documents"]

_LEARNT = 64
"""Documents whose words are learnt before anybody asks: most words of others are among them. Takes some 20 ms."""

_MOST_KNOWN = 1_024
"""Rankings of which it is remembered what their first documents say, two kilobytes each: readers turn pages."""

Float64s = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]


class Feedback:
    """Asks the first documents of a snapshot's rankings. Hold its lock."""

    def __init__(self, snapshot: Snapshot, words: DocumentWords) -> None:
        self._snapshot, self._words = snapshot, words
        self._known: dict[tuple[bytes, bytes, float], list[float]] = {}

    def rescored(self, snapshot: Snapshot) -> Feedback:
        """The same for the same documents under another scoring function."""
        return Feedback(snapshot, self._words)

    def prepare(self) -> None:
        """Load the kernels, and learn the words of some documents.

        Raises:
            OperationalError: a file is damaged.
        """
        snapshot = self._snapshot
        spread = np.linspace(0, max(snapshot.count - 1, 0), min(_LEARNT, snapshot.count)).astype(np.int64)
        documents = np.array([each for each in spread.tolist() if snapshot.live is None or is_in(each, snapshot.live)])
        if documents.size:
            chosen = self._chosen(documents, np.full(documents.size, 1 / documents.size))
            impacts(snapshot, [term for term, _ in chosen] or [b"a"], documents)

    def telling(self, words: QueryWords) -> Int64s | None:
        """The lists of a query of which its first documents must have one to say something (`engines.feedback.wanted`);
        None where they have nothing to say."""
        return None if words.columns is None or words.weights is None else wanted(words.columns, words.weights)

    def factors(
        self, documents: Int64s, scores: Float64s, weight: float, words: QueryWords, telling: Int64s | None
    ) -> list[float]:
        """What the scores of documents count for what the first of them say; none where they say nothing.

        That of which they say most gains `weight` of the best score. `words` are those of the query, which is about
        those that are `telling`.

        Raises:
            OperationalError: a file is damaged.
        """
        if documents.size < FEWEST or not weight or telling is None:
            return []
        voters = voters_of(scores)
        if telling.size and sum(map(any, membership(words, telling, documents[voters.places].tolist()))) < LEAST_SHARED:
            return []
        asked = documents.tobytes(), scores.tobytes(), weight
        known = self._known.get(asked)
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            known = self._known[asked] = self._said(documents, scores, weight, voters)
        return known

    def _said(self, documents: Int64s, scores: Float64s, weight: float, voters: Voters) -> list[float]:
        chosen = self._chosen(documents[voters.places], voters.says)
        if not chosen:
            return []
        found = impacts(self._snapshot, [term for term, _ in chosen], documents)
        return factors(found, np.array([value for _, value in chosen]), voters, scores, weight)

    def _chosen(self, documents: Int64s, says: Float64s) -> list[tuple[bytes, float]]:
        words, model, norms = self._words, self._snapshot.model, self._snapshot.norms
        counted = np.array([norms["title"][documents], norms["body"][documents]], np.float64)
        found = words.shared(documents.tolist(), counted, model.k1, says, LEAST_SHARED)
        return best_terms(*found, words.values, words.text)


def words_of_documents(snapshot: Snapshot, blocks: BlockCache) -> DocumentWords:
    """The words of a snapshot's documents and what they are worth; `blocks` keeps articles that were uncompressed."""
    # No method of an object that has them: in a circle, a generation that is not live any more would stay open.
    return DocumentWords(snapshot, blocks, _Worth(snapshot))


class _Worth:
    """What terms of a snapshot are worth, 0 where a term is no word to go by."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._stops = stop_terms(snapshot.analyzer)

    def __call__(self, terms: Sequence[bytes]) -> list[float]:
        """That of each of some terms.

        Raises:
            OperationalError: a list is damaged.
        """
        articles, counts = self._snapshot.articles, self._snapshot.document_frequencies(terms, ("body",)).tolist()
        return [0.0 if term in self._stops else worth(articles, df) for term, df in zip(terms, counts, strict=True)]
