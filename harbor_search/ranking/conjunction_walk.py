"""Documents that have all that is required: the shortest list is walked, and the others are asked for its documents."""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import part
from harbor_search.ranking.conjunction_score import score_of_match
from harbor_search.ranking.conjunction_terms import END, POSTING, START, above, candidate, rewind
from harbor_search.ranking.cursors import gallop
from harbor_search.ranking.posting_lists import BLOCK
from harbor_search.ranking.top_k_heap import key_of, push, score_of

__all__ = ["walk_shortest"]


@part
def walk_shortest(lists, scratch, blocks, required, others, counting, k, size, threshold, least, below):
    """As `conjunction.top_required`.

    Only postings of the shortest list whose impacts are at least `least` and below `below` are looked at. `size` keys
    are there already, and a document must reach `threshold`.

    Returns (how many keys there are, how many matches were visited, the threshold).
    """
    documents, impacts, maxima = lists.documents, lists.impacts, lists.maxima
    terms, keys = scratch.terms, scratch.keys[:k]
    slope, n = required.slope, required.lists
    rest = required.rest + others.optional_bound + n
    rewind(terms, 0, n + others.extras + others.excluded)
    matches = 0
    at, end = terms[0, START], terms[0, END]
    while at < end:
        if at % BLOCK == 0 and not counting:
            highest = maxima[at // BLOCK]
            if highest < least or above(np.int64(slope * highest) + rest) < threshold:
                at += BLOCK
                continue
        impact = impacts[at]
        if impact < least or impact >= below or (not counting and above(np.int64(slope * impact) + rest) < threshold):
            at += 1
            continue
        document = np.int64(documents[at])
        terms[0, POSTING] = at
        at += 1
        following = candidate(lists, scratch, n, document)
        if following > document:
            at = gallop(documents, at, end, following)
            continue
        score = score_of_match(lists, scratch, blocks, required, others, document, threshold, counting)
        matches += score >= 0
        if score >= threshold:
            size = push(keys, size, key_of(score, scratch.ranks[document]))
            if size == k:
                threshold = max(threshold, score_of(keys[0]))
    return size, matches, threshold
