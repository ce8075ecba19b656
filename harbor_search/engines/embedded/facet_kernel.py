"""Counting what matches, by value of a column, near-duplicates once.

`words` is the bitmap of what matches. `documents` are those that have near-duplicates and `groups` what each belongs to
(int32[n] both), group after group; both are empty where near-duplicates are not to be folded.
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import bit_count, kernel, lowest_bit, part

__all__ = ["count_folded", "count_values"]


@kernel
def count_folded(words, documents, groups):
    """How many documents match, of each group one."""
    found, last = np.int64(0), np.int64(-1)
    for word in words:
        found += bit_count(word)
    for i in range(documents.size):
        if _has(words, documents[i]):
            found -= groups[i] == last
            last = np.int64(groups[i])
    return found


@kernel
def count_values(words, codes, firsts, documents, groups, ranks, by_rank):
    """Count the values of the matching documents on every level, and order those that they have.

    Args:
        codes: int32[documents], what each document has, -1 for nothing.
        firsts: int32[levels, codes], the value of each code on each level, -1 where it does not go so deep.
        ranks, by_rank: int64[levels * codes], the place of each value in ascending order, and the value at each place.

    Returns (values int64[n], counts int64[n]): the most frequent first, of equals the one with the lowest rank.
    """
    counts = _counts(words, codes, firsts, documents, groups)
    keys, size = np.empty(counts.size, np.int64), 0
    for value in range(counts.size):
        if counts[value]:
            keys[size] = ranks[value] - counts[value] * counts.size
            size += 1
    keys = keys[:size]
    keys.sort()
    values, found = np.empty(size, np.int64), np.empty(size, np.int64)
    for i in range(size):
        values[i] = by_rank[keys[i] % counts.size]
        found[i] = counts[values[i]]
    return values, found


@part
def _counts(words, codes, firsts, documents, groups):
    """int64[levels * codes]: how many documents have each value, level after level."""
    levels, size = firsts.shape
    counts = np.zeros(levels * size, np.int64)
    own = np.zeros(size, np.int64)
    for i in range(words.size):
        bits = words[i]
        while bits:
            code = codes[(i << 6) + lowest_bit(bits)]
            if code >= 0:
                own[code] += 1
            bits &= bits - np.uint64(1)
    for level in range(levels):
        for code in range(size):
            if own[code] and firsts[level, code] >= 0:
                counts[level * size + firsts[level, code]] += own[code]
    last = np.empty(levels * size, np.int32)
    last[:] = -1
    for i in range(documents.size):
        code = codes[documents[i]]
        if code < 0 or not _has(words, documents[i]):
            continue
        for level in range(levels):
            value = firsts[level, code]
            if value >= 0:
                place = level * size + value
                counts[place] -= last[place] == groups[i]
                last[place] = groups[i]
    return counts


@part
def _has(words, document):
    return (words[document >> 6] >> np.uint64(document & 63)) & np.uint64(1) != 0
