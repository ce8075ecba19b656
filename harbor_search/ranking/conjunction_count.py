"""How many documents have all that is required, found without a look at what they are worth."""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import copy_values, part
from harbor_search.ranking.bitmaps import count
from harbor_search.ranking.conjunction_score import find_in
from harbor_search.ranking.conjunction_terms import END, ROW, START, candidate, have_bitmaps, rewind
from harbor_search.ranking.cursors import gallop

__all__ = ["count_required"]

_WORDS_A_POSTING = 4
"""Words of bitmaps that are intersected in the time that a posting of the shortest list is looked up in another."""


@part
def count_required(lists, search, required, barred, behind):  # type: ignore[no-untyped-def]
    """How many of the documents allowed are in all of the first `required` lists, the shortest first, and in none of
    those of the rows from `barred` up to `behind`."""
    known = search.known
    length = known[0, END] - known[0, START]
    bitmaps = have_bitmaps(known, 0, required) and have_bitmaps(known, barred, behind)
    if length * _WORDS_A_POSTING > lists.words.shape[1] and bitmaps:
        return _count_bits(lists, search, required, barred, behind)
    return _count_postings(lists, search, required, barred, behind)


@part
def _count_bits(lists, search, required, barred, behind):  # type: ignore[no-untyped-def]
    known, mask, bits = search.known, search.mask, search.allowed
    copy_values(lists.words[known[0, ROW]], bits)
    for j in range(1, required):
        other = lists.words[known[j, ROW]]
        for i in range(bits.size):
            bits[i] &= other[i]
    for j in range(barred, behind):
        other = lists.words[known[j, ROW]]
        for i in range(bits.size):
            bits[i] &= ~other[i]
    for i in range(mask.size):
        bits[i] &= mask[i]
    return count(bits)


@part
def _count_postings(lists, search, required, barred, behind):  # type: ignore[no-untyped-def]
    documents, known = lists.documents, search.known
    rewind(known, 0, required)
    rewind(known, barred, behind)
    total = np.int64(0)
    at, end = known[0, START], known[0, END]
    while at < end:
        document = np.int64(documents[at])
        at += 1
        following = candidate(lists, search, required, document)
        if following > document:
            at = gallop(documents, at, end, following)
            continue
        found, j = True, barred
        while found and j < behind:
            found = find_in(lists, known, j, document) < 0
            j += 1
        total += found
    return total
