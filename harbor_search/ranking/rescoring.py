"""Refining: the best of a first ranking are weighed again, by what the whole of them tells about the query.

Two things are seen better in a few dozen good documents than in one document alone:

- *What a word of the query says.* In a long question some words name what it is about and others lead up to it. The
  best documents of the first ranking use the former; so the words are weighed by how much those use them, the more so
  the longer the query. This is the relevance model of V. Lavrenko and W. B. Croft (Relevance-based language models,
  SIGIR 2001) kept to the words of the query, interpolated with what was asked (RM3; N. Abdul-Jaleel et al., UMass at
  TREC 2004).
- *How much of the query a document covers.* A sum lets much of one word stand for others. The share of the query that
  a document has, weighed by what its words say, is a factor of its score (the coordination level of old, made soft).
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import kernel, part, total
from harbor_search.ranking.cursors import gallop, in_bitmap, in_row, place
from harbor_search.ranking.posting_lists import lists_at

__all__ = ["refine", "refine_impacts"]

_FEEDBACK = 10
"""Documents that tell what the words of the query say: the first page."""

_HALF = 20.0
"""Words of a query in which they have half of their `share` to say: of few words each was meant."""

_MOST_IMPACT = 0.99
"""Impacts are below 1; near it the frequency behind them is beyond all telling."""


@kernel
def refine(
    address, lists, factors, words, concepts, others, other_concepts, documents, scores, preferred, preference, share,
    power,
):  # fmt: skip
    """Multiply `scores` by what a second look at `documents` gives.

    A query has words (`lists` int64[n]: their posting lists; `factors` float64[n]: what an occurrence counts beside the
    idf; `words` int64[n], ascending from 0: which lists are the same word in other spellings), of which each belongs to
    a concept (`concepts` int64[words]). A document that has one of the lists `others` (int64[m]) has all of its concept
    (`other_concepts` int64[m]). `documents` (int64[k]) come with `scores` (float64[k]), the best first: the sums of
    what their words gave, that of those in the bitmap `preferred` (uint64[], empty for none) times 1 + `preference`.
    The first of them have up to `share` to say in what the words weigh, the more the longer the query; the share of the
    query that a document covers counts to the `power`.
    """
    found = lists_at(address)
    impacts = np.zeros((lists.size, documents.size))
    for i in range(lists.size):
        for j in range(documents.size):
            impacts[i, j] = _impact(found, lists[i], documents[j])
    had = np.zeros((others.size, documents.size), np.bool_)
    for i in range(others.size):
        for j in range(documents.size):
            had[i, j] = _impact(found, others[i], documents[j]) > 0
    idfs = np.empty(lists.size)
    for i in range(lists.size):
        idfs[i] = found.weights[lists[i]] / factors[i]
    first = scores.copy()
    for j in range(documents.size if preferred.size else 0):
        if in_bitmap(preferred, documents[j]):
            first[j] /= 1 + preference
    _weigh(impacts, had, idfs, factors, words, concepts, other_concepts, scores, first, share, power)


@kernel
def refine_impacts(impacts, had, idfs, factors, words, concepts, other_concepts, scores, first, share, power):
    """As `refine`, where posting lists are elsewhere.

    `impacts` (float64[n, k]) are those of the lists for the documents, `idfs` (float64[n]) what an impact of 1 scores,
    and `had` (bool[m, k]) says which documents have the others.
    """
    _weigh(impacts, had, idfs, factors, words, concepts, other_concepts, scores, first, share, power)


@part
def _weigh(impacts, had, idfs, factors, words, concepts, other_concepts, scores, first, share, power):
    """Multiply the scores by what the words weigh by the first documents, and by what each document covers."""
    gains = _gains(impacts, factors, concepts.size, scores, share)
    told = np.zeros(concepts.size)
    for i in range(words.size):
        told[words[i]] = max(told[words[i]], idfs[i] * factors[i])
    for j in range(scores.size):
        gain = 0.0
        for i in range(words.size):
            gain += gains[i] * idfs[i] * impacts[i, j]
        covered = _coverage(impacts[:, j], words, concepts, told, had[:, j], other_concepts)
        scores[j] *= max(0.0, 1.0 + gain / first[j]) * covered**power


@part
def _impact(found, number, document):
    """The impact of a list for a document, 0 where it is not in it."""
    row, start = found.bitmap[number], found.starts[number]
    if row >= 0:
        if not in_row(found.words, row, document):
            return np.float32(0)
        return found.impacts[start + place(found.words, found.counts, row, document)]
    at = gallop(found.documents, start, found.ends[number], document)
    return found.impacts[at] if at < found.ends[number] and found.documents[at] == document else np.float32(0)


@part
def _gains(impacts, factors, words, scores, most):
    """float64[n]: by how much the factors change by what the first documents use, which have at `most` that share."""
    used = np.zeros(factors.size)
    for i in range(factors.size):
        for j in range(min(_FEEDBACK, scores.size)):
            impact = min(impacts[i, j], _MOST_IMPACT)
            used[i] += factors[i] * scores[j] * impact / (1 - impact)
    used_in_all, asked = total(used), total(factors)
    share = most * words / (words + _HALF)
    gains = np.zeros(factors.size)
    if used_in_all > 0 and words > 1:
        for i in range(factors.size):
            gains[i] = share * (used[i] / used_in_all * asked - factors[i])
    return gains


@part
def _coverage(impacts, words, concepts, told, had, other_concepts):
    """The share of a query that a document has."""
    has = np.zeros(concepts.size, np.bool_)
    for i in range(words.size):
        has[words[i]] |= impacts[i] > 0
    for i in range(had.size):
        if had[i]:
            for word in range(concepts.size):
                has[word] |= concepts[word] == other_concepts[i]
    covered = 0.0
    for word in range(concepts.size):
        covered += told[word] * has[word]
    return covered / total(told) if covered > 0 else 1.0
