"""The best documents that have any of some terms.

MaxScore (H. Turtle, J. Flood: Query Evaluation: Strategies and Optimizations, 1995) over windows of documents, with
what each list can add within the window (S. Ding, T. Suel: Faster Top-k Document Retrieval Using Block-Max Indexes,
SIGIR 2011): a window that cannot reach the threshold is skipped, and in the others lists whose terms cannot together
lift a document over it are not walked but only looked up in. The threshold starts at what is known before the first
posting: the k-th highest contribution of each single term.
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import inlined, part
from harbor_search.ranking.cursors import contribution, gallop, in_mask, in_row, place
from harbor_search.ranking.postings_cache import BLOCK, FLOORS
from harbor_search.ranking.top_k_heap import key_of, push, score_of

__all__ = ["WINDOW", "top_union"]

WINDOW = 8192
"""Documents a window: its accumulators stay in the first-level cache. A multiple of the 64 of a bitmap's word."""


@part
def _floor(lists, ids, factors, bounding, k):  # type: ignore[no-untyped-def]
    """A score that at least k documents reach, by the first `bounding` lists."""
    floor = np.int64(1)
    for column in range(len(FLOORS)):
        if FLOORS[column] >= k:
            for i in range(bounding):
                floor = max(floor, contribution(factors[i], lists.floors[ids[i], column]))
            break
    return floor


@part
def top_union(lists, scratch, ids, scale, bounding, mask, k):  # type: ignore[no-untyped-def]
    """Find the best `k` documents.

    Args:
        lists, scratch: what is at hand; `scratch.keys` receives a heap of keys (see `top_k_heap`).
        ids: int64[n], the lists.
        scale: whole units of a score of one.
        bounding: how many lists, from the first on, have no document that `mask` forbids: what is known of the k-th
            best in one of them bounds the k-th best of all.
        mask: uint64 words of the documents allowed, or empty for all.

    Returns how many keys there are.
    """
    documents, impacts, maxima, words, counts = lists.documents, lists.impacts, lists.maxima, lists.words, lists.counts
    ranks, accumulators, candidates, keys = scratch.ranks, scratch.accumulators, scratch.candidates, scratch.keys[:k]
    n = ids.size
    factors = np.empty(n, np.float32)
    starts, ends, rows, cursors, stops, seeks, order, bounds, sums = np.zeros((9, n + 1), np.int64)
    for i in range(n):
        factors[i] = lists.weights[ids[i]] * scale
        starts[i], ends[i], rows[i] = lists.starts[ids[i]], lists.ends[ids[i]], lists.bitmap[ids[i]]
        cursors[i] = starts[i]
    threshold = _floor(lists, ids, factors, bounding, keys.size)
    size = 0
    while True:
        lowest = np.int64(ranks.size)
        for i in range(n):
            if cursors[i] < ends[i]:
                lowest = min(lowest, np.int64(documents[cursors[i]]))
        if lowest >= ranks.size:
            return size
        begin = lowest & ~np.int64(63)
        limit = begin + WINDOW
        _look_ahead(
            documents, maxima, counts, limit, ranks.size, factors, starts, ends, rows, cursors, stops, order, bounds
        )
        for j in range(n):
            sums[j + 1] = sums[j] + bounds[order[j]]
        if sums[n] >= threshold:
            first = 0
            while first < n - 1 and sums[first + 1] < threshold:
                first += 1
            for i in range(n):
                seeks[i] = cursors[i]
            if first == n - 1:
                size, threshold = _walk_one(
                    documents, impacts, maxima, words, counts, order, rows, starts, stops, seeks, factors, sums, first,
                    ranks, mask, keys, size, threshold,
                )  # fmt: skip
            else:
                found = _accumulate(
                    documents, impacts, factors, cursors, stops, order, first, n, accumulators, candidates
                )  # fmt: skip
                for c in range(found):
                    document = np.int64(candidates[c])
                    score = np.int64(accumulators[document])
                    accumulators[document] = 0
                    if score + sums[first] < threshold or not in_mask(mask, document):
                        continue
                    score = _complete(
                        documents, impacts, words, counts, order, rows, starts, stops, seeks, factors, sums, first,
                        document, score, threshold, False,
                    )  # fmt: skip
                    if score >= threshold:
                        size = push(keys, size, key_of(score, ranks[document]))
                        if size == keys.size:
                            threshold = max(threshold, score_of(keys[0]))
        for i in range(n):
            cursors[i] = stops[i]


