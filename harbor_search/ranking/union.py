"""The best documents that have any of some terms.

MaxScore (H. Turtle, J. Flood: Query Evaluation: Strategies and Optimizations, 1995) over windows of documents: lists
whose terms cannot together lift a document over the threshold are not walked but only looked up in. The threshold
starts at what is known before the first posting: the k-th highest contribution of each single term. Where one list is
left to walk, blocks whose maximum is too low are skipped (S. Ding, T. Suel: Faster Top-k Document Retrieval Using
Block-Max Indexes, SIGIR 2011).
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import kernel
from harbor_search.ranking.arena import BLOCK, FLOORS
from harbor_search.ranking.heap import key_of, push, score_of
from harbor_search.ranking.lookup import contribution, gallop, in_bitmap, in_mask, place

__all__ = ["top_union"]

_WINDOW = 8192
"""Documents a window: its accumulators stay in the first-level cache."""


@kernel
def _floor(lists, ids, weights, k):  # type: ignore[no-untyped-def]
    """A score that at least k documents reach."""
    floor = np.int64(0)
    for column in range(len(FLOORS)):
        if FLOORS[column] >= k:
            for i in range(ids.size):
                floor = max(floor, contribution(weights[i], lists.floors[ids[i], column]))
            break
    return floor


@kernel
def _probe(lists, number, weight, start, end, document):  # type: ignore[no-untyped-def]
    """(What a list contributes to a document, where the search ended), searching from place `start` on."""
    bitmap = lists.bitmap[number]
    if bitmap >= 0:
        if not in_bitmap(lists.words[bitmap], document):
            return np.int64(0), start
        i = lists.starts[number] + place(lists.words[bitmap], lists.counts[bitmap], document)
        return contribution(weight, lists.impacts[i]), start
    i = gallop(lists.documents, start, end, document)
    if i < end and lists.documents[i] == document:
        return contribution(weight, lists.impacts[i]), i
    return np.int64(0), i


@kernel
def top_union(lists, ids, weights, ranks, mask, accumulators, keys):  # type: ignore[no-untyped-def]
    """Find the best `keys.size` documents.

    Args:
        lists: the arena's arrays.
        ids, weights: int64[n] and float32[n], the lists and the factors of their impacts.
        ranks: int32[documents], each document's place in the order of article ids.
        mask: uint64 words of the documents allowed, or empty for all.
        accumulators: int32[at least documents], zero, and zero again afterwards.
        keys: int64[k], receives a heap of keys (see `heap`).

    Returns how many keys there are.
    """
    n = ids.size
    order = np.empty(n, np.int64)
    bounds = np.empty(n, np.int64)
    for i in range(n):
        bounds[i] = contribution(weights[i], lists.highest[ids[i]])
        j = i
        while j > 0 and bounds[order[j - 1]] > bounds[i]:
            order[j] = order[j - 1]
            j -= 1
        order[j] = i
    sums = np.zeros(n + 1, np.int64)
    numbers, cursors, ends = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
    factors = np.empty(n, np.float32)
    for i in range(n):
        numbers[i] = ids[order[i]]
        factors[i] = weights[order[i]]
        cursors[i], ends[i] = lists.starts[numbers[i]], lists.ends[numbers[i]]
        sums[i + 1] = sums[i] + bounds[order[i]]
    threshold = np.int64(1)
    if mask.size == 0:
        threshold = max(threshold, _floor(lists, ids, weights, keys.size))
    first = 0
    while first < n - 1 and sums[first + 1] < threshold:
        first += 1
    size = 0
    candidates = np.empty(_WINDOW, np.int32)
    documents = lists.documents
    while True:
        if first == n - 1:
            return _walk_last(lists, numbers, factors, cursors, ends, sums, ranks, mask, keys, size, threshold)
        lowest = np.int64(ranks.size)
        for i in range(first, n):
            if cursors[i] < ends[i]:
                lowest = min(lowest, np.int64(documents[cursors[i]]))
        if lowest >= ranks.size:
            return size
        for i in range(first):
            # Candidates of a window come in no order, so the cursors for look-ups stay at its beginning.
            if lists.bitmap[numbers[i]] < 0:
                cursors[i] = gallop(documents, cursors[i], ends[i], lowest)
        count = _accumulate(lists, factors, cursors, ends, first, lowest + _WINDOW, accumulators, candidates)
        for j in range(count):
            document = np.int64(candidates[j])
            score = np.int64(accumulators[document])
            accumulators[document] = 0
            if score + sums[first] < threshold or not in_mask(mask, document):
                continue
            score = _complete(lists, numbers, factors, cursors, ends, sums, first, document, score, threshold, False)
            if score >= threshold:
                size = push(keys, size, key_of(score, ranks[document]))
                if size == keys.size:
                    threshold = max(threshold, score_of(keys[0]))
        while first < n - 1 and sums[first + 1] < threshold:
            first += 1


@kernel
def _accumulate(lists, factors, cursors, ends, first, limit, accumulators, candidates):  # type: ignore[no-untyped-def]
    """Add up the contributions of the lists from `first` on to documents below `limit`; returns how many they are."""
    documents, impacts = lists.documents, lists.impacts
    count = 0
    for i in range(first, factors.size):
        at, end, factor = cursors[i], ends[i], factors[i]
        while at < end and documents[at] < limit:
            document = documents[at]
            if accumulators[document] == 0:
                candidates[count] = document
                count += 1
            accumulators[document] += np.int32(contribution(factor, impacts[at]))
            at += 1
        cursors[i] = at
    return count


@kernel
def _complete(lists, numbers, factors, cursors, ends, sums, first, document, score, threshold, ascending):  # type: ignore[no-untyped-def]  # noqa: E501
    """Add what the lists below `first` contribute; 0 where the sum cannot reach `threshold`.

    Cursors move on where calls come in `ascending` order of documents.
    """
    for i in range(first - 1, -1, -1):
        if score + sums[i + 1] < threshold:
            return np.int64(0)
        more, at = _probe(lists, numbers[i], factors[i], cursors[i], ends[i], document)
        score += more
        if ascending:
            cursors[i] = at
    return score


@kernel
def _walk_last(lists, numbers, factors, cursors, ends, sums, ranks, mask, keys, size, threshold):  # type: ignore[no-untyped-def]
    """Walk the one list left, looking up in the others and skipping blocks that cannot reach the threshold."""
    last = numbers.size - 1
    factor, slack, end, at = factors[last], sums[last], ends[last], cursors[last]
    documents, impacts = lists.documents, lists.impacts
    while at < end:
        stop = min(end, (at // BLOCK + 1) * BLOCK)
        if contribution(factor, lists.maxima[at // BLOCK]) + slack < threshold:
            at = stop
            continue
        while at < stop:
            score = contribution(factor, impacts[at])
            document = np.int64(documents[at])
            at += 1
            if score + slack < threshold or not in_mask(mask, document):
                continue
            score = _complete(lists, numbers, factors, cursors, ends, sums, last, document, score, threshold, True)
            if score >= threshold:
                size = push(keys, size, key_of(score, ranks[document]))
                if size == keys.size:
                    threshold = max(threshold, score_of(keys[0]))
    return size
