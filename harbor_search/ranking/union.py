"""The best documents that have any of some terms.

MaxScore (H. Turtle, J. Flood: Query Evaluation: Strategies and Optimizations, 1995) over windows of documents: lists
whose terms cannot together lift a document over the threshold are not walked but only looked up in. The threshold
starts at what is known before the first posting: the k-th highest contribution of each single term. Where one list is
left to walk, blocks whose maximum is too low are skipped (S. Ding, T. Suel: Faster Top-k Document Retrieval Using
Block-Max Indexes, SIGIR 2011).
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import inlined, kernel
from harbor_search.ranking.arena import BLOCK, FLOORS
from harbor_search.ranking.heap import key_of, push, score_of
from harbor_search.ranking.lookup import contribution, gallop, in_mask, in_row, place

__all__ = ["WINDOW", "top_union"]

WINDOW = 8192
"""Documents a window: its accumulators stay in the first-level cache."""


@kernel
def _floor(lists, ids, weights, bounding, k):  # type: ignore[no-untyped-def]
    """A score that at least k documents reach, by the first `bounding` lists."""
    floor = np.int64(1)
    for column in range(len(FLOORS)):
        if FLOORS[column] >= k:
            for i in range(bounding):
                floor = max(floor, contribution(weights[i], lists.floors[ids[i], column]))
            break
    return floor


@kernel
def top_union(lists, ids, scale, bounding, ranks, mask, accumulators, candidates, keys):  # type: ignore[no-untyped-def]
    """Find the best `keys.size` documents.

    Args:
        lists: the arena's arrays.
        ids: int64[n], the lists.
        scale: whole units of a score of one.
        bounding: how many lists, from the first on, have no document that `mask` forbids: what is known of the k-th
            best in one of them bounds the k-th best of all.
        ranks: int32[documents], each document's place in the order of article ids.
        mask: uint64 words of the documents allowed, or empty for all.
        accumulators: int32[at least documents], zero, and zero again afterwards.
        candidates: int32[WINDOW], room to work.
        keys: int64[k], receives a heap of keys (see `heap`).

    Returns how many keys there are.
    """
    documents, impacts, words, counts = lists.documents, lists.impacts, lists.words, lists.counts
    n = ids.size
    weights = np.empty(n, np.float32)
    for i in range(n):
        weights[i] = lists.weights[ids[i]] * scale
    order, bounds = _by_bound(lists, ids, weights)
    sums = np.zeros(n + 1, np.int64)
    factors = weights[order]
    starts, ends, rows = lists.starts[ids[order]], lists.ends[ids[order]], lists.bitmap[ids[order]]
    cursors = starts.copy()
    for i in range(n):
        sums[i + 1] = sums[i] + bounds[order[i]]
    threshold = _floor(lists, ids, weights, bounding, keys.size)
    first = 0
    while first < n - 1 and sums[first + 1] < threshold:
        first += 1
    size = 0
    while first < n - 1:
        lowest = np.int64(ranks.size)
        for i in range(first, n):
            if cursors[i] < ends[i]:
                lowest = min(lowest, np.int64(documents[cursors[i]]))
        if lowest >= ranks.size:
            return size
        for i in range(first):
            # Candidates of a window come in no order, so the cursors for look-ups stay at its beginning.
            if rows[i] < 0:
                cursors[i] = gallop(documents, cursors[i], ends[i], lowest)
        found = _accumulate(
            documents, impacts, factors, cursors, ends, first, lowest + WINDOW, accumulators, candidates
        )
        for j in range(found):
            document = np.int64(candidates[j])
            score = np.int64(accumulators[document])
            accumulators[document] = 0
            if score + sums[first] < threshold or not in_mask(mask, document):
                continue
            score = _complete(
                documents, impacts, words, counts, rows, starts, factors, cursors, ends, sums, first, document, score,
                threshold, False,
            )  # fmt: skip
            if score >= threshold:
                size = push(keys, size, key_of(score, ranks[document]))
                if size == keys.size:
                    threshold = max(threshold, score_of(keys[0]))
        while first < n - 1 and sums[first + 1] < threshold:
            first += 1
    return _walk_last(
        documents, impacts, lists.maxima, words, counts, rows, starts, factors, cursors, ends, sums, ranks, mask, keys,
        size, threshold,
    )  # fmt: skip


@kernel
def _by_bound(lists, ids, weights):  # type: ignore[no-untyped-def]
    """The order of the lists by the highest contribution they can make, lowest first, and these bounds."""
    highest = lists.highest
    order, bounds = np.empty(ids.size, np.int64), np.empty(ids.size, np.int64)
    for i in range(ids.size):
        bounds[i] = contribution(weights[i], highest[ids[i]])
        j = i
        while j > 0 and bounds[order[j - 1]] > bounds[i]:
            order[j] = order[j - 1]
            j -= 1
        order[j] = i
    return order, bounds


@inlined
def _accumulate(documents, impacts, factors, cursors, ends, first, limit, accumulators, candidates):  # type: ignore[no-untyped-def]
    """Add up the contributions of the lists from `first` on to documents below `limit`; returns how many they are."""
    found = 0
    for i in range(first, factors.size):
        at, end, factor = cursors[i], ends[i], factors[i]
        while at < end and documents[at] < limit:
            document = documents[at]
            if accumulators[document] == 0:
                candidates[found] = document
                found += 1
            accumulators[document] += np.int32(contribution(factor, impacts[at]))
            at += 1
        cursors[i] = at
    return found


@inlined
def _complete(  # type: ignore[no-untyped-def]
    documents,
    impacts,
    words,
    counts,
    rows,
    starts,
    factors,
    cursors,
    ends,
    sums,
    first,
    document,
    score,
    threshold,
    ascending,
):
    """Add what the lists below `first` contribute; 0 where the sum cannot reach `threshold`.

    Cursors move on where calls come in `ascending` order of documents.
    """
    for i in range(first - 1, -1, -1):
        if score + sums[i + 1] < threshold:
            return np.int64(0)
        row = rows[i]
        if row >= 0:
            if in_row(words, row, document):
                score += contribution(factors[i], impacts[starts[i] + place(words, counts, row, document)])
            continue
        at = gallop(documents, cursors[i], ends[i], document)
        if at < ends[i] and documents[at] == document:
            score += contribution(factors[i], impacts[at])
        if ascending:
            cursors[i] = at
    return score


@inlined
def _walk_last(  # type: ignore[no-untyped-def]
    documents,
    impacts,
    maxima,
    words,
    counts,
    rows,
    starts,
    factors,
    cursors,
    ends,
    sums,
    ranks,
    mask,
    keys,
    size,
    threshold,
):
    """Walk the one list left, looking up in the others and skipping blocks that cannot reach the threshold."""
    last = factors.size - 1
    factor, slack, end, at = factors[last], sums[last], ends[last], cursors[last]
    while at < end:
        stop = min(end, (at // BLOCK + 1) * BLOCK)
        if contribution(factor, maxima[at // BLOCK]) + slack < threshold:
            at = stop
            continue
        while at < stop:
            score = contribution(factor, impacts[at])
            document = np.int64(documents[at])
            at += 1
            if score + slack < threshold or not in_mask(mask, document):
                continue
            score = _complete(
                documents, impacts, words, counts, rows, starts, factors, cursors, ends, sums, last, document, score,
                threshold, True,
            )  # fmt: skip
            if score >= threshold:
                size = push(keys, size, key_of(score, ranks[document]))
                if size == keys.size:
                    threshold = max(threshold, score_of(keys[0]))
    return size
