"""Documents that have all that is required, where all lists have bitmaps: these are intersected word by word.

What the 64 documents of a word can score at most is known before the first is looked at. The most promising words come
first, so that the threshold is high when the others do.
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import bit_count, lowest_bit, part
from harbor_search.ranking.conjunction_score import score_of_match
from harbor_search.ranking.conjunction_terms import COLUMN, ROW, rewind
from harbor_search.ranking.crossovers import CROWDED_WORD
from harbor_search.ranking.posting_lists import STEPS
from harbor_search.ranking.top_k_heap import key_of, push, score_of

__all__ = ["halfway", "intersected", "top_of_bitmaps"]


@part
def intersected(lists, scratch, required, excluded_start, excluded_end, block):
    """The bits of a word's documents that are allowed, in all of the first `required` lists, and in none of those of
    the rows from `excluded_start` up to `excluded_end`, as far as bitmaps say so."""
    terms, words = scratch.terms, lists.words
    bits = words[terms[0, ROW], block]
    for j in range(1, required):
        bits &= words[terms[j, ROW], block]
    if scratch.mask.size:
        bits &= scratch.mask[block]
    for j in range(excluded_start, excluded_end):
        if terms[j, ROW] >= 0:
            bits &= ~words[terms[j, ROW], block]
    return bits


@part
def halfway(most):
    """Half way between the mean and the greatest of `most`: what lies above is promising."""
    total, greatest = 0.0, most[0]
    for each in most:
        total += each
        greatest = max(greatest, each)
    return 0.5 * (total / most.size + greatest)


@part
def top_of_bitmaps(lists, scratch, blocks, required, others, counting, k, threshold):
    """As `conjunction.top_required`."""
    terms, keys, ranks = scratch.terms, scratch.keys[:k], scratch.ranks
    excluded_start = required.lists + others.extras
    excluded_end = excluded_start + others.excluded
    columned = True
    for j in range(required.lists):
        columned &= terms[j, COLUMN] >= 0
    most, most_by_document = np.empty(lists.words.shape[1], np.float32), np.empty(64, np.float32)
    _bound_words(lists, scratch, blocks, required, most)
    spare = others.optional_bound + required.lists + 8
    size, matches = 0, 0
    promising = np.float32(halfway(most))
    for turn in range(2):
        limit = np.float32((threshold - spare) * (1 - 2.0**-16) * STEPS)
        rewind(terms, required.lists, excluded_end)
        for block in range(most.size):
            if (turn == 0) != (most[block] >= promising) or (most[block] < limit and not counting):
                continue
            bits = intersected(lists, scratch, required.lists, excluded_start, excluded_end, block)
            if columned and not counting and bit_count(bits) >= CROWDED_WORD:
                _bound_documents(lists, scratch, blocks, required, block, most_by_document)
                for i in range(64):
                    bits &= ~(np.uint64(most_by_document[i] < limit) << np.uint64(i))
            while bits:
                document = (np.int64(block) << 6) + lowest_bit(bits)
                bits &= bits - np.uint64(1)
                score = score_of_match(lists, scratch, blocks, required, others, document, threshold, counting)
                matches += score >= 0
                if score >= threshold:
                    size = push(keys, size, key_of(score, ranks[document]))
                    if size == k:
                        threshold = max(threshold, score_of(keys[0]))
                        limit = np.float32((threshold - spare) * (1 - 2.0**-16) * STEPS)
    return size, matches


@part
def _bound_words(lists, scratch, blocks, required, most):
    """What the required parts of any of the 64 documents of each word can score at most, in 255ths of a unit."""
    terms, rows, words, peaks = scratch.terms, scratch.phrase_rows, scratch.phrase_words, lists.peaks
    most[:] = 0
    for j in range(required.lists):
        factor = scratch.factors[j]
        if factor > 0:
            peak = peaks[terms[j, ROW]]
            for i in range(most.size):
                most[i] += factor * np.float32(peak[i])
    for p in range(required.phrases):
        low = peaks[terms[rows[words[p]], ROW]].copy()
        if blocks[scratch.phrase_starts[p] + 1] == 0:
            for word in range(words[p] + 1, words[p + 1]):
                peak = peaks[terms[rows[word], ROW]]
                for i in range(most.size):
                    low[i] = min(low[i], peak[i])
        for i in range(most.size):
            most[i] += scratch.phrase_weights[p] * np.float32(low[i])


@part
def _bound_documents(lists, scratch, blocks, required, block, most):
    """What the required parts of each of the 64 documents of a word can score at most, in 255ths of a unit."""
    terms, rows, words, columns = scratch.terms, scratch.phrase_rows, scratch.phrase_words, lists.columns
    low = np.empty(64, np.uint8)
    most[:] = 0
    for j in range(required.lists):
        factor = scratch.factors[j]
        if factor > 0:
            column = columns[terms[j, COLUMN], 64 * block : 64 * block + 64]
            for i in range(64):
                most[i] += factor * np.float32(column[i])
    for p in range(required.phrases):
        low[:] = STEPS
        last = words[p + 1] if blocks[scratch.phrase_starts[p] + 1] == 0 else words[p] + 1
        for word in range(words[p], last):
            column = columns[terms[rows[word], COLUMN], 64 * block : 64 * block + 64]
            for i in range(64):
                low[i] = min(low[i], column[i])
        for i in range(64):
            most[i] += scratch.phrase_weights[p] * np.float32(low[i])
