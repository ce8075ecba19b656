"""The best documents that have all of some words, and none of others: what most strict queries ask for.

The rarest word's list is walked, or the bitmaps are intersected where all words are common. Documents whose impacts
cannot bring them among the best are passed over before the other lists are asked for them.
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import bit_count, inlined, lowest_bit, part
from harbor_search.ranking.conjunction_bitmaps import halfway, intersected
from harbor_search.ranking.conjunction_count import count_required
from harbor_search.ranking.conjunction_score import find_in
from harbor_search.ranking.conjunction_terms import (
    BEHIND,
    COLUMN,
    END,
    NUMBER,
    POSTING,
    ROW,
    START,
    candidate,
    have_bitmaps,
    insert,
    know,
    rewind,
    weigh,
)
from harbor_search.ranking.cursors import contribution, gallop, place
from harbor_search.ranking.postings_cache import BLOCK, STEPS
from harbor_search.ranking.top_k_heap import key_of, push, score_of

__all__ = ["top_intersection"]

_COMMON = 64
"""The bitmaps are intersected where the rarest word has more than one document in this many."""

_TWICE = 1024
"""Postings from which on the rarest word's list is walked twice: its best ones first, for a threshold."""

_CROWD = 12
"""Matches in a word of bitmaps from which on columns are looked at: that costs as much as scoring a few."""

_ROUNDING = np.float32(1 - 2.0**-18)
"""What single-precision arithmetic can make of a bound, and more."""


@part
def top_intersection(lists, search, ids, excluded, scale, counting, k):  # type: ignore[no-untyped-def]
    """Find the best `k` documents that are in all lists `ids` and in none of `excluded` (int64[n] each).

    Other arguments and what is returned are those of `conjunction.top_required`.
    """
    known, n = search.known, ids.size
    for i in range(n):
        insert(lists, known, i, ids[i], True)
    weigh(lists, known, search.factors, n, scale)
    behind = n + excluded.size
    for i in range(excluded.size):
        know(lists, known, n + i, excluded[i], np.int64(0))
    length = known[0, END] - known[0, START]
    matches = count_required(lists, search, n, n, behind) if counting else np.int64(0)
    size, threshold = 0, np.int64(1)
    if k == 0:
        return size, matches
    if length * _COMMON > search.ranks.size and have_bitmaps(known, 0, n):
        return _intersect(lists, search, n, behind, k, threshold), matches
    # Of so many postings at least, the impacts that the best have are known (see `postings_cache.FLOORS`).
    best = np.float32(0)
    if length >= _TWICE and k <= 10:
        best = lists.floors[known[0, NUMBER], 1]
    for walk in range(2 if best > 0 else 1):
        least, below = (best, np.float32(np.inf)) if walk == 0 else (np.float32(0), best)
        size, threshold = _walk(lists, search, n, behind, k, size, threshold, least, below)
    return size, matches


@inlined
def _needed(threshold, known, factors, n):  # type: ignore[no-untyped-def]
    """The impact in the first list that a document must have to reach a threshold, all else being the best."""
    others = known[1, BEHIND] if n > 1 else np.int64(0)
    return np.float32((threshold - others - 1) / factors[0]) * _ROUNDING


@part
def _walk(lists, search, n, behind, k, size, threshold, least, below):  # type: ignore[no-untyped-def]
    """Walk the postings of the first of `n` lists whose impacts are at least `least` and below `below`.

    No match is in the lists from there up to `behind`. `size` keys are there already, and a document must reach
    `threshold`. Returns (how many keys there are, the threshold).
    """
    documents, impacts, maxima = lists.documents, lists.impacts, lists.maxima
    known, factors, keys = search.known, search.factors, search.keys[:k]
    rewind(known, 0, behind)
    needed = max(least, _needed(threshold, known, factors, n))
    at, end = known[0, START], known[0, END]
    while at < end:
        if at % BLOCK == 0 and maxima[at // BLOCK] < needed:
            at += BLOCK
            continue
        impact = impacts[at]
        if impact < needed or impact >= below:
            at += 1
            continue
        document = np.int64(documents[at])
        known[0, POSTING] = at
        at += 1
        following = candidate(lists, search, n, document)
        if following > document:
            at = gallop(documents, at, end, following)
            continue
        score = _score(lists, search, n, behind, document, threshold)
        if score >= threshold:
            size = push(keys, size, key_of(score, search.ranks[document]))
            if size == k:
                threshold = max(threshold, score_of(keys[0]))
                needed = max(least, _needed(threshold, known, factors, n))
    return size, threshold


@part
def _intersect(lists, search, n, behind, k, threshold):  # type: ignore[no-untyped-def]
    """Intersect the bitmaps, the parts first where documents can be worth most.

    Returns how many keys there are.
    """
    known, factors, keys = search.known, search.factors, search.keys[:k]
    columned = True
    most = np.zeros(lists.words.shape[1], np.float32)
    for j in range(n):
        columned &= known[j, COLUMN] >= 0
        factor, peak = factors[j], lists.peaks[known[j, ROW]]
        for i in range(most.size):
            most[i] += factor * np.float32(peak[i])
    promising = np.float32(halfway(most))
    size = 0
    for turn in range(2):
        limit = _limit(threshold, n)
        rewind(known, n, behind)
        for block in range(most.size):
            if (turn == 0) != (most[block] >= promising) or most[block] < limit:
                continue
            bits = intersected(lists, search, n, n, behind, block)
            if columned and bit_count(bits) >= _CROWD:
                bits &= _promising(lists, search, n, block, limit)
            while bits:
                document = (np.int64(block) << 6) + lowest_bit(bits)
                bits &= bits - np.uint64(1)
                score = _score(lists, search, n, behind, document, threshold)
                if score >= threshold:
                    size = push(keys, size, key_of(score, search.ranks[document]))
                    if size == k:
                        threshold = max(threshold, score_of(keys[0]))
                        limit = _limit(threshold, n)
    return size


@inlined
def _limit(threshold, n):  # type: ignore[no-untyped-def]
    """A threshold for sums of `n` impacts in 255ths."""
    return np.float32((threshold - n - 8) * (1 - 2.0**-16) * STEPS)


@part
def _promising(lists, search, n, block, limit):  # type: ignore[no-untyped-def]
    """The documents of a word of bitmaps whose impacts in 255ths add up to `limit`."""
    most = np.zeros(64, np.float32)
    for j in range(n):
        factor, column = search.factors[j], lists.columns[search.known[j, COLUMN], 64 * block : 64 * block + 64]
        for i in range(64):
            most[i] += factor * np.float32(column[i])
    bits = np.uint64(0)
    for i in range(64):
        bits |= np.uint64(most[i] >= limit) << np.uint64(i)
    return bits


@inlined
def _score(lists, search, n, behind, document, threshold):  # type: ignore[no-untyped-def]
    """The score of a document that all lists have; 0 where it is no match or does not reach `threshold`."""
    known, factors = search.known, search.factors
    score = np.int64(0)
    for j in range(n):
        if score + known[j, BEHIND] < threshold:
            return np.int64(0)
        if known[j, ROW] >= 0:
            known[j, POSTING] = known[j, START] + place(lists.words, lists.counts, known[j, ROW], document)
        score += contribution(factors[j], lists.impacts[known[j, POSTING]])
    if score >= threshold:
        for j in range(n, behind):
            if find_in(lists, known, j, document) >= 0:
                return np.int64(0)
    return score
