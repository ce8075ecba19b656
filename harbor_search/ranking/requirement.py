"""What a query requires, prepared for walking: its lists by length, its phrases, and what each can add at most.

Kernels read and write these in their innermost loops, so they are few arrays with a row for each list.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harbor_search.compiled import copy_values, inlined, part
from harbor_search.ranking.lookup import contribution
from harbor_search.ranking.phrases import LIST, OFFSET, PLACE, WORD_WIDTH, phrase_fields

__all__ = [
    "BEHIND",
    "COLUMN",
    "CURSOR",
    "END",
    "NUMBER",
    "POSTING",
    "ROW",
    "START",
    "WIDTH",
    "Collection",
    "Others",
    "Phrases",
    "Required",
    "above",
    "have_bitmaps",
    "know",
    "prepare",
    "prepare_others",
    "rewind",
]

NUMBER, START, END, ROW, COLUMN, CURSOR, POSTING, BEHIND = range(8)
"""What is known of a list: its number, where its postings begin and end, its bitmap and its column (-1: none), how far
it was walked, the current document's posting, and what it and the lists behind it can add."""

WIDTH = BEHIND + 1
"""How many numbers that is."""


class Collection(NamedTuple):
    """What is alike in all queries.

    `norms` float32[fields, documents] and `k1` float32 as `folding` has them; `ranks` int32[documents], each document's
    place in the order of article ids; `marks` uint8[], all zero, and again so after each query (see
    `phrases.phrase_weight`).
    """

    norms: npt.NDArray[np.float32]
    k1: np.float32
    ranks: npt.NDArray[np.int32]
    marks: npt.NDArray[np.uint8]


class Phrases(NamedTuple):
    """The required phrases.

    `blocks` int64[] as the plan has them, and `at` int64[phrases], where each begins there; `words` int64[phrases + 1],
    the first of each phrase's words in `slots`; `slots` int64[words of phrases], the row of each word's list; `spoken`
    int64[words of phrases, WORD_WIDTH], what `phrases` asks for of each word; `weights` float32[phrases], the factors
    of their impacts; `fields` uint64[phrases], the fields that each may stand in, as bits.
    """

    blocks: npt.NDArray[np.int64]
    at: npt.NDArray[np.int64]
    words: npt.NDArray[np.int64]
    slots: npt.NDArray[np.int64]
    spoken: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float32]
    fields: npt.NDArray[np.uint64]


class Required(NamedTuple):
    """The required lists, those of phrases' words among them, shortest first, and the phrases.

    `known` int64[lists, WIDTH], what is known of each list, and `factors` float32[lists], whole units of an impact of
    one, 0 where only a phrase needs the list. `slope` is what an impact of one in the first list says about the score,
    `rest` what all that the first list says nothing about can add, `sure` what all phrases can add.
    """

    known: npt.NDArray[np.int64]
    factors: npt.NDArray[np.float32]
    phrases: Phrases
    slope: float
    rest: np.int64
    sure: np.int64


class Others(NamedTuple):
    """The lists that no match needs: `extras`, with `factors`, add to the score, no match is in those of `barred`.

    `extras` and `barred` are int64[lists, WIDTH]; all extras can add `promised`.
    """

    extras: npt.NDArray[np.int64]
    factors: npt.NDArray[np.float32]
    barred: npt.NDArray[np.int64]
    promised: np.int64


@inlined
def above(value):  # type: ignore[no-untyped-def]
    """A bound with room for what rounding adds to single contributions, one part in 2**23 each, and for their units."""
    return value + (value >> 18) + 8


