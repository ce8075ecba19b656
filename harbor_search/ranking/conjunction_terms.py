"""What a query requires, prepared for walking: its lists by length, its phrases, and what each can add at most.

It is noted in the search's own room, as to allocate that much would cost as much as many a query. The lists' rows come
in this order: required ones, shortest first, those of phrases' words among them; optional ones, the one that can add
most first; excluded ones.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from harbor_search.compiled import copy_values, inlined, part
from harbor_search.ranking.cursors import contribution, gallop, in_mask, in_row
from harbor_search.ranking.phrases import LIST, OFFSET, PLACE, phrase_fields

__all__ = [
    "BEHIND",
    "COLUMN",
    "CURSOR",
    "END",
    "NUMBER",
    "POSTING",
    "ROW",
    "START",
    "Others",
    "Required",
    "above",
    "candidate",
    "have_bitmaps",
    "insert",
    "know",
    "prepare",
    "prepare_others",
    "rewind",
    "weigh",
]

NUMBER, START, END, ROW, COLUMN, CURSOR, POSTING, BEHIND = range(8)
"""What is known of a list: its number, where its postings begin and end, its bitmap and its column (-1: none), how far
it was walked, the current document's posting, and what it and the lists behind it can add."""


class Required(NamedTuple):
    """The required lists and phrases, in numbers.

    Of the first `lists` rows of `search.known`, `search.factors` are 0 where only a phrase needs the list.

    Of the first `phrases` phrases `search.begins` say where each begins in the plan's phrases; from `search.words` on,
    up to those of the next phrase, are the rows of its words' lists in `search.slots` and what `phrases` asks for of
    each word in `search.spoken`; `search.weights` are the factors of its impacts, and `search.fields` the fields that
    it may stand in, as bits.

    `slope` is what an impact of one in the first list says about the score, `rest` what all that the first list says
    nothing about can add, `sure` what all phrases can add.
    """

    lists: int
    phrases: int
    slope: float
    rest: np.int64
    sure: np.int64


class Others(NamedTuple):
    """The lists that no match needs: the first `extras` rows add to the score, `promised` in all at most; no match is
    in those of the `barred` rows behind them."""

    extras: int
    barred: int
    promised: np.int64


@inlined
def above(value):  # type: ignore[no-untyped-def]
    """A bound with room for what rounding adds to single contributions, one part in 2**23 each, and for their units."""
    return value + (value >> 18) + 8


@inlined
def know(lists, known, j, number, behind):  # type: ignore[no-untyped-def]
    """Fill a row of what is known of a list."""
    known[j, NUMBER], known[j, ROW], known[j, BEHIND] = number, lists.bitmap[number], behind
    known[j, COLUMN] = lists.column[number]
    known[j, START], known[j, END] = lists.starts[number], lists.ends[number]
    known[j, CURSOR] = known[j, POSTING] = lists.starts[number]


@part
def insert(lists, known, size, number, counted):  # type: ignore[no-untyped-def]
    """Add a list to `size` rows in order of length, shortest first, and note for `weigh` whether it is `counted`."""
    length = lists.ends[number] - lists.starts[number]
    j = size
    while j > 0 and known[j - 1, END] - known[j - 1, START] > length:
        copy_values(known[j - 1], known[j])
        j -= 1
    know(lists, known, j, number, np.int64(counted))


@part
def weigh(lists, known, factors, size, scale):  # type: ignore[no-untyped-def]
    """Note the factors of `size` rows, and what each and those behind it can add; nothing of what is not counted."""
    behind = np.int64(0)
    for j in range(size - 1, -1, -1):
        number = known[j, NUMBER]
        factors[j] = 0
        if known[j, BEHIND]:
            factors[j] = lists.weights[number] * scale
            behind += contribution(factors[j], lists.highest[number])
        known[j, BEHIND] = behind


@part
def rewind(known, first, behind):  # type: ignore[no-untyped-def]
    """Have the lists of some rows asked from their first documents on."""
    for j in range(first, behind):
        known[j, CURSOR] = known[j, START]


@inlined
def have_bitmaps(known, first, behind):  # type: ignore[no-untyped-def]
    """Whether all lists of some rows have bitmaps."""
    for j in range(first, behind):
        if known[j, ROW] < 0:
            return False
    return True


@inlined
def candidate(lists, search, n, document):  # type: ignore[no-untyped-def]
    """The first document, from `document` on, that may be allowed and in all of the first `n` lists; where there is
    none, a number that no document has.

    It is `document`, which is in the first list, just where that is so; then the postings of the other lists are known
    but for those with bitmaps. Documents come in ascending order.
    """
    if not in_mask(search.mask, document):
        return document + 1
    known = search.known
    for j in range(1, n):
        row = known[j, ROW]
        if row >= 0:
            if not in_row(lists.words, row, document):
                return document + 1
        else:
            at = gallop(lists.documents, known[j, CURSOR], known[j, END], document)
            known[j, CURSOR] = known[j, POSTING] = at
            if at == known[j, END]:
                return np.int64(search.ranks.size)
            if lists.documents[at] != document:
                return np.int64(lists.documents[at])
    return document


