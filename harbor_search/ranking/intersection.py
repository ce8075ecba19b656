"""The best documents that have all of some words, and none of others: what most strict queries ask for.

The rarest word's list is walked, or the bitmaps are intersected where all words are common. Documents whose impacts
cannot bring them among the best are passed over before the other lists are asked for them.
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import bit_count, copy_values, inlined, lowest_bit, part
from harbor_search.ranking.arena import BLOCK, STEPS
from harbor_search.ranking.counting import count_required
from harbor_search.ranking.heap import key_of, push, score_of
from harbor_search.ranking.lookup import contribution, gallop, in_mask, in_row, place
from harbor_search.ranking.required_bitmaps import halfway, intersected
from harbor_search.ranking.required_score import find_in
from harbor_search.ranking.requirement import (
    BEHIND,
    COLUMN,
    CURSOR,
    END,
    NUMBER,
    POSTING,
    ROW,
    START,
    have_bitmaps,
    know,
    rewind,
)

__all__ = ["top_intersection"]

_COMMON = 16
"""The bitmaps are intersected where the rarest word has more than one document in this many."""

_TWICE = 1024
"""Postings from which on the rarest word's list is walked twice: its best ones first, for a threshold."""

_CROWD = 12
"""Matches in a word of bitmaps from which on columns are looked at: that costs as much as scoring a few."""

_ROUNDING = np.float32(1 - 2.0**-18)
"""What single-precision arithmetic can make of a bound, and more."""


@part
def top_intersection(lists, ids, excluded, scale, ranks, mask, counting, keys, room, room_for_factors):  # type: ignore[no-untyped-def]
    """Find the best `keys.size` documents that are in all lists `ids` and in none of `excluded` (int64[n] each).

    `room`, int64[lists, WIDTH], and `room_for_factors`, float32[lists], are for notes: to allocate that much would cost
    as much as many a query. Other arguments and what is returned are those of `required.top_required`.
    """
    known, factors = room[: ids.size], room_for_factors[: ids.size]
    barred = room[ids.size : ids.size + excluded.size]
    _prepare(lists, ids, scale, known, factors)
    for j in range(excluded.size):
        know(lists, barred, j, excluded[j], 0)
    length = known[0, END] - known[0, START]
    matches = count_required(lists, known, barred, mask) if counting else np.int64(0)
    size, threshold = 0, np.int64(1)
    if keys.size == 0:
        return size, matches
    if length * _COMMON > ranks.size and have_bitmaps(known):
        return _intersect(lists, known, factors, barred, ranks, mask, keys, threshold), matches
    # Of so many postings at least, the impacts that the best have are known (see `arena.FLOORS`).
    best = np.float32(0)
    if length >= _TWICE and keys.size <= 10:
        best = lists.floors[known[0, NUMBER], 1]
    for walk in range(2 if best > 0 else 1):
        least, below = (best, np.float32(np.inf)) if walk == 0 else (np.float32(0), best)
        size, threshold = _walk(lists, known, factors, barred, ranks, mask, keys, size, threshold, least, below)
    return size, matches


@inlined
def _prepare(lists, ids, scale, known, factors):  # type: ignore[no-untyped-def]
    """Note what is known of each list, shortest first, and whole units of its impacts of one."""
    for i in range(ids.size):
        size = lists.ends[ids[i]] - lists.starts[ids[i]]
        j = i
        while j > 0 and known[j - 1, END] - known[j - 1, START] > size:
            copy_values(known[j - 1], known[j])
            j -= 1
        know(lists, known, j, ids[i], 0)
    behind = np.int64(0)
    for j in range(ids.size - 1, -1, -1):
        number = known[j, NUMBER]
        factors[j] = lists.weights[number] * scale
        behind += contribution(factors[j], lists.highest[number])
        known[j, BEHIND] = behind


@inlined
def _needed(threshold, known, factors):  # type: ignore[no-untyped-def]
    """The impact in the first list that a document must have to reach a threshold, all else being the best."""
    behind = known[1, BEHIND] if factors.size > 1 else np.int64(0)
    return np.float32((threshold - behind - 1) / factors[0]) * _ROUNDING


