"""The documents that have all of some terms, best first.

The rarest list is walked; the others are asked for each of its documents, by bitmap where they have one, by galloping
where not. Where all lists have bitmaps, these are intersected word by word instead. Documents and blocks that cannot
reach the threshold are skipped unless all matches must be counted.
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import bit_count, inlined, kernel, lowest_bit
from harbor_search.ranking.arena import BLOCK
from harbor_search.ranking.heap import key_of, push, score_of
from harbor_search.ranking.lookup import contribution, gallop, in_mask, in_row, place

__all__ = ["match_all", "top_intersection"]


@kernel
def _by_size(starts, ends):  # type: ignore[no-untyped-def]
    order = np.empty(starts.size, np.int64)
    for i in range(starts.size):
        size = ends[i] - starts[i]
        j = i
        while j > 0 and ends[order[j - 1]] - starts[order[j - 1]] > size:
            order[j] = order[j - 1]
            j -= 1
        order[j] = i
    return order


@kernel
def top_intersection(lists, ids, weights, ranks, mask, counting, keys):  # type: ignore[no-untyped-def]
    """Find the best `keys.size` documents that are in all lists.

    Args:
        lists: the arena's arrays.
        ids, weights: int64[n] and float32[n], the lists (at least one) and the factors of their impacts.
        ranks: int32[documents], each document's place in the order of article ids.
        mask: uint64 words of the documents allowed, or empty for all.
        counting: whether every match must be visited.
        keys: int64[k], receives a heap of keys (see `heap`).

    Returns (how many keys there are, how many matches were visited).
    """
    documents, impacts, words, counts = lists.documents, lists.impacts, lists.words, lists.counts
    maxima, highest = lists.maxima, lists.highest
    starts, ends, rows = lists.starts[ids], lists.ends[ids], lists.bitmap[ids]
    required = ids.size
    order = _by_size(starts, ends)
    driver = order[0]
    # What the lists from each place of the order on can add at most.
    behind = np.zeros(required + 1, np.int64)
    for j in range(required - 1, -1, -1):
        behind[j] = behind[j + 1] + contribution(weights[order[j]], highest[ids[order[j]]])
    cursors, places = starts.copy(), np.full(required, -1, np.int64)
    if required > 1 and rows.min() >= 0:
        return _top_of_bitmaps(impacts, words, counts, rows, starts, weights, order, behind, places, ranks, mask, keys)
    at, end, factor = starts[driver], ends[driver], weights[driver]
    size, matches, threshold = 0, 0, np.int64(0)
    while at < end:
        if not counting and threshold > 0:
            if at % BLOCK == 0 and contribution(factor, maxima[at // BLOCK]) + behind[1] < threshold:
                at += BLOCK
                continue
            if contribution(factor, impacts[at]) + behind[1] < threshold:
                at += 1
                continue
        document = np.int64(documents[at])
        found = in_mask(mask, document)
        j = 1
        while found and j < required:
            i = order[j]
            j += 1
            if rows[i] >= 0:
                found = in_row(words, rows[i], document)
                continue
            cursors[i] = gallop(documents, cursors[i], ends[i], document)
            if cursors[i] == ends[i]:
                return size, matches
            places[i] = cursors[i]
            if documents[cursors[i]] != document:
                # Catch up with the list that is ahead; one place back, as the loop moves one on.
                at = gallop(documents, at, end, documents[cursors[i]]) - 1
                found = False
        at += 1
        if not found:
            continue
        matches += 1
        places[driver] = at - 1
        score = _score(impacts, words, counts, rows, starts, weights, order, behind, places, document, threshold)
        if score >= threshold and score > 0:
            size = push(keys, size, key_of(score, ranks[document]))
            if size == keys.size:
                threshold = score_of(keys[0])
    return size, matches


@kernel
def _top_of_bitmaps(impacts, words, counts, rows, starts, weights, order, behind, places, ranks, mask, keys):  # type: ignore[no-untyped-def]
    size, matches, threshold = 0, 0, np.int64(0)
    for word in range(words.shape[1]):
        bits = words[rows[order[0]], word]
        for j in range(1, order.size):
            bits &= words[rows[order[j]], word]
        if mask.size:
            bits &= mask[word]
        if bits == 0:
            continue
        matches += bit_count(bits)
        while bits:
            document = (np.int64(word) << 6) + lowest_bit(bits)
            bits &= bits - np.uint64(1)
            score = _score(impacts, words, counts, rows, starts, weights, order, behind, places, document, threshold)
            if score >= threshold and score > 0:
                size = push(keys, size, key_of(score, ranks[document]))
                if size == keys.size:
                    threshold = score_of(keys[0])
    return size, matches


@inlined
def _score(impacts, words, counts, rows, starts, weights, order, behind, places, document, threshold):  # type: ignore[no-untyped-def]
    """The score of a document that is in all lists, or 0 where it cannot reach `threshold`.

    `places` are those in lists without bitmap.
    """
    score = np.int64(0)
    for j in range(order.size):
        if score + behind[j] < threshold:
            return np.int64(0)
        i = order[j]
        row = rows[i]
        spot = places[i] if row < 0 else starts[i] + place(words, counts, row, document)
        score += contribution(weights[i], impacts[spot])
    return score


@kernel
def match_all(lists, ids, out):  # type: ignore[no-untyped-def]
    """Set the bits of the documents that are in all lists `ids` (int64[n], at least one) in uint64 `out`, all zero."""
    documents, words = lists.documents, lists.words
    starts, ends, rows = lists.starts[ids], lists.ends[ids], lists.bitmap[ids]
    order = _by_size(starts, ends)
    driver = order[0]
    if rows.min() >= 0:
        for word in range(out.size):
            bits = words[rows[driver], word]
            for j in range(1, ids.size):
                bits &= words[rows[order[j]], word]
            out[word] = bits
        return
    cursors = starts.copy()
    for at in range(starts[driver], ends[driver]):
        document = np.int64(documents[at])
        found = True
        for j in range(1, ids.size):
            i = order[j]
            if rows[i] >= 0:
                found = in_row(words, rows[i], document)
            else:
                cursors[i] = gallop(documents, cursors[i], ends[i], document)
                found = cursors[i] < ends[i] and documents[cursors[i]] == document
            if not found:
                break
        if found:
            out[document >> 6] |= np.uint64(1) << np.uint64(document & 63)
