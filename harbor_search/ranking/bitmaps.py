"""Sets of documents as bitmaps: filters, exact counts, facets, and every boolean query in full."""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import bit_count, kernel, lowest_bit, part
from harbor_search.ranking.cursors import contribution, gallop, in_bitmap, in_row
from harbor_search.ranking.posting_lists import lists_at
from harbor_search.ranking.top_k_heap import key_of, push

__all__ = ["add_list", "add_required", "combine", "count", "members", "remove_list", "take_list"]
__all__ += ["top_by_order"]


@part
def add_list(lists, number, words):
    """Set the bits of a list's documents in uint64 `words`."""
    row = lists.bitmap[number]
    if row >= 0:
        for i in range(words.size):
            words[i] |= lists.words[row, i]
        return
    for i in range(lists.starts[number], lists.ends[number]):
        document = lists.documents[i]
        words[document >> 6] |= np.uint64(1) << np.uint64(document & 63)


@kernel
def remove_list(address, number, words):
    """Clear the bits of a list's documents in uint64 `words`; `address` is the cache's."""
    take_list(lists_at(address), number, words)


@part
def take_list(lists, number, words):
    """Clear the bits of a list's documents in uint64 `words`."""
    row = lists.bitmap[number]
    if row >= 0:
        for i in range(words.size):
            words[i] &= ~lists.words[row, i]
        return
    for i in range(lists.starts[number], lists.ends[number]):
        document = lists.documents[i]
        words[document >> 6] &= ~(np.uint64(1) << np.uint64(document & 63))


@kernel
def count(words):
    """How many bits of uint64 `words` are set."""
    total = np.int64(0)
    for word in words:
        total += bit_count(word)
    return total


@kernel
def members(words):
    """The documents of a bitmap, ascending, as int32."""
    found = np.empty(count(words), np.int32)
    at = 0
    for i in range(words.size):
        bits = words[i]
        while bits:
            found[at] = (i << 6) + lowest_bit(bits)
            at += 1
            bits &= bits - np.uint64(1)
    return found


@kernel
def top_by_order(words, values, ranks, keys):
    """Find the documents of a bitmap with the highest `values` (int32, at least 0); ties by rank.

    `keys` is an int64 heap to fill (see `top_k_heap`); returns how many keys there are.
    """
    size = 0
    for i in range(words.size):
        bits = words[i]
        while bits:
            document = (i << 6) + lowest_bit(bits)
            size = push(keys, size, key_of(values[document], ranks[document]))
            bits &= bits - np.uint64(1)
    return size


@part
def add_required(lists, ids, words):
    """Set the bits of the documents that are in all lists `ids` (int64[n], at least one) in uint64 `words`."""
    documents, table = lists.documents, lists.words
    driver = 0
    bitmaps = True
    for j in range(ids.size):
        bitmaps &= lists.bitmap[ids[j]] >= 0
        if lists.ends[ids[j]] - lists.starts[ids[j]] < lists.ends[ids[driver]] - lists.starts[ids[driver]]:
            driver = j
    if bitmaps:
        for i in range(words.size):
            bits = table[lists.bitmap[ids[0]], i]
            for j in range(1, ids.size):
                bits &= table[lists.bitmap[ids[j]], i]
            words[i] |= bits
        return
    cursors = lists.starts[ids]
    for at in range(lists.starts[ids[driver]], lists.ends[ids[driver]]):
        document = np.int64(documents[at])
        found = True
        for j in range(ids.size):
            if j == driver:
                continue
            if lists.bitmap[ids[j]] >= 0:
                found = in_row(table, lists.bitmap[ids[j]], document)
            else:
                cursors[j] = gallop(documents, cursors[j], lists.ends[ids[j]], document)
                found = cursors[j] < lists.ends[ids[j]] and documents[cursors[j]] == document
            if not found:
                break
        if found:
            words[document >> 6] |= np.uint64(1) << np.uint64(document & 63)


@kernel
def combine(address, ids, required, minimum, scale, mask, scores, matched):
    """Score every document of a boolean query.

    Args:
        address: that of the cache.
        ids: int64[n]; the first `required` lists must match.
        minimum: how many of the other lists must match.
        scale: whole units of a score of one.
        mask: uint64 words of the documents allowed, or empty for all.
        scores: int64[documents], zero; receives the scores of matching documents.
        matched: uint64 words, zero; receives the matching documents.
    """
    lists = lists_at(address)
    counts = np.zeros((2, scores.size), np.int32)
    for i in range(ids.size):
        kind = 0 if i < required else 1
        weight = np.float32(lists.weights[ids[i]] * scale)
        for at in range(lists.starts[ids[i]], lists.ends[ids[i]]):
            document = lists.documents[at]
            counts[kind, document] += 1
            # Of a group that says nothing about a document there is an impact of none.
            if lists.impacts[at] > 0:
                scores[document] += contribution(weight, lists.impacts[at])
    for document in range(scores.size):
        fits = counts[0, document] == required and counts[1, document] >= minimum
        if fits and (mask.size == 0 or in_bitmap(mask, document)):
            matched[document >> 6] |= np.uint64(1) << np.uint64(document & 63)
        else:
            scores[document] = 0
