"""The score of a document that has all that is required, as far as it can matter."""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import inlined
from harbor_search.ranking.lookup import contribution, gallop, in_row, place
from harbor_search.ranking.phrases import PLACE, phrase_bound, phrase_weight
from harbor_search.ranking.requirement import BEHIND, CURSOR, END, POSTING, ROW, START, above

__all__ = ["find_in", "score_of_match"]


@inlined
def score_of_match(  # type: ignore[no-untyped-def]
    documents, impacts, words, counts, positioned, firsts, traces, positions, known, factors, phrases, phrase_at,
    phrase_words, slots, spoken, weights, phrase_fields, sure, extras, extra_factors, promised, barred, marks, norms,
    k1, document, threshold, deciding,
):  # fmt: skip
    """The score of a document that all lists have; -1 where it is no match, 0 where it does not reach `threshold`.

    Whether it is a match is only found out where that would do, or where it is asked for (`deciding`).
    """
    for j in range(barred.shape[0]):
        if find_in(documents, words, counts, barred, j, document) >= 0:
            return np.int64(-1)
    score = np.int64(0)
    for j in range(factors.size):
        if score + known[j, BEHIND] + sure + promised < threshold and not deciding:
            return np.int64(0)
        if known[j, ROW] >= 0:
            known[j, POSTING] = known[j, START] + place(words, counts, known[j, ROW], document)
        if factors[j] > 0:
            score += contribution(factors[j], impacts[known[j, POSTING]])
    if phrase_at.size:
        most = score + promised + sure
        for p in range(phrase_at.size):
            slop = phrases[phrase_at[p] + 1]
            low = impacts[known[slots[phrase_words[p]], POSTING]]
            for i in range(phrase_words[p], phrase_words[p + 1]):
                spoken[i, PLACE] = known[slots[i], POSTING] - known[slots[i], START]
                if slop == 0:
                    low = min(low, impacts[known[slots[i], POSTING]])
            if phrase_at.size == 1:
                most = score + promised + above(contribution(weights[p], low))
                if most < threshold and not deciding:
                    return np.int64(0)
            own = spoken[phrase_words[p] : phrase_words[p + 1]]
            bound = phrase_bound(positioned, firsts, traces, own, slop, phrase_fields[p], norms, document)
            if bound == 0:
                return np.int64(-1)
            bound /= k1 + bound
            if bound < low and phrase_at.size == 1:
                most -= contribution(weights[p], low) - contribution(weights[p], bound)
                if most < threshold and not deciding:
                    return np.int64(0)
            # What cannot reach the threshold need only be told from what is no match.
            weight = phrase_weight(
                positioned, firsts, positions, own, slop, phrase_fields[p], norms, document, marks, most < threshold
            )
            if weight == 0:
                return np.int64(-1)
            score += contribution(weights[p], weight / (k1 + weight))
    for j in range(extras.shape[0]):
        if score + extras[j, BEHIND] < threshold:
            return np.int64(0)
        at = find_in(documents, words, counts, extras, j, document)
        if at >= 0:
            score += contribution(extra_factors[j], impacts[at])
    return score


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