@inlined
def _look_ahead(documents, maxima, counts, limit, size, factors, starts, ends, rows, cursors, stops, order, bounds):  # type: ignore[no-untyped-def]
    """Where each list ends in the window up to `limit`, what it can add there, and the lists' order by that."""
    for i in range(factors.size):
        at = cursors[i]
        stop, bound = at, np.int64(0)
        if at < ends[i] and documents[at] < limit:
            if limit >= size:
                stop = ends[i]
            elif rows[i] >= 0:
                stop = starts[i] + counts[rows[i], limit >> 6]
            else:
                stop = gallop(documents, at, ends[i], limit)
            highest = np.float32(0)
            for block in range(at // BLOCK, (stop + BLOCK - 1) // BLOCK):
                highest = max(highest, maxima[block])
            bound = contribution(factors[i], highest)
        stops[i], bounds[i] = stop, bound
        j = i
        while j > 0 and bounds[order[j - 1]] > bound:
            order[j] = order[j - 1]
            j -= 1
        order[j] = i


@inlined
def _accumulate(documents, impacts, factors, cursors, stops, order, first, n, accumulators, candidates):  # type: ignore[no-untyped-def]
    """Add up the contributions of the window's lists from `first` in the order on; returns how many documents it is."""
    found = 0
    for j in range(first, n):
        i = order[j]
        factor = factors[i]
        for at in range(cursors[i], stops[i]):
            document = documents[at]
            before = accumulators[document]
            candidates[found] = document
            found += before == 0
            accumulators[document] = before + np.int32(contribution(factor, impacts[at]))
    return found


@inlined
def _complete(  # type: ignore[no-untyped-def]
    documents, impacts, words, counts, order, rows, starts, stops, seeks, factors, sums, first, document, score,
    threshold, ascending,
):  # fmt: skip
    """Add what the lists before `first` in the order contribute; 0 where the sum cannot reach `threshold`.

    Searches go on where the last one ended if calls come in `ascending` order of documents.
    """
    for j in range(first - 1, -1, -1):
        if score + sums[j + 1] < threshold:
            return np.int64(0)
        i = order[j]
        row = rows[i]
        if row >= 0:
            if in_row(words, row, document):
                score += contribution(factors[i], impacts[starts[i] + place(words, counts, row, document)])
            continue
        at = gallop(documents, seeks[i], stops[i], document)
        if at < stops[i] and documents[at] == document:
            score += contribution(factors[i], impacts[at])
        if ascending:
            seeks[i] = at
    return score


@inlined
def _walk_one(  # type: ignore[no-untyped-def]
    documents, impacts, maxima, words, counts, order, rows, starts, stops, seeks, factors, sums, last, ranks, mask,
    keys, size, threshold,
):  # fmt: skip
    """Walk the last list of the window, looking up in the others and skipping blocks below the threshold."""
    i = order[last]
    factor, slack, at, end = factors[i], sums[last], seeks[i], stops[i]
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
                documents, impacts, words, counts, order, rows, starts, stops, seeks, factors, sums, last, document,
                score, threshold, True,
            )  # fmt: skip
            if score >= threshold:
                size = push(keys, size, key_of(score, ranks[document]))
                if size == keys.size:
                    threshold = max(threshold, score_of(keys[0]))
    return size, threshold
