"""The score of a document that has all that is required, as far as it can matter."""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import inlined, part
from harbor_search.ranking.lookup import contribution, gallop, in_row, place
from harbor_search.ranking.phrases import PLACE, phrase_bound, phrase_weight
from harbor_search.ranking.requirement import BEHIND, CURSOR, END, POSTING, ROW, START, above

__all__ = ["find_in", "score_of_match"]

_NO_MATCH, _HOPELESS = np.int64(-1), np.int64(-2)


@inlined
def score_of_match(lists, required, others, collection, document, threshold, deciding):  # type: ignore[no-untyped-def]
    """The score of a document that all lists have; -1 where it is no match, 0 where it does not reach `threshold`.

    Whether it is a match is only found out where that would do, or where it is asked for (`deciding`).
    """
    documents, impacts, words, counts = lists.documents, lists.impacts, lists.words, lists.counts
    known, factors, extras, barred = required.known, required.factors, others.extras, others.barred
    for j in range(barred.shape[0]):
        if find_in(documents, words, counts, barred, j, document) >= 0:
            return np.int64(-1)
    promised = required.sure + others.promised
    score = np.int64(0)
    for j in range(factors.size):
        if score + known[j, BEHIND] + promised < threshold and not deciding:
            return np.int64(0)
        if known[j, ROW] >= 0:
            known[j, POSTING] = known[j, START] + place(words, counts, known[j, ROW], document)
        if factors[j] > 0:
            score += contribution(factors[j], impacts[known[j, POSTING]])
    if required.phrases.at.size:
        worth = _worth_of_phrases(lists, required, collection, document, score + promised, threshold, deciding)
        if worth < 0:
            return np.int64(-1 if worth == _NO_MATCH else 0)
        score += worth
    for j in range(extras.shape[0]):
        if score + extras[j, BEHIND] < threshold:
            return np.int64(0)
        at = find_in(documents, words, counts, extras, j, document)
        if at >= 0:
            score += contribution(others.factors[j], impacts[at])
    return score


@part
def _worth_of_phrases(lists, required, collection, document, most, threshold, deciding):  # type: ignore[no-untyped-def]
    """What all phrases add to a score that is `most` at the most; _NO_MATCH, or _HOPELESS as in `score_of_match`."""
    total = np.int64(0)
    known, phrases, norms, k1 = required.known, required.phrases, collection.norms, collection.k1
    for p in range(phrases.at.size):
        slop = phrases.blocks[phrases.at[p] + 1]
        low = lists.impacts[known[phrases.slots[phrases.words[p]], POSTING]]
        for i in range(phrases.words[p], phrases.words[p + 1]):
            row = phrases.slots[i]
            phrases.spoken[i, PLACE] = known[row, POSTING] - known[row, START]
            if slop == 0:
                low = min(low, lists.impacts[known[row, POSTING]])
        if phrases.at.size == 1:
            most += above(contribution(phrases.weights[p], low)) - required.sure
            if most < threshold and not deciding:
                return _HOPELESS
        own = phrases.spoken[phrases.words[p] : phrases.words[p + 1]]
        bound = phrase_bound(
            lists.positioned, lists.firsts, lists.traces, own, slop, phrases.fields[p], norms, document
        )
        if bound == 0:
            return _NO_MATCH
        bound /= k1 + bound
        if bound < low and phrases.at.size == 1:
            most -= contribution(phrases.weights[p], low) - contribution(phrases.weights[p], bound)
            if most < threshold and not deciding:
                return _HOPELESS
        # What cannot reach the threshold need only be told from what is no match.
        weight = phrase_weight(
            lists.positioned, lists.firsts, lists.positions, own, slop, phrases.fields[p], norms, document,
            collection.marks, most < threshold,
        )  # fmt: skip
        if weight == 0:
            return _NO_MATCH
        total += contribution(phrases.weights[p], weight / (k1 + weight))
    return total


@inlined
def find_in(documents, words, counts, known, j, document):  # type: ignore[no-untyped-def]
    """Where the list in a row of `known` has a document; -1 where it has not. Documents come in ascending order."""
    row = known[j, ROW]
    if row >= 0:
        if not in_row(words, row, document):
            return np.int64(-1)
        return known[j, START] + place(words, counts, row, document)
    at = gallop(documents, known[j, CURSOR], known[j, END], document)
    known[j, CURSOR] = at
    if at < known[j, END] and documents[at] == document:
        return at
    return np.int64(-1)
