"""The best documents that have all of some terms, and more the better of others.

The rarest list is walked; the others are asked for each of its documents, by bitmap where they have one, by galloping
where not. Blocks of the rarest list that cannot reach the threshold are skipped unless all matches must be counted.
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import kernel
from harbor_search.ranking.arena import BLOCK
from harbor_search.ranking.heap import key_of, push, score_of
from harbor_search.ranking.lookup import contribution, gallop, in_mask, in_row, place

__all__ = ["top_intersection"]

_ABSENT = np.int64(-1)
_ENDED = np.int64(-2)


@kernel
def _locate(documents, words, counts, row, start, end, cursors, i, document):  # type: ignore[no-untyped-def]
    """The place of a document in list i; -1 where it is not; -2 where the list has nothing from there on."""
    if row >= 0:
        if in_row(words, row, document):
            return start + place(words, counts, row, document)
        return _ABSENT
    at = gallop(documents, cursors[i], end, document)
    cursors[i] = at
    if at >= end:
        return _ENDED
    return at if documents[at] == document else _ABSENT


@kernel
def _by_size(starts, ends, required):  # type: ignore[no-untyped-def]
    order = np.empty(required, np.int64)
    for i in range(required):
        size = ends[i] - starts[i]
        j = i
        while j > 0 and ends[order[j - 1]] - starts[order[j - 1]] > size:
            order[j] = order[j - 1]
            j -= 1
        order[j] = i
    return order


@kernel
def top_intersection(lists, ids, weights, required, ranks, mask, counting, keys):  # type: ignore[no-untyped-def]
    """Find the best `keys.size` documents that are in all of the first `required` lists.

    Args:
        lists: the arena's arrays.
        ids, weights: int64[n] and float32[n]; the first `required` (at least 1) lists must match, the rest may.
        ranks: int32[documents], each document's place in the order of article ids.
        mask: uint64 words of the documents allowed, or empty for all.
        counting: whether every match must be visited.
        keys: int64[k], receives a heap of keys (see `heap`).

    Returns (how many keys there are, how many matches were visited).
    """
    documents, impacts, words, counts = lists.documents, lists.impacts, lists.words, lists.counts
    maxima, highest = lists.maxima, lists.highest
    starts, ends, rows = lists.starts[ids], lists.ends[ids], lists.bitmap[ids]
    cursors = starts.copy()
    order = _by_size(starts, ends, required)
    places = np.empty(required, np.int64)
    driver = order[0]
    others, optional = np.int64(0), np.int64(0)
    for i in range(ids.size):
        bound = contribution(weights[i], highest[ids[i]])
        if i >= required:
            optional += bound
        elif i != driver:
            others += bound
    at, end = starts[driver], ends[driver]
    size, matches, threshold = 0, 0, np.int64(1)
    while at < end:
        if not counting and size == keys.size:
            if at % BLOCK == 0:
                best = contribution(weights[driver], maxima[at // BLOCK])
                if best + others + optional < threshold:
                    at += BLOCK
                    continue
            if contribution(weights[driver], impacts[at]) + others + optional < threshold:
                at += 1
                continue
        document = np.int64(documents[at])
        found = True
        for j in range(1, required):
            i = order[j]
            spot = _locate(documents, words, counts, rows[i], starts[i], ends[i], cursors, i, document)
            if spot < 0:
                if spot == _ENDED:
                    return size, matches
                if rows[i] < 0:
                    # Catch up with the list that is ahead; one place back, as the loop moves one on.
                    at = gallop(documents, at, end, documents[cursors[i]]) - 1
                found = False
                break
            places[i] = spot
        if not found or not in_mask(mask, document):
            at += 1
            continue
        matches += 1
        score = contribution(weights[driver], impacts[at])
        at += 1
        for j in range(1, required):
            i = order[j]
            score += contribution(weights[i], impacts[places[i]])
        if score + optional < threshold:
            continue
        for i in range(required, ids.size):
            spot = _locate(documents, words, counts, rows[i], starts[i], ends[i], cursors, i, document)
            if spot >= 0:
                score += contribution(weights[i], impacts[spot])
        if score >= threshold:
            size = push(keys, size, key_of(score, ranks[document]))
            if size == keys.size:
                threshold = score_of(keys[0])
    return size, matches
