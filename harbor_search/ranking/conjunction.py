"""The best documents that have all of some words and phrases, and none of others.

The rarest list is walked; the others are asked for each of its documents, by bitmap where they have one, by galloping
where not. Where all lists are common, their bitmaps are intersected instead. Blocks and documents that cannot
reach the threshold are skipped: a document is worth no more than the impacts of its words say, a phrase no more than
the least of its words', and positions are looked at last.
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import part
from harbor_search.ranking.conjunction_bitmaps import top_of_bitmaps
from harbor_search.ranking.conjunction_count import count_required
from harbor_search.ranking.conjunction_terms import END, NUMBER, START, have_bitmaps, prepare, prepare_others
from harbor_search.ranking.conjunction_walk import walk_shortest
from harbor_search.ranking.crossovers import BITMAP_SHARE_WITH_OPTIONAL, TWO_PASSES

__all__ = ["top_required"]

_NEVER = np.int64(1) << np.int64(62)
"""A threshold that nothing reaches."""


@part
def top_required(lists, scratch, ids, blocks, optional, excluded, scale, counting, k):
    """Find the best `k` documents that have all required lists and phrases.

    Args:
        lists, scratch: what is at hand; `scratch.keys` receives a heap of keys (see `top_k_heap`).
        ids: int64[n], the required lists.
        blocks: int64[], the required phrases, each the number of its words, two at least, its slop, the words' lists,
            and their distances from the first word. There is a list or a phrase at least.
        optional: int64[n], lists that add to the score.
        excluded: int64[n], lists that no match is in.
        scale: whole units of a score of one.
        counting: whether all matches are to be counted.

    Returns (how many keys there are, how many matches, where they are counted).
    """
    required = prepare(lists, scratch, ids, blocks, scale)
    others = prepare_others(lists, scratch, optional, excluded, required.lists, scale)
    terms, n = scratch.terms, required.lists
    size, matches, threshold = 0, np.int64(0), np.int64(1) if k else _NEVER
    if counting and blocks.size == 0:
        excluded_start = n + others.extras
        matches, counting = count_required(lists, scratch, n, excluded_start, excluded_start + others.excluded), False
    if not counting and k == 0:
        return 0, matches
    length = terms[0, END] - terms[0, START]
    if length * BITMAP_SHARE_WITH_OPTIONAL > scratch.ranks.size and have_bitmaps(terms, 0, n):
        size, visited = top_of_bitmaps(lists, scratch, blocks, required, others, counting, k, threshold)
        return size, visited if counting else matches
    # Of so many postings at least, the impacts that the best have are known (see `posting_lists.FLOORS`).
    best = np.float32(0)
    if length >= TWO_PASSES and k <= 10 and not counting:
        best = lists.floors[terms[0, NUMBER], 1]
    for walk in range(2 if best > 0 else 1):
        least, below = (best, np.float32(np.inf)) if walk == 0 else (np.float32(0), best)
        size, visited, threshold = walk_shortest(
            lists, scratch, blocks, required, others, counting, k, size, threshold, least, below
        )
        if counting:
            matches = np.int64(visited)
    return size, matches
