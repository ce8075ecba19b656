"""How many documents have all that is required, found without a look at what they are worth."""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import part
from harbor_search.ranking.lookup import gallop, in_mask, in_row
from harbor_search.ranking.matching import count
from harbor_search.ranking.required_score import find_in
from harbor_search.ranking.requirement import CURSOR, END, ROW, START, have_bitmaps, rewind

__all__ = ["count_required"]

_WORDS_A_POSTING = 4
"""Words of bitmaps that are intersected in the time that a posting of the shortest list is looked up in another."""


@part
def count_required(lists, known, barred, mask):  # type: ignore[no-untyped-def]
    """How many documents of `mask` (empty: all) are in all lists `known` and in none of `barred`.

    `known` and `barred`, int64[lists, WIDTH], are what `requirement.know` notes, the shortest required list first.
    """
    length = known[0, END] - known[0, START]
    if length * _WORDS_A_POSTING > lists.words.shape[1] and have_bitmaps(known) and have_bitmaps(barred):
        return _count_bits(lists.words, known, barred, mask)
    return _count_postings(lists, known, barred, mask)


@part
def _count_bits(words, known, barred, mask):  # type: ignore[no-untyped-def]
    bits = words[known[0, ROW]].copy()
    for j in range(1, known.shape[0]):
        other = words[known[j, ROW]]
        for i in range(bits.size):
            bits[i] &= other[i]
    for j in range(barred.shape[0]):
        other = words[barred[j, ROW]]
        for i in range(bits.size):
            bits[i] &= ~other[i]
    for i in range(mask.size):
        bits[i] &= mask[i]
    return count(bits)


@part
def _count_postings(lists, known, barred, mask):  # type: ignore[no-untyped-def]
    documents, words, counts = lists.documents, lists.words, lists.counts
    rewind(known)
    rewind(barred)
    total = np.int64(0)
    for at in range(known[0, START], known[0, END]):
        document = np.int64(documents[at])
        found = in_mask(mask, document)
        j = 1
        while found and j < known.shape[0]:
            if known[j, ROW] >= 0:
                found = in_row(words, known[j, ROW], document)
            else:
                other = gallop(documents, known[j, CURSOR], known[j, END], document)
                if other == known[j, END]:
                    return total
                known[j, CURSOR] = other
                found = documents[other] == document
            j += 1
        j = 0
        while found and j < barred.shape[0]:
            found = find_in(documents, words, counts, barred, j, document) < 0
            j += 1
        total += found
    return total
