"""Feedback: the first documents of a ranking say what else the query is about, and the best are ordered by that too.

Words that several of the first documents use, and few others, are what a relevance model has beside the words of the
query (V. Lavrenko, W. B. Croft: Relevance-based language models, SIGIR 2001; with the query itself: RM3, N.
Abdul-Jaleel et al., TREC 2004). Here they find nothing: they put in order what the query found. And a document has no
say about itself, or each would confirm the place that it has.

This is what is the same whatever holds the index; engines bring the words of documents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harbor_search.analysis import Analyzer
from harbor_search.analysis.stopwords import all_stop_words
from harbor_search.engines.rescoring import WordColumns
from harbor_search.ranking import idf

__all__ = [
    "FEWEST",
    "LEAST_SHARED",
    "DocumentTerms",
    "Voters",
    "best_terms",
    "factors",
    "leading_texts",
    "most_telling",
    "stop_terms",
    "voters_of",
    "wanted",
    "worth",
]

_FIRST = 10
"""Documents that are listened to: the first page."""

FEWEST = 3
"""Documents of which the order may change: two agree about anything."""

_WORDS = 10
"""Words that are taken from them. With 8 to 30 the measure is about the same, and each costs the reading of a list."""

LEAST_SHARED = 2
"""Documents among the first that have such a word: what one alone has is its own subject."""

_MOST_FREQUENT = 0.2
"""Share of all documents that have it at most: what every fifth has tells little, and its list is long."""

_MANY = 10
"""Words of a query, beside those that only ask, that need not all stand in a document that is about it."""

_MOST_BYTES = 10_000
"""Of the text of a document that are looked at: what it is about has been said by then."""

_LEAST_TELLING = float(np.finfo(np.float64).tiny)
"""What a word must tell at least, to tell anything."""

_ASKING = 0.25
"""Of what the most telling word says, up to which a word only asks."""

Float64s = npt.NDArray[np.float64]
Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]


class DocumentTerms(NamedTuple):
    """The terms of a document by their numbers (int32, each once), and their weighted frequencies (float64) in it."""

    terms: Int32s
    weights: Float64s


class Voters(NamedTuple):
    """The places of the documents that are listened to, best first, and what each has to say of 1 (float64)."""

    places: Int64s
    says: Float64s


def voters_of(scores: Float64s) -> Voters:
    """Those among documents with these scores, which are above 0."""
    places = np.argsort(-scores, kind="stable")[:_FIRST]
    return Voters(places, scores[places] / scores[places].sum())


def wanted(query: WordColumns, weights: Float64s) -> Int64s | None:
    """The lists of which the first documents must have one, to know more about a query; none where they need not, None
    where they cannot.

    One that names one thing has said it. One of few words is about the most telling of them, so that what has only the
    others leads away. `weights` (float64[lists of the query]) are what an impact of 1 scores.
    """
    # Of a handful of words; arrays would take longer to make than this takes.
    concepts, words = query.concepts.tolist(), query.words.tolist()
    if len(set(concepts)) == 1:
        return None
    tell = [0.0] * len(concepts)
    for word, weight in zip(words, weights.tolist(), strict=True):
        tell[word] = max(tell[word], weight)
    most = max(tell)
    if sum(each > _ASKING * most for each in tell) >= _MANY:
        return np.empty(0, np.int64)
    telling = tell.index(most)
    own = [each for each, word in zip(query.lists.tolist(), words, strict=True) if word == telling]
    others = zip(query.others.tolist(), query.other_concepts.tolist(), strict=True)
    return np.array([*own, *(each for each, concept in others if concept == concepts[telling])], np.int64)


def leading_texts(title: bytes, texts: Iterable[bytes]) -> list[bytes]:
    """What is looked at of a document, in UTF-8: its title, and of its headings and texts as many as are read first."""
    parts = [_cut(title, _MOST_BYTES)]
    room = _MOST_BYTES
    for text in texts:
        parts.append(_cut(text, room))
        room -= len(text)
        if room <= 0:
            break
    return parts


def _cut(text: bytes, most: int) -> bytes:
    """At most so many bytes of a text in UTF-8; no half characters. Half a word is no word of other documents."""
    return text if len(text) <= most else text[:most].decode("utf-8", "ignore").encode()


@lru_cache(maxsize=16)
def stop_terms(analyzer: Analyzer) -> frozenset[bytes]:
    """The terms of the function words of a collection's languages, which are no words to go by."""
    return frozenset(map(str.encode, analyzer.terms(sorted(all_stop_words(analyzer.name).words))))


def worth(articles: int, df: int) -> float:
    """What a term that `df` of all articles have is worth: its inverse document frequency, 0 where it tells little."""
    return idf(articles, df) if 0 < df <= _MOST_FREQUENT * articles else 0.0


def most_telling(
    found: Sequence[DocumentTerms],
    says: Float64s,
    k1: float,
    worths: Callable[[Int32s], Float64s],
    text: Callable[[int], bytes],
) -> list[tuple[bytes, float]]:
    """The terms that say most of what the voters are about, whose terms were `found`, and what each is worth.

    `worths` (float64[terms]) and `text` tell about terms by their numbers.
    """
    used = [each.weights / (k1 + each.weights) * say for each, say in zip(found, says.tolist(), strict=True)]
    terms, places = np.unique(np.concatenate([each.terms for each in found]), return_inverse=True)
    shared = np.bincount(places) >= LEAST_SHARED
    uses = np.bincount(places, np.concatenate(used)).astype(np.float64)[shared]
    return best_terms(terms[shared], uses, worths, text)


def best_terms(
    terms: Int32s, uses: Float64s, worths: Callable[[Int32s], Float64s], text: Callable[[int], bytes]
) -> list[tuple[bytes, float]]:
    """As `most_telling`, of terms that several voters have and use so much (float64[terms])."""
    values = worths(terms)
    telling = uses * values
    # All that are as good as the last that is taken, so that it does not matter in which order they were met.
    most = np.sort(telling)[-_WORDS:].tolist()
    places = (telling >= max(most[0], _LEAST_TELLING)).nonzero()[0] if most else []
    told = zip(telling[places].tolist(), terms[places].tolist(), values[places].tolist(), strict=True)
    best = [(-each, text(number), value) for each, number, value in told]
    return [(term, value) for _, term, value in sorted(best)[:_WORDS]]


def factors(impacts: Float64s, worths: Float64s, voters: Voters, scores: Float64s, weight: float) -> list[float]:
    """What the `scores` of documents count for having what the voters among them use; none where that is nothing.

    `impacts` (float64[terms, documents]) are those of the most telling terms, `worths` (float64[terms]) what these are
    worth. The document that has most of them gains `weight` of the best score.
    """
    gains = _gains(impacts, worths, voters)
    most = gains.max()
    if most <= 0:
        return []
    found: list[float] = (1 + weight * scores.max() * gains / most / scores).tolist()
    return found


def _gains(impacts: Float64s, worths: Float64s, voters: Voters) -> Float64s:
    """float64[documents]: how much documents have of what the voters use, each without its own say."""
    places, says = voters
    uses = np.repeat((impacts[:, places] @ says)[:, None], impacts.shape[1], axis=1)
    uses[:, places] = np.maximum(uses[:, places] - impacts[:, places] * says, 0.0) / (1 - says)
    gains: Float64s = (impacts * uses * worths[:, None]).sum(axis=0)
    return gains
