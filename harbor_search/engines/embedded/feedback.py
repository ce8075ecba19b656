"""Feedback: the first documents of a ranking say what else the query is about, and the best are ordered by that too.

Words that several of the first documents use, and few others, are what a relevance model has beside the words of the
query (V. Lavrenko, W. B. Croft: Relevance-based language models, SIGIR 2001; with the query itself: RM3, N.
Abdul-Jaleel et al., TREC 2004). Here they find nothing: they put in order what the query found. And a document has no
say about itself, or each would confirm the place that it has.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from harbor_search.analysis.stopwords import all_stop_words
from harbor_search.engines.embedded.document_words import DocumentWords, Words
from harbor_search.engines.embedded.query_execution import Execution
from harbor_search.engines.embedded.snapshot import Snapshot
from harbor_search.engines.embedded.term_loader import TermLoader
from harbor_search.engines.second_look import WordColumns
from harbor_search.ranking import idf
from harbor_search.store import DecodedBlocks

__all__ = ["Feedback"]

_FIRST = 10
"""Documents that are listened to: the first page."""

_FEWEST = 3
"""Documents of which the order may change: two agree about anything."""

_WORDS = 10
"""Words that are taken from them. With 8 to 30 the measure is about the same, and each costs the reading of a list."""

_LEAST_SHARED = 2
"""Documents among the first that have such a word: what one alone has is its own subject."""

_MOST_FREQUENT = 0.2
"""Share of all documents that have it at most: what every fifth has tells little, and its list is long."""

_MANY = 10
"""Words of a query, beside those that only ask, that need not all stand in a document that is about it."""

_ASKING = 0.25
"""Of what the most telling word says, up to which a word only asks."""

_MOST_KNOWN = 1_024
"""Rankings of which it is remembered what their first documents say, two kilobytes each: readers turn pages."""

Float64s = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]


class Feedback:
    """Asks the first documents of a snapshot's rankings. Hold its lock."""

    def __init__(self, snapshot: Snapshot, terms: TermLoader, blocks: DecodedBlocks) -> None:
        """`blocks` keeps articles that were uncompressed."""
        self._snapshot, self._terms = snapshot, terms
        # No method of its own: in a circle, a generation that is not live any more would stay open.
        self._words = DocumentWords(snapshot, blocks, _Worth(snapshot))
        self._known: dict[tuple[bytes, bytes, float], list[float]] = {}

    def factors(
        self,
        documents: npt.NDArray[np.int64],
        scores: Float64s,
        weight: float,
        query: WordColumns,
        execution: Execution,
    ) -> list[float]:
        """What the scores of documents count for what the first of them say; none where they say nothing.

        That of which they say most gains `weight` of the best score. `query` has the words that were executed.

        Raises:
            OperationalError: a file is damaged.
        """
        wanted = execution.once("wanted of the first", partial(_wanted, query, execution))
        if documents.size < _FEWEST or not weight or wanted is None:
            return []
        voters = np.argsort(-scores, kind="stable")[:_FIRST]
        if wanted.size and sum(map(any, execution.having(wanted, documents[voters].tolist()))) < _LEAST_SHARED:
            return []
        asked = documents.tobytes(), scores.tobytes(), weight
        known = self._known.get(asked)
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            known = self._known[asked] = self._said(documents, scores, weight, voters)
        return known

    def _said(
        self, documents: npt.NDArray[np.int64], scores: Float64s, weight: float, voters: npt.NDArray[np.int64]
    ) -> list[float]:
        """As `factors`, by the documents at the places `voters`."""
        says = scores[voters] / scores[voters].sum()
        chosen = self._chosen(self._words.of(documents[voters].tolist()), says)
        if not chosen:
            return []
        impacts = np.array([self._terms.impacts(term, documents) for term, _ in chosen])
        gains = _gains(impacts, np.array([value for _, value in chosen]), voters, says)
        if gains.max() <= 0:
            return []
        found: list[float] = (1 + weight * scores.max() * gains / gains.max() / scores).tolist()
        return found

    def _chosen(self, found: Sequence[Words], says: Float64s) -> list[tuple[bytes, float]]:
        """The terms that say most of what these documents are about, with their inverse document frequencies."""
        k1 = self._snapshot.model.k1
        used = [each.weights / (k1 + each.weights) * say for each, say in zip(found, says.tolist(), strict=True)]
        terms, places = np.unique(np.concatenate([each.terms for each in found]), return_inverse=True)
        shared = np.bincount(places) >= _LEAST_SHARED
        uses = np.bincount(places, np.concatenate(used))[shared]
        terms = terms[shared]
        idfs = self._words.values(terms)
        telling = uses * idfs
        # All that are as good as the last that is taken, so that it does not matter in which order they were met.
        least = max(np.sort(telling)[-_WORDS:].min(initial=np.inf), np.finfo(np.float64).tiny)
        best = [(-telling[i], self._words.text(terms[i]), float(idfs[i])) for i in np.flatnonzero(telling >= least)]
        return [(text, value) for _, text, value in sorted(best)[:_WORDS]]


class _Worth:
    """What terms of a snapshot are worth: their inverse document frequencies, 0 where a term is no word to go by."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        words = all_stop_words(snapshot.analyzer.name).words
        self._stops = frozenset(map(str.encode, snapshot.analyzer.terms(sorted(words))))

    def __call__(self, terms: Sequence[bytes]) -> list[float]:
        """That of each of some terms.

        Raises:
            OperationalError: a list is damaged.
        """
        counts = self._snapshot.document_frequencies(terms, "body").tolist()
        return [self._of(term, df) for term, df in zip(terms, counts, strict=True)]

    def _of(self, term: bytes, df: int) -> float:
        articles = self._snapshot.articles
        telling = 0 < df <= _MOST_FREQUENT * articles and term not in self._stops
        return idf(articles, df) if telling else 0.0


def _wanted(query: WordColumns, execution: Execution) -> Int64s | None:
    """The lists of which the first documents must have one, to know more about a query; none where they need not, None
    where they cannot.

    One that names one thing has said it. One of few words is about the most telling of them, so that what has only the
    others leads away.
    """
    if query.concepts.min() == query.concepts.max():
        return None
    tell = np.zeros(query.concepts.size)
    np.maximum.at(tell, query.words, execution.weights(query.lists))
    if np.count_nonzero(tell > _ASKING * tell.max()) >= _MANY:
        return np.empty(0, np.int64)
    word = tell.argmax()
    return np.concatenate(
        [query.lists[query.words == word], query.others[query.other_concepts == query.concepts[word]]]
    )


def _gains(impacts: Float64s, idfs: Float64s, voters: npt.NDArray[np.int64], says: Float64s) -> Float64s:
    """float64[documents]: how much documents have of what the voters among them use, each without its own say.

    `impacts` is float64[terms, documents], `says` (float64[voters]) what each voter has to say of 1.
    """
    uses = np.repeat((impacts[:, voters] @ says)[:, None], impacts.shape[1], axis=1)
    uses[:, voters] = np.maximum(uses[:, voters] - impacts[:, voters] * says, 0.0) / (1 - says)
    gains: Float64s = (impacts * uses * idfs[:, None]).sum(axis=0)
    return gains
