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
    COLUMN,
    END,
    NUMBER,
    POSTING,
    REMAINING,
    ROW,
    START,
    candidate,
    have_bitmaps,
    insert_term,
    rewind,
    set_bounds,
    set_term,
)
from harbor_search.ranking.crossovers import BITMAP_SHARE, CROWDED_WORD, ROUNDING, TWO_PASSES
from harbor_search.ranking.cursors import contribution, gallop, place
from harbor_search.ranking.posting_lists import BLOCK, STEPS
from harbor_search.ranking.top_k_heap import key_of, push, score_of

__all__ = ["top_intersection"]


@part
def top_intersection(lists, scratch, ids, excluded, scale, counting, k):
    """Find the best `k` documents that are in all lists `ids` and in none of `excluded` (int64[n] each).

    Other arguments and what is returned are those of `conjunction.top_required`.
    """
    terms, n = scratch.terms, ids.size
    for i in range(n):
        insert_term(lists, terms, i, ids[i], True)
    set_bounds(lists, terms, scratch.factors, n, scale)
    excluded_end = n + excluded.size
    for i in range(excluded.size):
        set_term(lists, terms, n + i, excluded[i], np.int64(0))
    length = terms[0, END] - terms[0, START]
    matches = count_required(lists, scratch, n, n, excluded_end) if counting else np.int64(0)
    size, threshold = 0, np.int64(1)
    if k == 0:
        return size, matches
    if length * BITMAP_SHARE > scratch.ranks.size and have_bitmaps(terms, 0, n):
        return _intersect(lists, scratch, n, excluded_end, k, threshold), matches
    # Of so many postings at least, the impacts that the best have are known (see `posting_lists.FLOORS`).
    best = np.float32(0)
    if length >= TWO_PASSES and k <= 10:
        best = lists.floors[terms[0, NUMBER], 1]
    for walk in range(2 if best > 0 else 1):
        least, below = (best, np.float32(np.inf)) if walk == 0 else (np.float32(0), best)
        size, threshold = _walk(lists, scratch, n, excluded_end, k, size, threshold, least, below)
    return size, matches


@inlined
def _needed(threshold, terms, factors, n):
    """The impact in the first list that a document must have to reach a threshold, all else being the best."""
    others = terms[1, REMAINING] if n > 1 else np.int64(0)
    return np.float32((threshold - others - 1) / factors[0]) * ROUNDING


@part
def _walk(lists, scratch, n, excluded_end, k, size, threshold, least, below):
    """Walk the postings of the first of `n` lists whose impacts are at least `least` and below `below`.

    No match is in the lists from there up to `excluded_end`. `size` keys are there already, and a document must reach
    `threshold`. Returns (how many keys there are, the threshold).
    """
    documents, impacts, maxima = lists.documents, lists.impacts, lists.maxima
    terms, factors, keys = scratch.terms, scratch.factors, scratch.keys[:k]
    rewind(terms, 0, excluded_end)
    needed = max(least, _needed(threshold, terms, factors, n))
    at, end = terms[0, START], terms[0, END]
    while at < end:
        if at % BLOCK == 0 and maxima[at // BLOCK] < needed:
            at += BLOCK
            continue
        impact = impacts[at]
        if impact < needed or impact >= below:
            at += 1
            continue
        document = np.int64(documents[at])
        terms[0, POSTING] = at
        at += 1
        following = candidate(lists, scratch, n, document)
        if following > document:
            at = gallop(documents, at, end, following)
            continue
        score = _score(lists, scratch, n, excluded_end, document, threshold)
        if score >= threshold:
            size = push(keys, size, key_of(score, scratch.ranks[document]))
            if size == k:
                threshold = max(threshold, score_of(keys[0]))
                needed = max(least, _needed(threshold, terms, factors, n))
    return size, threshold


@part
def _intersect(lists, scratch, n, excluded_end, k, threshold):
    """Intersect the bitmaps, the parts first where documents can be worth most.

    Returns how many keys there are.
    """
    terms, factors, keys = scratch.terms, scratch.factors, scratch.keys[:k]
    columned = True
    most = np.zeros(lists.words.shape[1], np.float32)
    for j in range(n):
        columned &= terms[j, COLUMN] >= 0
        factor, peak = factors[j], lists.peaks[terms[j, ROW]]
        for i in range(most.size):
            most[i] += factor * np.float32(peak[i])
    promising = np.float32(halfway(most))
    size = 0
    for turn in range(2):
        limit = _limit(threshold, n)
        rewind(terms, n, excluded_end)
        for block in range(most.size):
            if (turn == 0) != (most[block] >= promising) or most[block] < limit:
                continue
            bits = intersected(lists, scratch, n, n, excluded_end, block)
            if columned and bit_count(bits) >= CROWDED_WORD:
                bits &= _promising(lists, scratch, n, block, limit)
            while bits:
                document = (np.int64(block) << 6) + lowest_bit(bits)
                bits &= bits - np.uint64(1)
                score = _score(lists, scratch, n, excluded_end, document, threshold)
                if score >= threshold:
                    size = push(keys, size, key_of(score, scratch.ranks[document]))
                    if size == k:
                        threshold = max(threshold, score_of(keys[0]))
                        limit = _limit(threshold, n)
    return size


@inlined
def _limit(threshold, n):
    """A threshold for sums of `n` impacts in 255ths."""
    return np.float32((threshold - n - 8) * (1 - 2.0**-16) * STEPS)


@part
def _promising(lists, scratch, n, block, limit):
    """The documents of a word of bitmaps whose impacts in 255ths add up to `limit`."""
    most = np.zeros(64, np.float32)
    for j in range(n):
        factor, column = scratch.factors[j], lists.columns[scratch.terms[j, COLUMN], 64 * block : 64 * block + 64]
        for i in range(64):
            most[i] += factor * np.float32(column[i])
    bits = np.uint64(0)
    for i in range(64):
        bits |= np.uint64(most[i] >= limit) << np.uint64(i)
    return bits


@inlined
def _score(lists, scratch, n, excluded_end, document, threshold):
    """The score of a document that all lists have; 0 where it is no match or does not reach `threshold`."""
    terms, factors = scratch.terms, scratch.factors
    score = np.int64(0)
    for j in range(n):
        if score + terms[j, REMAINING] < threshold:
            return np.int64(0)
        if terms[j, ROW] >= 0:
            terms[j, POSTING] = terms[j, START] + place(lists.words, lists.counts, terms[j, ROW], document)
        score += contribution(factors[j], lists.impacts[terms[j, POSTING]])
    if score >= threshold:
        for j in range(n, excluded_end):
            if find_in(lists, terms, j, document) >= 0:
                return np.int64(0)
    return score