@part
def prepare(lists, search, ids, blocks, scale):  # type: ignore[no-untyped-def]
    """Note all that is required, and return the `Required` of it.

    Args:
        lists, search: what is at hand.
        ids: int64[n], the lists required for themselves.
        blocks: int64[], the phrases as the plan has them.
        scale: whole units of a score of one.
    """
    known, factors, begins, words = search.known, search.factors, search.begins, search.words
    size, phrases, at = ids.size, 0, 0
    for i in range(size):
        insert(lists, known, i, ids[i], True)
    words[0] = 0
    while at < blocks.size:
        for i in range(blocks[at]):
            # A word that is there already ("to be or not to be") is asked for once.
            if _row_of(known, size, blocks[at + 2 + i]) < 0:
                insert(lists, known, size, blocks[at + 2 + i], False)
                size += 1
        begins[phrases], words[phrases + 1] = at, words[phrases] + blocks[at]
        phrases += 1
        at += 2 + 2 * blocks[at]
    weigh(lists, known, factors, size, scale)
    slope, rest, sure = np.float64(factors[0]), np.int64(0), np.int64(0)
    if size > 1:
        rest += known[1, BEHIND]
    for p in range(phrases):
        _order_words(search, blocks, begins[p], words[p], size)
        first, most = _weigh_phrase(lists, search, blocks, p, scale)
        sure += most
        if first:
            slope += np.float64(search.weights[p])
        else:
            rest += most
    return Required(size, phrases, slope, rest, sure)


@inlined
def _row_of(known, size, number):  # type: ignore[no-untyped-def]
    """The row of a list among the first `size`; -1 where it has none."""
    for j in range(size):
        if known[j, NUMBER] == number:
            return np.int64(j)
    return np.int64(-1)


@part
def _order_words(search, blocks, at, word, size):  # type: ignore[no-untyped-def]
    """Note the rows, lists and distances of a phrase's words, from `word` on.

    The rarest word comes first, but where there is a slop: that is counted from word to word.
    """
    slots, spoken = search.slots, search.spoken
    n = blocks[at]
    for i in range(n):
        row, j = _row_of(search.known, size, blocks[at + 2 + i]), word + i
        while j > word and slots[j - 1] > row and blocks[at + 1] == 0:
            slots[j] = slots[j - 1]
            copy_values(spoken[j - 1], spoken[j])
            j -= 1
        slots[j], spoken[j, LIST], spoken[j, OFFSET] = row, blocks[at + 2 + i], blocks[at + 2 + n + i]
        spoken[j, PLACE] = 0


@part
def _weigh_phrase(lists, search, blocks, p, scale):  # type: ignore[no-untyped-def]
    """Note a phrase's factor and fields.

    Returns (whether the first list says something about it, what it can add).
    """
    slots, begin = search.slots, search.begins[p]
    weight, highest, first = 0.0, np.float32(np.inf), False
    for word in range(search.words[p], search.words[p + 1]):
        number = search.spoken[word, LIST]
        weight += lists.weights[number]
        # Of words at any distance up to the slop, it is the first one's occurrences that are counted.
        if word == search.words[p] or blocks[begin + 1] == 0:
            highest = min(highest, lists.highest[number])
            first |= slots[word] == 0
    search.weights[p] = weight * scale
    search.fields[p] = phrase_fields(lists, search, blocks, begin)
    return first, above(contribution(search.weights[p], highest))


@part
def prepare_others(lists, search, optional, excluded, first, scale):  # type: ignore[no-untyped-def]
    """Note the lists that no match needs in the rows from `first` on, and return the `Others` of them."""
    known, factors = search.known, search.factors
    for i in range(optional.size):
        number, j = optional[i], first + i
        bound = contribution(np.float32(lists.weights[number] * scale), lists.highest[number])
        while j > first and known[j - 1, BEHIND] < bound:
            copy_values(known[j - 1], known[j])
            j -= 1
        know(lists, known, j, number, bound)
    barred = first + optional.size
    promised = np.int64(0)
    for j in range(barred - 1, first - 1, -1):
        promised += known[j, BEHIND]
        known[j, BEHIND] = promised
        factors[j] = lists.weights[known[j, NUMBER]] * scale
    for i in range(excluded.size):
        know(lists, known, barred + i, excluded[i], np.int64(0))
    return Others(optional.size, excluded.size, promised)
