"""The best documents that have all of some words and phrases, and none of others.

The rarest list is walked; the others are asked for each of its documents, by bitmap where they have one, by galloping
where not. Where all lists have bitmaps, these are intersected word by word instead. Blocks and documents that cannot
reach the threshold are skipped: a document is worth no more than the impacts of its words say, a phrase no more than
the least of its words', and positions are looked at last.
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import bit_count, inlined, kernel, lowest_bit
from harbor_search.ranking.arena import BLOCK, STEPS
from harbor_search.ranking.heap import key_of, push, score_of
from harbor_search.ranking.lookup import contribution, gallop, in_mask, in_row, place
from harbor_search.ranking.phrases import phrase_bound, phrase_impact
from harbor_search.ranking.requirement import (
    BEHIND,
    COLUMN,
    CURSOR,
    END,
    PLACE,
    ROW,
    START,
    above,
    prepare,
    prepare_optional,
)

__all__ = ["top_required"]

_NEVER = np.int64(1) << np.int64(62)
"""A threshold that nothing reaches."""


@kernel
def top_required(  # type: ignore[no-untyped-def]
    lists, ids, phrases, optional, excluded, scale, norms, k1, ranks, mask, counting, keys
):
    """Find the best `keys.size` documents that have all required lists and phrases.

    Args:
        lists: the arena's arrays.
        ids: int64[n], the required lists.
        phrases: int64[], the required phrases, each the number of its words, its slop, the words' lists, and their
            distances from the first word. There is a list or a phrase at least.
        optional: int64[n], lists that add to the score.
        excluded: int64[n], lists that no match is in.
        scale: whole units of a score of one.
        norms, k1: float32[fields, documents] and float32, as `folding` has them.
        ranks: int32[documents], each document's place in the order of article ids.
        mask: uint64 words of the documents allowed, or empty for all.
        counting: whether every match must be visited.
        keys: int64[k], receives a heap of keys (see `heap`).

    Returns (how many keys there are, how many matches were visited).
    """
    known, factors, at, words, slots, weights, fields, slope, rest, sure = prepare(lists, ids, phrases, scale)
    extras, extra_factors = prepare_optional(lists, optional, scale)
    barred, _ = prepare_optional(lists, excluded, scale)
    if known.shape[0] > 1 and known[:, ROW].min() >= 0:
        return _of_bitmaps(
            lists, known, factors, phrases, at, words, slots, weights, fields, sure, extras, extra_factors, barred,
            norms, k1,
            ranks, mask, counting, keys,
        )  # fmt: skip
    return _of_shortest(
        lists, known, factors, phrases, at, words, slots, weights, fields, slope, rest, sure, extras,
        extra_factors, barred,
        norms, k1, ranks, mask, counting, keys,
    )  # fmt: skip


@kernel
def _of_shortest(  # type: ignore[no-untyped-def]
    lists, known, factors, phrases, phrase_at, phrase_words, slots, weights, phrase_fields, slope, rest, sure,
    extras, extra_factors,
    barred, norms, k1, ranks, mask, counting, keys,
):  # fmt: skip
    """Walk the shortest list and ask the others."""
    documents, impacts, words, counts, maxima = lists.documents, lists.impacts, lists.words, lists.counts, lists.maxima
    positioned, firsts, traces, positions = lists.positioned, lists.firsts, lists.traces, lists.positions
    scratch = np.empty((3, slots.size), np.int64)
    n = factors.size
    promised = extras[0, BEHIND] if extras.shape[0] else np.int64(0)
    rest += promised + n
    size, matches, threshold = 0, 0, np.int64(1) if keys.size else _NEVER
    at, end = known[0, START], known[0, END]
    while at < end:
        if not counting and threshold > 1:
            if at % BLOCK == 0 and above(np.int64(slope * maxima[at // BLOCK]) + rest) < threshold:
                at += BLOCK
                continue
            if above(np.int64(slope * impacts[at]) + rest) < threshold:
                at += 1
                continue
        document = np.int64(documents[at])
        known[0, PLACE] = at
        found = in_mask(mask, document)
        j = 1
        while found and j < n:
            row = known[j, ROW]
            if row >= 0:
                found = in_row(words, row, document)
            else:
                place_ = gallop(documents, known[j, CURSOR], known[j, END], document)
                known[j, CURSOR] = known[j, PLACE] = place_
                if place_ == known[j, END]:
                    return size, matches
                if documents[place_] != document:
                    # Catch up with the list that is ahead; one place back, as the loop moves one on.
                    at = gallop(documents, at, end, documents[place_]) - 1
                    found = False
            j += 1
        at += 1
        if found:
            score = _score(
                documents, impacts, words, counts, positioned, firsts, traces, positions, known, factors, phrases,
                phrase_at,
                phrase_words, slots, weights, phrase_fields, sure, extras, extra_factors, promised, barred,
                scratch, norms, k1,
                document, threshold, counting,
            )  # fmt: skip
            matches += score >= 0
            if score >= threshold:
                size = push(keys, size, key_of(score, ranks[document]))
                if size == keys.size:
                    threshold = max(threshold, score_of(keys[0]))
    return size, matches


@kernel
def _of_bitmaps(  # type: ignore[no-untyped-def]
    lists, known, factors, phrases, phrase_at, phrase_words, slots, weights, phrase_fields, sure, extras,
    extra_factors, barred, norms,
    k1, ranks, mask, counting, keys,
):  # fmt: skip
    """Intersect the bitmaps of all lists word by word."""
    documents, impacts, words, counts, peaks = lists.documents, lists.impacts, lists.words, lists.counts, lists.peaks
    positioned, firsts, traces, positions = lists.positioned, lists.firsts, lists.traces, lists.positions
    scratch = np.empty((3, slots.size), np.int64)
    n = factors.size
    promised = extras[0, BEHIND] if extras.shape[0] else np.int64(0)
    # Whether what the bitmaps say is all there is to say about matches.
    certain = phrase_at.size == 0 and (barred.shape[0] == 0 or barred[:, ROW].min() >= 0)
    deciding = counting and not certain
    columned = known[:, COLUMN].min() >= 0
    most_by_document = np.empty(64, np.float32)
    size, matches, threshold = 0, 0, np.int64(1) if keys.size else _NEVER
    for block in range(words.shape[1]):
        bits = words[known[0, ROW], block]
        for j in range(1, n):
            bits &= words[known[j, ROW], block]
        if mask.size:
            bits &= mask[block]
        for j in range(barred.shape[0]):
            if barred[j, ROW] >= 0:
                bits &= ~words[barred[j, ROW], block]
        if bits == 0:
            continue
        if certain:
            matches += bit_count(bits)
        if not deciding and threshold > 1:
            most = _most_in(peaks, known, factors, phrases, phrase_at, phrase_words, slots, weights, block)
            if most + promised < threshold:
                continue
            if columned:
                _most_by_document(
                    lists.columns,
                    known,
                    factors,
                    phrases,
                    phrase_at,
                    phrase_words,
                    slots,
                    weights,
                    block,
                    most_by_document,
                )
                bits &= _at_least(most_by_document, threshold - promised - n)
        while bits:
            document = (np.int64(block) << 6) + lowest_bit(bits)
            bits &= bits - np.uint64(1)
            score = _score(
                documents, impacts, words, counts, positioned, firsts, traces, positions, known, factors, phrases,
                phrase_at,
                phrase_words, slots, weights, phrase_fields, sure, extras, extra_factors, promised, barred,
                scratch, norms, k1,
                document, threshold, deciding,
            )  # fmt: skip
            matches += deciding and score >= 0
            if score >= threshold:
                size = push(keys, size, key_of(score, ranks[document]))
                if size == keys.size:
                    threshold = max(threshold, score_of(keys[0]))
    return size, matches


@inlined
def _most_in(peaks, known, factors, phrases, phrase_at, phrase_words, slots, weights, block):  # type: ignore[no-untyped-def]
    """What the required parts of a document among the 64 of a word of the bitmaps can score at most."""
    most = np.float32(0)
    for j in range(factors.size):
        most += factors[j] * np.float32(peaks[known[j, ROW], block])
    for p in range(phrase_at.size):
        peak = peaks[known[slots[phrase_words[p]], ROW], block]
        if phrases[phrase_at[p] + 1] == 0:
            for i in range(phrase_words[p] + 1, phrase_words[p + 1]):
                peak = min(peak, peaks[known[slots[i], ROW], block])
        most += weights[p] * np.float32(peak)
    return above(np.int64(most * np.float32(1 / STEPS)) + factors.size)


@kernel
def _most_by_document(columns, known, factors, phrases, phrase_at, phrase_words, slots, weights, block, most):  # type: ignore[no-untyped-def]
    """What the required parts of each of the 64 documents of a word can score at most, in 255ths of a unit."""
    low = np.empty(64, np.uint8)
    most[:] = 0
    for j in range(factors.size):
        if factors[j] > 0:
            column = columns[known[j, COLUMN], 64 * block : 64 * block + 64]
            for i in range(64):
                most[i] += factors[j] * np.float32(column[i])
    for p in range(phrase_at.size):
        low[:] = STEPS
        last = phrase_words[p + 1] if phrases[phrase_at[p] + 1] == 0 else phrase_words[p] + 1
        for word in range(phrase_words[p], last):
            column = columns[known[slots[word], COLUMN], 64 * block : 64 * block + 64]
            for i in range(64):
                low[i] = min(low[i], column[i])
        for i in range(64):
            most[i] += weights[p] * np.float32(low[i])


@kernel
def _at_least(most, least):  # type: ignore[no-untyped-def]
    """The bits of the places of `most` (255ths) that are not below `least` units, with room for rounding."""
    limit = np.float32((least - 8) * (1 - 2.0**-16) * STEPS)
    bits = np.uint64(0)
    for i in range(64):
        bits |= np.uint64(most[i] >= limit) << np.uint64(i)
    return bits


@inlined
def _score(  # type: ignore[no-untyped-def]
    documents, impacts, words, counts, positioned, firsts, traces, positions, known, factors, phrases, phrase_at,
    phrase_words, slots, weights, phrase_fields, sure, extras, extra_factors, promised, barred, scratch, norms, k1,
    document, threshold, deciding,
):  # fmt: skip
    """The score of a document that all lists have; -1 where it is no match, 0 where it does not reach `threshold`.

    Whether it is a match is only found out where that would do, or where it is asked for (`deciding`).
    """
    for j in range(barred.shape[0]):
        if _find(documents, words, counts, barred, j, document) >= 0:
            return np.int64(-1)
    score = np.int64(0)
    for j in range(factors.size):
        if score + known[j, BEHIND] + sure + promised < threshold and not deciding:
            return np.int64(0)
        if known[j, ROW] >= 0:
            known[j, PLACE] = known[j, START] + place(words, counts, known[j, ROW], document)
        if factors[j] > 0:
            score += contribution(factors[j], impacts[known[j, PLACE]])
    if phrase_at.size:
        most = score + promised
        for p in range(phrase_at.size):
            low = impacts[known[slots[phrase_words[p]], PLACE]]
            if phrases[phrase_at[p] + 1] == 0:
                for i in range(phrase_words[p] + 1, phrase_words[p + 1]):
                    low = min(low, impacts[known[slots[i], PLACE]])
            most += above(contribution(weights[p], low))
        if most < threshold and not deciding:
            return np.int64(0)
        for p in range(phrase_at.size):
            low = impacts[known[slots[phrase_words[p]], PLACE]]
            for i in range(phrase_words[p], phrase_words[p + 1]):
                scratch[0, i - phrase_words[p]] = known[slots[i], PLACE] - known[slots[i], START]
                if phrases[phrase_at[p] + 1] == 0:
                    low = min(low, impacts[known[slots[i], PLACE]])
            bound = phrase_bound(
                positioned, firsts, traces, norms, k1, phrases, phrase_at[p], phrase_fields[p], scratch, document
            )  # fmt: skip
            if bound == 0:
                return np.int64(-1)
            if bound < low:
                most -= contribution(weights[p], low) - contribution(weights[p], bound)
                if most < threshold and not deciding:
                    return np.int64(0)
            impact = phrase_impact(
                positioned, firsts, positions, norms, k1, phrases, phrase_at[p], phrase_fields[p], scratch, document
            )  # fmt: skip
            if impact == 0:
                return np.int64(-1)
            score += contribution(weights[p], impact)
    for j in range(extras.shape[0]):
        if score + extras[j, BEHIND] < threshold:
            return np.int64(0)
        at = _find(documents, words, counts, extras, j, document)
        if at >= 0:
            score += contribution(extra_factors[j], impacts[at])
    return score


@inlined
def _find(documents, words, counts, known, j, document):  # type: ignore[no-untyped-def]
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
