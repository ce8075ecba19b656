"""The best documents with one phrase, its words exactly where they belong: what most queries with a phrase ask for.

The rarest word's list is walked, or the bitmaps are intersected where all words are common. What a document is worth at
most is known from the traces of its words' positions, all of them at a glance; positions are read of the few documents
that could be among the best, and of those that are counted.
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import bit_count, copy_values, inlined, lowest_bit, part
from harbor_search.ranking.conjunction_bitmaps import halfway
from harbor_search.ranking.crossovers import BITMAP_SHARE, CROWDED_WORD, ROUNDING, TWO_PASSES
from harbor_search.ranking.cursors import contribution, gallop, in_mask, in_row, place
from harbor_search.ranking.phrases import (
    LIST,
    OFFSET,
    PHRASE_TERM_WIDTH,
    PLACE,
    phrase_bound,
    phrase_fields,
    phrase_stands,
    phrase_weight,
)
from harbor_search.ranking.posting_lists import BLOCK, STEPS
from harbor_search.ranking.top_k_heap import key_of, push, score_of

__all__ = ["top_phrase"]

START, END, ROW, COLUMN = range(PHRASE_TERM_WIDTH, PHRASE_TERM_WIDTH + 4)
"""What is known of a word besides what `phrases` asks for: where its postings begin and end, its bitmap and its column
(-1: none)."""

_NEVER = np.float32(2)
"""An impact that nothing has."""


@part
def top_phrase(lists, scratch, phrase, scale, counting, k):
    """Find the best `k` documents with a phrase.

    Args:
        lists, scratch: what is at hand; `scratch.keys` receives a heap of keys (see `top_k_heap`).
        phrase: int64[], the number of its words, two at least, a zero, their lists, and their distances from
            the first word.
        scale: whole units of a score of one.
        counting: whether all matches are to be counted.

    Returns (how many keys there are, how many matches, where they are counted).
    """
    fields = phrase_fields(lists, scratch, phrase, 0)
    n = phrase[0]
    terms = scratch.terms[:n]
    weight = _set_terms(lists, phrase, scale, terms)
    length = terms[0, END] - terms[0, START]
    common = length * BITMAP_SHARE > scratch.ranks.size
    for j in range(n):
        common &= terms[j, ROW] >= 0
    if common:
        return _intersect(lists, scratch, n, weight, fields, counting, k)
    # Of so many postings at least, the impacts that the best have are known (see `posting_lists.FLOORS`).
    best = np.float32(0)
    if length >= TWO_PASSES and k <= 10 and not counting:
        best = lists.floors[terms[0, LIST], 1]
    size, matches, needed = 0, np.int64(0), np.float32(0) if k else _NEVER
    for walk in range(2 if best > 0 else 1):
        least, below = (best, _NEVER) if walk == 0 else (np.float32(0), best)
        size, matches, needed = _walk(lists, scratch, n, weight, fields, counting, k, size, needed, least, below)
    return size, matches


@inlined
def _set_terms(lists, phrase, scale, terms):
    """Note what is known of each word, rarest first; returns the factor of the phrase's impacts."""
    n, weight = phrase[0], 0.0
    for i in range(n):
        number = phrase[2 + i]
        weight += lists.weights[number]
        size = lists.ends[number] - lists.starts[number]
        j = i
        while j > 0 and terms[j - 1, END] - terms[j - 1, START] > size:
            copy_values(terms[j - 1], terms[j])
            j -= 1
        terms[j, LIST], terms[j, OFFSET] = number, phrase[2 + n + i]
        terms[j, START], terms[j, END] = lists.starts[number], lists.ends[number]
        terms[j, ROW], terms[j, COLUMN] = lists.bitmap[number], lists.column[number]
        terms[j, PLACE] = 0
    return np.float32(weight * scale)


@inlined
def _needed(keys, size, weight):
    """The impact that a document must have to come into a heap."""
    if size < keys.size:
        return np.float32(0)
    return np.float32((score_of(keys[0]) - 1) / weight) * ROUNDING