@part
def _walk(lists, known, factors, barred, ranks, mask, keys, size, threshold, least, below):  # type: ignore[no-untyped-def]
    """Walk the postings of the first list whose impacts are at least `least` and below `below`.

    `size` keys are there already, and a document must reach `threshold`. Returns (how many keys there are, the
    threshold).
    """
    documents, impacts, words, counts, maxima = lists.documents, lists.impacts, lists.words, lists.counts, lists.maxima
    n = factors.size
    rewind(known)
    rewind(barred)
    needed = max(least, _needed(threshold, known, factors))
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
        found = in_mask(mask, document)
        j = 1
        while found and j < n:
            row = known[j, ROW]
            if row >= 0:
                found = in_row(words, row, document)
            else:
                other = gallop(documents, known[j, CURSOR], known[j, END], document)
                known[j, CURSOR] = known[j, POSTING] = other
                if other == known[j, END]:
                    return size, threshold
                if documents[other] != document:
                    # Catch up with the list that is ahead.
                    at = gallop(documents, at, end, documents[other])
                    found = False
            j += 1
        if found:
            score = _score(documents, impacts, words, counts, known, factors, barred, document, threshold)
            if score >= threshold:
                size = push(keys, size, key_of(score, ranks[document]))
                if size == keys.size:
                    threshold = max(threshold, score_of(keys[0]))
                    needed = max(least, _needed(threshold, known, factors))
    return size, threshold


@part
def _intersect(lists, known, factors, barred, ranks, mask, keys, threshold):  # type: ignore[no-untyped-def]
    """Intersect the bitmaps, the parts first where documents can be worth most.

    Returns how many keys there are.
    """
    documents, impacts, words, counts = lists.documents, lists.impacts, lists.words, lists.counts
    n = factors.size
    columned = True
    most = np.zeros(words.shape[1], np.float32)
    for j in range(n):
        columned &= known[j, COLUMN] >= 0
        peak = lists.peaks[known[j, ROW]]
        for i in range(most.size):
            most[i] += factors[j] * np.float32(peak[i])
    promising = np.float32(halfway(most))
    size = 0
    for turn in range(2):
        limit = _limit(threshold, n)
        rewind(barred)
        for block in range(words.shape[1]):
            if (turn == 0) != (most[block] >= promising) or most[block] < limit:
                continue
            bits = intersected(words, known, barred, mask, block)
            if columned and bit_count(bits) >= _CROWD:
                bits &= _promising(lists.columns, known, factors, block, limit)
            while bits:
                document = (np.int64(block) << 6) + lowest_bit(bits)
                bits &= bits - np.uint64(1)
                score = _score(documents, impacts, words, counts, known, factors, barred, document, threshold)
                if score >= threshold:
                    size = push(keys, size, key_of(score, ranks[document]))
                    if size == keys.size:
                        threshold = max(threshold, score_of(keys[0]))
                        limit = _limit(threshold, n)
    return size


@inlined
def _limit(threshold, n):  # type: ignore[no-untyped-def]
    """A threshold for sums of `n` impacts in 255ths."""
    return np.float32((threshold - n - 8) * (1 - 2.0**-16) * STEPS)


@part
def _promising(columns, known, factors, block, limit):  # type: ignore[no-untyped-def]
    """The documents of a word of bitmaps whose impacts in 255ths add up to `limit`."""
    most = np.zeros(64, np.float32)
    for j in range(factors.size):
        column = columns[known[j, COLUMN], 64 * block : 64 * block + 64]
        for i in range(64):
            most[i] += factors[j] * np.float32(column[i])
    bits = np.uint64(0)
    for i in range(64):
        bits |= np.uint64(most[i] >= limit) << np.uint64(i)
    return bits


@inlined
def _score(documents, impacts, words, counts, known, factors, barred, document, threshold):  # type: ignore[no-untyped-def]
    """The score of a document that all lists have; 0 where it is no match or does not reach `threshold`."""
    score = np.int64(0)
    for j in range(factors.size):
        if score + known[j, BEHIND] < threshold:
            return np.int64(0)
        if known[j, ROW] >= 0:
            known[j, POSTING] = known[j, START] + place(words, counts, known[j, ROW], document)
        score += contribution(factors[j], impacts[known[j, POSTING]])
    if score >= threshold:
        for j in range(barred.shape[0]):
            if find_in(documents, words, counts, barred, j, document) >= 0:
                return np.int64(0)
    return score
