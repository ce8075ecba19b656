"""The score of a document that has all that is required, as far as it can matter."""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import inlined
from harbor_search.ranking.conjunction_terms import CURSOR, END, POSTING, REMAINING, ROW, START, above
from harbor_search.ranking.cursors import contribution, gallop, in_row, place
from harbor_search.ranking.phrases import PLACE, phrase_bound, phrase_weight

__all__ = ["find_in", "score_of_match"]


@inlined
def score_of_match(lists, scratch, blocks, required, others, document, threshold, deciding):
    """The score of a document that all lists have; -1 where it is no match, 0 where it does not reach `threshold`.

    Whether it is a match is only found out where that would do, or where it is asked for (`deciding`).
    """
    terms, factors, impacts, optional_bound = scratch.terms, scratch.factors, lists.impacts, others.optional_bound
    excluded_start = required.lists + others.extras
    for j in range(excluded_start, excluded_start + others.excluded):
        if find_in(lists, terms, j, document) >= 0:
            return np.int64(-1)
    score = np.int64(0)
    for j in range(required.lists):
        if score + terms[j, REMAINING] + required.phrases_bound + optional_bound < threshold and not deciding:
            return np.int64(0)
        if terms[j, ROW] >= 0:
            terms[j, POSTING] = terms[j, START] + place(lists.words, lists.counts, terms[j, ROW], document)
        if factors[j] > 0:
            score += contribution(factors[j], impacts[terms[j, POSTING]])
    before = score + optional_bound
    for p in range(required.phrases):
        added = _score_of_phrase(lists, scratch, blocks, p, required, before, document, threshold, deciding)
        if added <= 0:
            return added
        score += added
    for j in range(required.lists, excluded_start):
        if score + terms[j, REMAINING] < threshold:
            return np.int64(0)
        at = find_in(lists, terms, j, document)
        if at >= 0:
            score += contribution(factors[j], impacts[at])
    return score


@inlined
def _score_of_phrase(lists, scratch, blocks, p, required, before, document, threshold, deciding):
    """What a phrase adds to the score; -1 where it does not stand there, 0 where `threshold` is out of reach.

    All but the phrases can come to `before`. Where one phrase is all there is of them, more can be said of it before a
    look at positions.
    """
    terms, rows, phrase_terms, factor = (
        scratch.terms,
        scratch.phrase_rows,
        scratch.phrase_terms,
        scratch.phrase_weights[p],
    )
    first, end, slop = scratch.phrase_words[p], scratch.phrase_words[p + 1], blocks[scratch.phrase_starts[p] + 1]
    low = lists.impacts[terms[rows[first], POSTING]]
    for i in range(first, end):
        phrase_terms[i, PLACE] = terms[rows[i], POSTING] - terms[rows[i], START]
        if slop == 0:
            low = min(low, lists.impacts[terms[rows[i], POSTING]])
    most = before + required.phrases_bound
    if required.phrases == 1:
        most = before + above(contribution(factor, low))
        if most < threshold and not deciding:
            return np.int64(0)
    own, fields = phrase_terms[first:end], scratch.phrase_field_bits[p]
    bound = phrase_bound(lists, scratch, own, slop, fields, document)
    if bound == 0:
        return np.int64(-1)
    bound /= scratch.k1 + bound
    if bound < low and required.phrases == 1:
        most -= contribution(factor, low) - contribution(factor, bound)
        if most < threshold and not deciding:
            return np.int64(0)
    # What cannot reach the threshold need only be told from what is no match.
    weight = phrase_weight(lists, scratch, own, slop, fields, document, most < threshold)
    if weight == 0:
        return np.int64(-1)
    return contribution(factor, weight / (scratch.k1 + weight))


@inlined
def find_in(lists, terms, j, document):
    """Where the list in a row of `terms` has a document; -1 where it has not. Documents come in ascending order."""
    row = terms[j, ROW]
    if row >= 0:
        if not in_row(lists.words, row, document):
            return np.int64(-1)
        return terms[j, START] + place(lists.words, lists.counts, row, document)
    at = gallop(lists.documents, terms[j, CURSOR], terms[j, END], document)
    terms[j, CURSOR] = at
    if at < terms[j, END] and lists.documents[at] == document:
        return at
    return np.int64(-1)