@part
def prepare(lists, ids, blocks, scale):  # type: ignore[no-untyped-def]
    """The `Required` of a plan.

    Args:
        lists: the arena's arrays.
        ids: int64[n], the lists required for themselves.
        blocks: int64[], the phrases as the plan has them.
        scale: whole units of a score of one.
    """
    at, words = _phrases(blocks)
    n_words = words[at.size]
    unordered, slots = np.empty(ids.size + n_words, np.int64), np.empty(n_words, np.int64)
    copy_values(ids, unordered)
    size = ids.size
    for p in range(at.size):
        for i in range(blocks[at[p]]):
            # A word that phrases have several times ("to be or not to be") is asked for once.
            same = ids.size
            while same < size and unordered[same] != blocks[at[p] + 2 + i]:
                same += 1
            if same == size:
                unordered[size] = blocks[at[p] + 2 + i]
                size += 1
            slots[words[p] + i] = same
    unordered = unordered[:size]
    order = _by_size(lists, unordered)
    known, rows = np.empty((order.size, WIDTH), np.int64), np.empty(order.size, np.int64)
    factors = np.zeros(order.size, np.float32)
    behind = np.int64(0)
    for j in range(order.size - 1, -1, -1):
        number = unordered[order[j]]
        rows[order[j]] = j
        if order[j] < ids.size:
            factors[j] = lists.weights[number] * scale
            behind += contribution(factors[j], lists.highest[number])
        know(lists, known, j, number, behind)
    spoken = np.empty((n_words, WORD_WIDTH), np.int64)
    for p in range(at.size):
        _order_words(blocks, at[p], slots[words[p] : words[p + 1]], rows, spoken[words[p] : words[p + 1]])
    weights, slope, rest, sure = _weigh(lists, blocks, at, words, slots, known, scale)
    if order.size > 1:
        rest += known[1, BEHIND]
    fields = np.empty(at.size, np.uint64)
    for p in range(at.size):
        fields[p] = phrase_fields(lists.positioned, blocks, at[p], lists.positioned.shape[1] // 2)
    phrases = Phrases(blocks, at, words, slots, spoken, weights, fields)
    return Required(known, factors, phrases, slope + np.float64(factors[0]), rest, sure)


@inlined
def know(lists, known, j, number, behind):  # type: ignore[no-untyped-def]
    """Fill a row of what is known of a list."""
    known[j, NUMBER], known[j, ROW], known[j, BEHIND] = number, lists.bitmap[number], behind
    known[j, COLUMN] = lists.column[number]
    known[j, START], known[j, END] = lists.starts[number], lists.ends[number]
    known[j, CURSOR] = known[j, POSTING] = lists.starts[number]


@part
def rewind(known):  # type: ignore[no-untyped-def]
    """Have each list asked from its first document on."""
    for j in range(known.shape[0]):
        known[j, CURSOR] = known[j, START]


@inlined
def have_bitmaps(known):  # type: ignore[no-untyped-def]
    """Whether all of some lists have bitmaps."""
    for j in range(known.shape[0]):
        if known[j, ROW] < 0:
            return False
    return True


@part
def _order_words(blocks, at, slots, rows, spoken):  # type: ignore[no-untyped-def]
    """Note the lists and distances of a phrase's words, and turn `slots` from lists as given to rows of `known`.

    The rarest word comes first, but where there is a slop: that is counted from word to word.
    """
    n = blocks[at]
    for i in range(n):
        row, j = rows[slots[i]], i
        while j > 0 and slots[j - 1] > row and blocks[at + 1] == 0:
            slots[j] = slots[j - 1]
            copy_values(spoken[j - 1], spoken[j])
            j -= 1
        slots[j], spoken[j, LIST], spoken[j, OFFSET] = row, blocks[at + 2 + i], blocks[at + 2 + n + i]
        spoken[j, PLACE] = 0


@part
def _phrases(blocks):  # type: ignore[no-untyped-def]
    """Where each phrase's block begins, and how many words the phrases before it (and all) have."""
    count, at = 0, 0
    while at < blocks.size:
        count += 1
        at += 2 + 2 * blocks[at]
    begins, words = np.empty(count, np.int64), np.zeros(count + 1, np.int64)
    at = 0
    for p in range(count):
        begins[p], words[p + 1] = at, words[p] + blocks[at]
        at += 2 + 2 * blocks[at]
    return begins, words


@part
def _by_size(lists, numbers):  # type: ignore[no-untyped-def]
    """The order of lists by length, shortest first."""
    order = np.empty(numbers.size, np.int64)
    for i in range(numbers.size):
        size = lists.ends[numbers[i]] - lists.starts[numbers[i]]
        j = i
        while j > 0 and lists.ends[numbers[order[j - 1]]] - lists.starts[numbers[order[j - 1]]] > size:
            order[j] = order[j - 1]
            j -= 1
        order[j] = i
    return order


@part
def _weigh(lists, blocks, at, words, slots, known, scale):  # type: ignore[no-untyped-def]
    """Of phrases: their factors, what the first list says about them, and what those can add that it says nothing of,
    and all."""
    weights = np.empty(at.size, np.float32)
    slope, rest, sure = 0.0, np.int64(0), np.int64(0)
    for p in range(at.size):
        weight, highest, first = 0.0, np.float32(np.inf), False
        for i in range(blocks[at[p]]):
            slot = slots[words[p] + i]
            weight += lists.weights[known[slot, NUMBER]]
            # Of words at any distance up to the slop, it is the first one's occurrences that are counted.
            if i == 0 or blocks[at[p] + 1] == 0:
                highest = min(highest, lists.highest[known[slot, NUMBER]])
                first |= slot == 0
        weights[p] = weight * scale
        most = above(contribution(weights[p], highest))
        sure += most
        if first:
            slope += np.float64(weights[p])
        else:
            rest += most
    return weights, slope, rest, sure


@part
def prepare_others(lists, optional, excluded, scale):  # type: ignore[no-untyped-def]
    """The `Others` of a plan."""
    extras, factors = _by_promise(lists, optional, scale)
    barred, _ = _by_promise(lists, excluded, scale)
    return Others(extras, factors, barred, extras[0, BEHIND] if extras.shape[0] else np.int64(0))


@part
def _by_promise(lists, numbers, scale):  # type: ignore[no-untyped-def]
    """What is known (int64[lists, columns]) of optional lists, the one that can add most first, and their factors."""
    ordered, bounds = numbers.copy(), np.zeros(numbers.size + 1, np.int64)
    for i in range(numbers.size):
        bound = contribution(np.float32(lists.weights[numbers[i]] * scale), lists.highest[numbers[i]])
        j = i
        while j > 0 and bounds[j - 1] < bound:
            ordered[j], bounds[j] = ordered[j - 1], bounds[j - 1]
            j -= 1
        ordered[j], bounds[j] = numbers[i], bound
    known, factors = np.empty((numbers.size, WIDTH), np.int64), np.empty(numbers.size, np.float32)
    for j in range(numbers.size - 1, -1, -1):
        bounds[j] += bounds[j + 1]
        factors[j] = lists.weights[ordered[j]] * scale
        know(lists, known, j, ordered[j], bounds[j])
    return known, factors
