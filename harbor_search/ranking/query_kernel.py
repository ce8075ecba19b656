"""One query over lists in memory, from its plan to its best documents: the one kernel that a search calls.

What is alike in all queries, the cache's arrays and the collection's, is found through a table of addresses.
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import copy_values, inlined, kernel, part
from harbor_search.ranking.bitmaps import add_list, add_required, count, take_list
from harbor_search.ranking.conjunction import top_required
from harbor_search.ranking.cursors import find
from harbor_search.ranking.intersection import top_intersection
from harbor_search.ranking.phrase_top_k import top_phrase
from harbor_search.ranking.phrases import LIST, OFFSET, PLACE, phrase_fields, phrase_weight
from harbor_search.ranking.posting_lists import lists_at
from harbor_search.ranking.query_plan import HEAD, PLANNED, arrange
from harbor_search.ranking.scratch import scratch_at
from harbor_search.ranking.tables import int64s
from harbor_search.ranking.top_k_heap import ranked
from harbor_search.ranking.union import top_union

__all__ = ["MOST", "SCALE", "TOP_KERNEL", "list_phrase", "match"]

SCALE = 20
"""Fraction bits of a score in whole units: fine enough for the fourth decimal of a sum of many terms."""

MOST = 2.0**30
"""Bound of a score in whole units: the accumulators are int32."""

_SHORT = 8
"""A list is short beside others that have so many times its postings together."""


@inlined
def _parts(plan, size):
    """The required, optional and excluded lists and the phrases of a plan."""
    required = 4 + plan[1]
    optional = required + plan[2]
    excluded = optional + plan[3]
    return plan[4:required], plan[required:optional], plan[optional:excluded], plan[excluded:size]


@part
def _scale(lists, required, optional, phrases):
    """The fraction bits with which no score can overflow the accumulators."""
    total = 0.0
    for number in required:
        total += lists.weights[number]
    for number in optional:
        total += lists.weights[number]
    at = 0
    while at < phrases.size:
        for i in range(phrases[at]):
            total += lists.weights[phrases[at + 2 + i]]
        at += 2 + 2 * phrases[at]
    shift = SCALE
    while total * 2.0**shift > MOST:
        shift -= 1
    return shift


@kernel
def find_top(address, request):
    """Write the best documents of a plan and their scores to the scratch buffers for them.

    `request` is the address of a `RankingRequest`. Returns how many the best are, and in the bits from 32 on how many
    documents match, or a lower bound of that where they are not to be counted; -1 where plans cannot say what the
    clauses do. (A pair would cost the caller a quarter of a microsecond, and so would two more arguments.)
    """
    lists, scratch = lists_at(address), scratch_at(address)
    head = int64s(request, HEAD)
    reading, k, counting, plan_size = head[0], head[1], head[2] != 0, head[3]
    plan = int64s(request + 8 * HEAD, plan_size)
    if reading != PLANNED:
        plan_size = np.int64(arrange(plan, plan_size, reading, scratch.plan))
        plan = scratch.plan
    if plan_size < 0:
        return plan_size
    required, optional, excluded, phrases = _parts(plan, plan_size)
    shift = plan[0] if plan[0] else _scale(lists, required, optional, phrases)
    scale = 2.0**shift
    size, matches = 0, np.int64(0)
    # A required list that is all there is may as well be an optional one.
    if required.size == 1 and plan_size == 5:
        required, optional = optional, required
    lone = required.size == 1 and phrases.size == 0 and not _is_short(lists, required[0], optional)
    if plan_size - 4 == phrases.size and phrases.size and _is_exact(phrases):
        size, matches = top_phrase(lists, scratch, phrases, scale, counting, k)
    elif required.size and phrases.size == 0 and optional.size == 0:
        size, matches = top_intersection(lists, scratch, required, excluded, scale, counting, k)
    elif not lone and (required.size or phrases.size):
        size, matches = top_required(lists, scratch, required, phrases, optional, excluded, scale, counting, k)
    elif lone or optional.size:
        lone_and_optional = plan[4 : 4 + required.size + optional.size]
        size, matches = _top_any(lists, scratch, lone_and_optional, required, optional, excluded, scale, counting, k)
    ranked(scratch.keys, size, scratch.order, 2.0**-shift, scratch.documents, scratch.scores)
    return matches << 32 | size


TOP_KERNEL = find_top, "int64, int64"
"""The kernel and what it takes: it is the longest to compile."""


@part
def _top_any(lists, scratch, ids, required, optional, excluded, scale, counting, k):
    """Find the best `k` documents of a required list, where there is one, or else of any of the optional ones; `ids`
    are both.

    Returns (how many keys there are, how many documents match, or a lower bound of that).
    """
    # What is known of the best in a list bounds the best of all, if all in the list may match.
    bounding = 0 if scratch.mask.size or excluded.size else 1 if required.size else ids.size
    mask = _allowed(lists, scratch, required, excluded)
    size, matches = 0, np.int64(0)
    if k:
        size = top_union(lists, scratch, ids, scale, bounding, mask, k)
    if counting:
        matches = count(mask) if required.size else _count_any(lists, optional, mask)
    elif bounding:
        matches = _longest(lists, required if required.size else optional)
    return size, matches


@part
def _is_short(lists, number, optional):
    """Whether walking a required list and looking up its documents in the optional ones takes less than a union of all
    within it: it is short beside several others."""
    postings = np.int64(0)
    for other in optional:
        postings += lists.ends[other] - lists.starts[other]
    return optional.size > 1 and _SHORT * (lists.ends[number] - lists.starts[number]) < postings


@part
def _is_exact(phrases):
    """Whether it is one phrase of several words, none of which may stand elsewhere than its place."""
    return phrases.size == 2 + 2 * phrases[0] and phrases[1] == 0 and phrases[0] >= 2


@part
def _allowed(lists, scratch, required, excluded):
    """What of the mask the required list, if any, and excluded ones leave; empty where that is all."""
    mask, words = scratch.mask, scratch.allowed
    if required.size:
        row = lists.bitmap[required[0]]
        if excluded.size == 0 and mask.size == 0 and row >= 0:
            return lists.words[row]
        words[:] = 0
        add_list(lists, required[0], words)
        for i in range(mask.size):
            words[i] &= mask[i]
    elif excluded.size == 0:
        return mask
    elif mask.size:
        copy_values(mask, words)
    else:
        words[:] = ~np.uint64(0)
    for number in excluded:
        take_list(lists, number, words)
    return words


@part
def _longest(lists, ids):
    """How many postings the longest of some lists has: no fewer documents have one of their terms."""
    longest = np.int64(0)
    for number in ids:
        longest = max(longest, lists.ends[number] - lists.starts[number])
    return longest


@part
def _count_any(lists, optional, mask):
    """How many documents of `mask` (empty: all) have one of the optional lists."""
    words = np.zeros(lists.words.shape[1], np.uint64)
    for number in optional:
        add_list(lists, number, words)
    for i in range(mask.size):
        words[i] &= mask[i]
    return count(words)


@kernel
def match(address, plan, words):
    """Set the bits of the documents that match a plan (int64[]) without phrases in uint64 `words`, all zero."""
    lists = lists_at(address)
    required, optional, excluded, _ = _parts(plan, plan.size)
    if required.size:
        add_required(lists, required, words)
    else:
        for number in optional:
            add_list(lists, number, words)
    for number in excluded:
        take_list(lists, number, words)


@kernel
def list_phrase(address, phrase, start):
    """Write the documents with a phrase, and their impacts, from `start` on to the cache's arrays.

    `phrase` (int64[]) is as in a plan. Returns (how many they are, the factor of their impacts).
    """
    lists, scratch = lists_at(address), scratch_at(address)
    n, driver, weight = phrase[0], 0, 0.0
    ids, terms = phrase[2 : 2 + n], scratch.phrase_terms[:n]
    for i in range(n):
        terms[i, LIST], terms[i, OFFSET] = ids[i], phrase[2 + n + i]
        weight += lists.weights[ids[i]]
        if lists.ends[ids[i]] - lists.starts[ids[i]] < lists.ends[ids[driver]] - lists.starts[ids[driver]]:
            driver = i
    documents, impacts = lists.documents, lists.impacts
    fields, cursors = phrase_fields(lists, scratch, phrase, 0), lists.starts[ids]
    out = start
    for at in range(lists.starts[ids[driver]], lists.ends[ids[driver]]):
        document = np.int64(documents[at])
        found = True
        for i in range(n):
            terms[i, PLACE] = find(lists, ids[i], cursors, i, document)
            if terms[i, PLACE] < 0:
                found = False
                break
        if found:
            weighted = phrase_weight(lists, scratch, terms, phrase[1], fields, document, False)
            if weighted > 0:
                documents[out], impacts[out] = document, weighted / (scratch.k1 + weighted)
                out += 1
    return out - start, weight
