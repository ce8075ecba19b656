"""The score of a document that has all that is required, as far as it can matter."""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import inlined
from harbor_search.ranking.conjunction_terms import BEHIND, CURSOR, END, POSTING, ROW, START, above
from harbor_search.ranking.cursors import contribution, gallop, in_row, place
from harbor_search.ranking.phrases import PLACE, phrase_bound, phrase_weight

__all__ = ["find_in", "score_of_match"]


@inlined
def score_of_match(lists, search, blocks, required, others, document, threshold, deciding):  # type: ignore[no-untyped-def]
    """The score of a document that all lists have; -1 where it is no match, 0 where it does not reach `threshold`.

    Whether it is a match is only found out where that would do, or where it is asked for (`deciding`).
    """
    known, factors, impacts, promised = search.known, search.factors, lists.impacts, others.promised
    barred = required.lists + others.extras
    for j in range(barred, barred + others.barred):
        if find_in(lists, known, j, document) >= 0:
            return np.int64(-1)
    score = np.int64(0)
    for j in range(required.lists):
        if score + known[j, BEHIND] + required.sure + promised < threshold and not deciding:
            return np.int64(0)
        if known[j, ROW] >= 0:
            known[j, POSTING] = known[j, START] + place(lists.words, lists.counts, known[j, ROW], document)
        if factors[j] > 0:
            score += contribution(factors[j], impacts[known[j, POSTING]])
    before = score + promised
    for p in range(required.phrases):
        added = _score_of_phrase(lists, search, blocks, p, required, before, document, threshold, deciding)
        if added <= 0:
            return added
        score += added
    for j in range(required.lists, barred):
        if score + known[j, BEHIND] < threshold:
            return np.int64(0)
        at = find_in(lists, known, j, document)
        if at >= 0:
            score += contribution(factors[j], impacts[at])
    return score


@inlined
def _score_of_phrase(lists, search, blocks, p, required, before, document, threshold, deciding):  # type: ignore[no-untyped-def]
    """What a phrase adds to the score; -1 where it does not stand there, 0 where `threshold` is out of reach.

    All but the phrases can come to `before`. Where one phrase is all there is of them, more can be said of it before a
    look at positions.
    """
    known, slots, spoken, factor = search.known, search.slots, search.spoken, search.weights[p]
    first, behind, slop = search.words[p], search.words[p + 1], blocks[search.begins[p] + 1]
    low = lists.impacts[known[slots[first], POSTING]]
    for i in range(first, behind):
        spoken[i, PLACE] = known[slots[i], POSTING] - known[slots[i], START]
        if slop == 0:
            low = min(low, lists.impacts[known[slots[i], POSTING]])
    most = before + required.sure
    if required.phrases == 1:
        most = before + above(contribution(factor, low))
        if most < threshold and not deciding:
            return np.int64(0)
    own, fields = spoken[first:behind], search.fields[p]
    bound = phrase_bound(lists, search, own, slop, fields, document)
    if bound == 0:
        return np.int64(-1)
    bound /= search.k1 + bound
    if bound < low and required.phrases == 1:
        most -= contribution(factor, low) - contribution(factor, bound)
        if most < threshold and not deciding:
            return np.int64(0)
    # What cannot reach the threshold need only be told from what is no match.
    weight = phrase_weight(lists, search, own, slop, fields, document, most < threshold)
    if weight == 0:
        return np.int64(-1)
    return contribution(factor, weight / (search.k1 + weight))


@inlined
def find_in(lists, known, j, document):  # type: ignore[no-untyped-def]
    """Where the list in a row of `known` has a document; -1 where it has not. Documents come in ascending order."""
    row = known[j, ROW]
    if row >= 0:
        if not in_row(lists.words, row, document):
            return np.int64(-1)
        return known[j, START] + place(lists.words, lists.counts, row, document)
    at = gallop(lists.documents, known[j, CURSOR], known[j, END], document)
    known[j, CURSOR] = at
    if at < known[j, END] and lists.documents[at] == document:
        return at
    return np.int64(-1)
