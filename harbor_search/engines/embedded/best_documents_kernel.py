"""The kernels that put the best documents of a query in order: two rankings made one, and one made anew."""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import inlined, kernel, part
from harbor_search.ranking.cursors import gallop, in_bitmap

__all__ = ["merge_best", "order_again"]


@kernel
def merge_best(
    documents, scores, preferred, preferred_scores, more, is_preferred, ranks, members, groups, number, most
):
    """The best of two rankings, of which the documents in the second score more, and of each group the best.

    Args:
        documents, scores: int32[n], float64[n], the ranking of all documents, best first.
        preferred, preferred_scores: int32[m], float64[m], that of those that score `more` times as much.
        is_preferred: uint64[], the bitmap of those.
        ranks: int32[], by document the order of those that score the same.
        members, groups, number: int32[g], documents in ascending order that are in a group, and in which of so many.
        most: how many are taken before groups are looked at.

    Returns (documents int64[k], scores float64[k], taken): without those that come behind another of their group.
    """
    size = min(most, documents.size + preferred.size)
    best, values = np.empty(size, np.int64), np.empty(size)
    met = np.zeros(number, np.bool_)
    one, other, taken, kept = 0, 0, 0, 0
    while taken < most:
        while is_preferred.size and one < documents.size and in_bitmap(is_preferred, documents[one]):
            one += 1
        if one == documents.size and other == preferred.size:
            break
        document, value = np.int64(0), 0.0
        if one < documents.size and not _is_before(
            preferred, preferred_scores, other, more, documents[one], scores[one], ranks
        ):
            document, value = np.int64(documents[one]), scores[one]
            one += 1
        else:
            document, value = np.int64(preferred[other]), preferred_scores[other] * more
            other += 1
        taken += 1
        group = _group_of(members, groups, document)
        if group < 0 or not met[group]:
            best[kept], values[kept] = document, value
            kept += 1
        if group >= 0:
            met[group] = True
    return best[:kept], values[:kept], taken


@inlined
def _is_before(preferred, scores, place, more, document, score, ranks):
    """Whether a place of the second ranking comes before a document with a score."""
    if place == preferred.size:
        return False
    value = scores[place] * more
    return value > score or (value == score and ranks[preferred[place]] < ranks[document])


@inlined
def _group_of(members, groups, document):
    """The group of a document, -1 for none."""
    at = gallop(members, np.int64(0), np.int64(members.size), document)
    return groups[at] if at < members.size and members[at] == document else np.int32(-1)


@kernel
def order_again(documents, scores, titles, untitled, counted, repeated, ranks, factors, better):
    """Put documents (int64[k], a few dozen) and their `scores` (float64[k]) in order, best first, after these were
    multiplied by what it counts that a title is that of a better document. Returns how many have such a title.

    Args:
        titles: int32[k], numbers that tell titles apart, of which `untitled` is none.
        counted: float64[k], what the titles counted, which led to the best and do not count again.
        repeated: what the first of those with the title of a better one counts, each further one that much of the one
            before; 1 where titles may be repeated.
        ranks: int32[], by document the order of those that score the same.
        factors, better: float64[k] and int64[k], where it is written what each document counts, and at which place the
            better one was (-1: there is none), by the places that they had before.
    """
    order = _best_first(documents, scores, ranks)
    factors[:] = 1.0
    better[:] = -1
    repeats = 0
    for i in range(order.size if repeated < 1.0 else 0):
        place, times = order[i], 0
        if titles[place] == untitled:
            continue
        for j in range(i):
            if titles[order[j]] == titles[place]:
                better[place] = order[j] if times == 0 else better[place]
                times += 1
        if times:
            factors[place] = repeated**times / counted[place]
            repeats += 1
    if repeats:
        for place in range(scores.size):
            scores[place] *= factors[place]
        order = _best_first(documents, scores, ranks)
    _put_in_order(documents, order)
    _put_in_order(scores, order)
    return repeats


@part
def _put_in_order(values, order):
    """Put first the value at the first place of an order, and so on."""
    before = values.copy()
    for place in range(order.size):
        values[place] = before[order[place]]


@part
def _best_first(documents, scores, ranks):
    """The places of documents by descending score; of those that score the same, by ascending rank."""
    order = np.empty(scores.size, np.int64)
    for place in range(scores.size):
        at = place
        while at > 0:
            before = order[at - 1]
            if scores[before] > scores[place] or (
                scores[before] == scores[place] and ranks[documents[before]] <= ranks[documents[place]]
            ):
                break
            order[at] = before
            at -= 1
        order[at] = place
    return order
