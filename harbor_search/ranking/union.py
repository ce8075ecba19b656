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
from harbor_search.ranking.posting_lists import BLOCK, FLOORS
from harbor_search.ranking.top_k_heap import key_of, push, score_of

__all__ = ["WINDOW", "top_union"]

WINDOW = 8192
"""Documents a window: its accumulators stay in the first-level cache. A multiple of the 64 of a bitmap's word."""

START, END, ROW, CURSOR, STOP, SEEK, BOUND, ORDER, SUM = range(9)
"""What is known of a list, by its place among `ids`: where its postings begin and end, its bitmap (-1: none), where the
window's postings begin and end, how far it was searched, and what it can add to a score in the window. By place in the
order of these bounds: which list it is, and what all lists before it can add."""


@part
def _floor(lists, ids, factors, bounding, k):
    """A score that at least k documents reach, by the first `bounding` lists."""
    floor = np.int64(1)
    for column in range(len(FLOORS)):
        if FLOORS[column] >= k:
            for i in range(bounding):
                floor = max(floor, contribution(factors[i], lists.floors[ids[i], column]))
            break
    return floor


@part
def top_union(lists, scratch, ids, scale, bounding, mask, k):
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
    documents, ranks, keys = lists.documents, scratch.ranks, scratch.keys[:k]
    n = ids.size
    factors, state = np.empty(n, np.float32), np.zeros((SUM + 1, n + 1), np.int64)
    for i in range(n):
        factors[i] = lists.weights[ids[i]] * scale
        state[START, i], state[END, i], state[ROW, i] = lists.starts[ids[i]], lists.ends[ids[i]], lists.bitmap[ids[i]]
        state[CURSOR, i] = state[START, i]
    threshold = _floor(lists, ids, factors, bounding, keys.size)
    size = 0
    while True:
        lowest = np.int64(ranks.size)
        for i in range(n):
            if state[CURSOR, i] < state[END, i]:
                lowest = min(lowest, np.int64(documents[state[CURSOR, i]]))
        if lowest >= ranks.size:
            return size
        _look_ahead(lists, factors, state, (lowest & ~np.int64(63)) + WINDOW, ranks.size)
        if state[SUM, n] >= threshold:
            first = 0
            while first < n - 1 and state[SUM, first + 1] < threshold:
                first += 1
            if first == n - 1:
                size, threshold = _walk_one(lists, scratch, factors, state, first, mask, keys, size, threshold)
            else:
                found = _accumulate(lists, scratch, factors, state, first)
                size, threshold = _take_best(lists, scratch, factors, state, first, mask, found, keys, size, threshold)
        for i in range(n):
            state[CURSOR, i] = state[STOP, i]


@inlined
def _look_ahead(lists, factors, state, limit, size):
    """Note where each list ends in the window up to `limit`, what it can add there, and the lists' order by that."""
    documents, maxima, counts, n = lists.documents, lists.maxima, lists.counts, factors.size
    for i in range(n):
        at = state[CURSOR, i]
        stop, bound = at, np.int64(0)
        if at < state[END, i] and documents[at] < limit:
            if limit >= size:
                stop = state[END, i]
            elif state[ROW, i] >= 0:
                stop = state[START, i] + counts[state[ROW, i], limit >> 6]
            else:
                stop = gallop(documents, at, state[END, i], limit)
            highest = np.float32(0)
            for block in range(at // BLOCK, (stop + BLOCK - 1) // BLOCK):
                highest = max(highest, maxima[block])
            bound = contribution(factors[i], highest)
        state[STOP, i], state[SEEK, i], state[BOUND, i] = stop, at, bound
        j = i
        while j > 0 and state[BOUND, state[ORDER, j - 1]] > bound:
            state[ORDER, j] = state[ORDER, j - 1]
            j -= 1
        state[ORDER, j] = i
    for j in range(n):
        state[SUM, j + 1] = state[SUM, j] + state[BOUND, state[ORDER, j]]


@inlined
def _accumulate(lists, scratch, factors, state, first):
    """Add up the contributions of the window's lists from `first` in the order on; returns how many documents it is."""
    documents, impacts = lists.documents, lists.impacts
    accumulators, candidates = scratch.accumulators, scratch.candidates
    found = 0
    for j in range(first, factors.size):
        i = state[ORDER, j]
        factor = factors[i]
        for at in range(state[CURSOR, i], state[STOP, i]):
            document = documents[at]
            before = accumulators[document]
            candidates[found] = document
            found += before == 0
            accumulators[document] = before + np.int32(contribution(factor, impacts[at]))
    return found


@inlined
def _take_best(lists, scratch, factors, state, first, mask, found, keys, size, threshold):
    """Put the best of the `found` candidates into the heap, and set their accumulators back to zero."""
    accumulators = scratch.accumulators
    for c in range(found):
        document = np.int64(scratch.candidates[c])
        score = np.int64(accumulators[document])
        accumulators[document] = 0
        if score + state[SUM, first] < threshold or not in_mask(mask, document):
            continue
        score = _complete(lists, factors, state, first, document, score, threshold, False)
        if score >= threshold:
            size = push(keys, size, key_of(score, scratch.ranks[document]))
            if size == keys.size:
                threshold = max(threshold, score_of(keys[0]))
    return size, threshold


@inlined
def _complete(lists, factors, state, first, document, score, threshold, ascending):
    """Add what the lists before `first` in the order contribute; 0 where the sum cannot reach `threshold`.

    Searches go on where the last one ended if calls come in `ascending` order of documents.
    """
    documents, impacts, words, counts = lists.documents, lists.impacts, lists.words, lists.counts
    for j in range(first - 1, -1, -1):
        if score + state[SUM, j + 1] < threshold:
            return np.int64(0)
        i = state[ORDER, j]
        row = state[ROW, i]
        if row >= 0:
            if in_row(words, row, document):
                score += contribution(factors[i], impacts[state[START, i] + place(words, counts, row, document)])
            continue
        at = gallop(documents, state[SEEK, i], state[STOP, i], document)
        if at < state[STOP, i] and documents[at] == document:
            score += contribution(factors[i], impacts[at])
        if ascending:
            state[SEEK, i] = at
    return score


@inlined
def _walk_one(lists, scratch, factors, state, last, mask, keys, size, threshold):
    """Walk the last list of the window, looking up in the others and skipping blocks below the threshold."""
    documents, impacts, maxima = lists.documents, lists.impacts, lists.maxima
    i = state[ORDER, last]
    factor, slack, at, end = factors[i], state[SUM, last], state[SEEK, i], state[STOP, i]
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
            score = _complete(lists, factors, state, last, document, score, threshold, True)
            if score >= threshold:
                size = push(keys, size, key_of(score, scratch.ranks[document]))
                if size == keys.size:
                    threshold = max(threshold, score_of(keys[0]))
    return size, threshold
