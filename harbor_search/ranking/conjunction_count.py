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
def count_required(lists, scratch, required, excluded_start, excluded_end):
    """How many of the documents allowed are in all of the first `required` lists, the shortest first, and in none of
    those of the rows from `excluded_start` up to `excluded_end`."""
    terms = scratch.terms
    length = terms[0, END] - terms[0, START]
    bitmaps = have_bitmaps(terms, 0, required) and have_bitmaps(terms, excluded_start, excluded_end)
    if length * _WORDS_A_POSTING > lists.words.shape[1] and bitmaps:
        return _count_bits(lists, scratch, required, excluded_start, excluded_end)
    return _count_postings(lists, scratch, required, excluded_start, excluded_end)


@part
def _count_bits(lists, scratch, required, excluded_start, excluded_end):
    terms, mask, bits = scratch.terms, scratch.mask, scratch.allowed
    copy_values(lists.words[terms[0, ROW]], bits)
    for j in range(1, required):
        other = lists.words[terms[j, ROW]]
        for i in range(bits.size):
            bits[i] &= other[i]
    for j in range(excluded_start, excluded_end):
        other = lists.words[terms[j, ROW]]
        for i in range(bits.size):
            bits[i] &= ~other[i]
    for i in range(mask.size):
        bits[i] &= mask[i]
    return count(bits)


@part
def _count_postings(lists, scratch, required, excluded_start, excluded_end):
    documents, terms = lists.documents, scratch.terms
    rewind(terms, 0, required)
    rewind(terms, excluded_start, excluded_end)
    total = np.int64(0)
    at, end = terms[0, START], terms[0, END]
    while at < end:
        document = np.int64(documents[at])
        at += 1
        following = candidate(lists, scratch, required, document)
        if following > document:
            at = gallop(documents, at, end, following)
            continue
        found, j = True, excluded_start
        while found and j < excluded_end:
            found = find_in(lists, terms, j, document) < 0
            j += 1
        total += found
    return total