@part
def _walk(lists, scratch, n, weight, fields, counting, k, size, needed, least, below):
    """Walk the postings of the rarest word whose impacts are at least `least` and below `below`.

    `size` keys are there already, and a document needs an impact of `needed`. Returns these two as they are in the end,
    with the number of matches (of all, if they are counted) between.
    """
    documents, impacts, maxima = lists.documents, lists.impacts, lists.maxima
    terms, keys = scratch.terms[:n], scratch.keys[:k]
    for j in range(n):
        terms[j, PLACE] = 0
    matches = np.int64(0)
    start, end = terms[0, START], terms[0, END]
    at = start
    while at < end:
        if at % BLOCK == 0 and not counting and maxima[at // BLOCK] < max(least, needed):
            at += BLOCK
            continue
        impact = impacts[at]
        if impact < least or impact >= below or (impact < needed and not counting):
            at += 1
            continue
        document = np.int64(documents[at])
        terms[0, PLACE] = at - start
        at += 1
        following = _following(lists, scratch, terms, document)
        if following > document:
            at = gallop(documents, at, end, following)
            continue
        if impact < needed:  # it is only counted
            matches += phrase_stands(lists, scratch, terms, 0, fields)
            continue
        impact = _impact(lists, scratch, terms, fields, document, needed, counting)
        if impact > 0:
            matches += 1
            if impact >= needed:
                size = push(keys, size, key_of(contribution(weight, impact), scratch.ranks[document]))
                needed = max(needed, _needed(keys, size, weight))
    return size, matches, needed


@inlined
def _following(lists, scratch, terms, document):
    """The first document from `document` on that may have all words, by those after the first; `terms` has its places.

    How many documents there are, where none has.
    """
    if not in_mask(scratch.mask, document):
        return document + 1
    for j in range(1, terms.shape[0]):
        row = terms[j, ROW]
        if row >= 0:
            if not in_row(lists.words, row, document):
                return document + 1
            terms[j, PLACE] = place(lists.words, lists.counts, row, document)
            continue
        other = gallop(lists.documents, terms[j, START] + terms[j, PLACE], terms[j, END], document)
        if other == terms[j, END]:
            return np.int64(scratch.ranks.size)
        terms[j, PLACE] = other - terms[j, START]
        if lists.documents[other] != document:
            return np.int64(lists.documents[other])
    return document


@part
def _intersect(lists, scratch, n, weight, fields, counting, k):
    """Intersect the words' bitmaps, the parts first where documents can be worth most."""
    words, counts, terms, keys, mask = lists.words, lists.counts, scratch.terms[:n], scratch.keys[:k], scratch.mask
    columned = True
    for j in range(n):
        columned &= terms[j, COLUMN] >= 0
    most = lists.peaks[terms[0, ROW]].copy()
    for j in range(1, n):
        peak = lists.peaks[terms[j, ROW]]
        for i in range(most.size):
            most[i] = min(most[i], peak[i])
    promising = np.int64(halfway(most))
    size, matches, needed = 0, np.int64(0), np.float32(0) if k else _NEVER
    limit = np.int64(needed * STEPS)
    for turn in range(2):
        for block in range(most.size):
            match_only = most[block] < limit
            if (turn == 0) != (most[block] >= promising) or (match_only and not counting):
                continue
            bits = words[terms[0, ROW], block]
            for j in range(1, n):
                bits &= words[terms[j, ROW], block]
            if mask.size:
                bits &= mask[block]
            if match_only:
                matches += _count_word(lists, scratch, terms, fields, block, bits)
                continue
            if columned and not counting and bit_count(bits) >= CROWDED_WORD:
                bits &= _promising(lists.columns, terms, block, limit)
            while bits:
                document = (np.int64(block) << 6) + lowest_bit(bits)
                bits &= bits - np.uint64(1)
                for j in range(n):
                    terms[j, PLACE] = place(words, counts, terms[j, ROW], document)
                impact = _impact(lists, scratch, terms, fields, document, needed, counting)
                if impact > 0:
                    matches += 1
                    if impact >= needed:
                        size = push(keys, size, key_of(contribution(weight, impact), scratch.ranks[document]))
                        needed = max(needed, _needed(keys, size, weight))
                        limit = np.int64(needed * STEPS)
    return size, matches


@part
def _count_word(lists, scratch, terms, fields, block, bits):
    """In how many of the documents `bits` of a word of bitmaps the phrase stands, all of which have its words."""
    matches = np.int64(0)
    while bits:
        document = (np.int64(block) << 6) + lowest_bit(bits)
        bits &= bits - np.uint64(1)
        for j in range(terms.shape[0]):
            terms[j, PLACE] = place(lists.words, lists.counts, terms[j, ROW], document)
        matches += phrase_stands(lists, scratch, terms, 0, fields)
    return matches


@part
def _promising(columns, terms, block, limit):
    """The documents of a word of bitmaps in which no word of the phrase has an impact below `limit`, in 255ths."""
    low = np.empty(64, np.uint8)
    copy_values(columns[terms[0, COLUMN], 64 * block : 64 * block + 64], low)
    for j in range(1, terms.shape[0]):
        column = columns[terms[j, COLUMN], 64 * block : 64 * block + 64]
        for i in range(64):
            low[i] = min(low[i], column[i])
    bits = np.uint64(0)
    for i in range(64):
        bits |= np.uint64(low[i] >= limit) << np.uint64(i)
    return bits


@inlined
def _impact(lists, scratch, terms, fields, document, needed, counting):
    """The phrase's impact in a document whose postings `terms` has; 0 where it does not stand there.

    Unless `counting`, it is 0 too where it can be told to be below `needed` without a look at positions.
    """
    bound = phrase_bound(lists, scratch, terms, 0, fields, document)
    match_only = bound < needed * (scratch.k1 + bound)
    if bound == 0 or (match_only and not counting):
        return np.float32(0)
    weight = phrase_weight(lists, scratch, terms, 0, fields, document, match_only)
    return weight / (scratch.k1 + weight)
