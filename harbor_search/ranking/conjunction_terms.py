"""What a query requires, prepared for walking: its lists by length, its phrases, and what each can add at most.

It is noted in the scratch buffers: allocating them anew would take as long as many a query does. The lists' rows come
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
    "REMAINING",
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
    "insert_term",
    "set_term",
    "prepare",
    "prepare_others",
    "rewind",
    "set_bounds",
]

NUMBER, START, END, ROW, COLUMN, CURSOR, POSTING, REMAINING = range(8)
"""What is known of a list: its number, where its postings begin and end, its bitmap and its column (-1: none), how far
it was walked, the current document's posting, and what it and the lists after it can add."""


class Required(NamedTuple):
    """The required lists and phrases, in numbers.

    Of the first `lists` rows of `scratch.terms`, `scratch.factors` are 0 where only a phrase needs the list.

    Of the first `phrases` phrases, `scratch.phrase_starts` say where each begins in the plan's phrases. From
    `scratch.phrase_words` on, up to those of the next phrase, `scratch.phrase_rows` are the rows of its words' lists,
    and `scratch.phrase_terms` what `phrases` asks for of each word. `scratch.phrase_weights` are the factors of its
    impacts, and `scratch.phrase_field_bits` the fields that it may stand in, as bits.

    `slope` is what an impact of one in the first list says about the score, `rest` what all that the first list says
    nothing about can add, `phrases_bound` what all phrases can add.
    """

    lists: int
    phrases: int
    slope: float
    rest: np.int64
    phrases_bound: np.int64


class Others(NamedTuple):
    """The lists that no match needs: the first `extras` rows add to the score, `optional_bound` in all at most; no
    match is in those of the `excluded` rows after them."""

    extras: int
    excluded: int
    optional_bound: np.int64


@inlined
def above(value):
    """A bound with room for what rounding adds to single contributions, one part in 2**23 each, and for their units."""
    return value + (value >> 18) + 8


@inlined
def set_term(lists, terms, j, number, remaining):
    """Fill a row of what is known of a list."""
    terms[j, NUMBER], terms[j, ROW], terms[j, REMAINING] = number, lists.bitmap[number], remaining
    terms[j, COLUMN] = lists.column[number]
    terms[j, START], terms[j, END] = lists.starts[number], lists.ends[number]
    terms[j, CURSOR] = terms[j, POSTING] = lists.starts[number]


@part
def insert_term(lists, terms, size, number, counted):
    """Add a list to `size` rows in order of length, shortest first; `set_bounds` is told whether it is `counted`."""
    length = lists.ends[number] - lists.starts[number]
    j = size
    while j > 0 and terms[j - 1, END] - terms[j - 1, START] > length:
        copy_values(terms[j - 1], terms[j])
        j -= 1
    set_term(lists, terms, j, number, np.int64(counted))


@part
def set_bounds(lists, terms, factors, size, scale):
    """Note the factors of `size` rows, and what each and those after it can add; nothing of what is not counted."""
    remaining = np.int64(0)
    for j in range(size - 1, -1, -1):
        number = terms[j, NUMBER]
        factors[j] = 0
        if terms[j, REMAINING]:
            factors[j] = lists.weights[number] * scale
            remaining += contribution(factors[j], lists.highest[number])
        terms[j, REMAINING] = remaining


@part
def rewind(terms, first, end):
    """Have the lists of some rows asked from their first documents on."""
    for j in range(first, end):
        terms[j, CURSOR] = terms[j, START]


@inlined
def have_bitmaps(terms, first, end):
    """Whether all lists of some rows have bitmaps."""
    for j in range(first, end):
        if terms[j, ROW] < 0:
            return False
    return True


@inlined
def candidate(lists, scratch, n, document):
    """The first document, from `document` on, that may be allowed and in all of the first `n` lists; where there is
    none, a number that no document has.

    It is `document`, which is in the first list, just where that is so; then the postings of the other lists are known
    but for those with bitmaps. Documents come in ascending order.
    """
    if not in_mask(scratch.mask, document):
        return document + 1
    terms = scratch.terms
    for j in range(1, n):
        row = terms[j, ROW]
        if row >= 0:
            if not in_row(lists.words, row, document):
                return document + 1
        else:
            at = gallop(lists.documents, terms[j, CURSOR], terms[j, END], document)
            terms[j, CURSOR] = terms[j, POSTING] = at
            if at == terms[j, END]:
                return np.int64(scratch.ranks.size)
            if lists.documents[at] != document:
                return np.int64(lists.documents[at])
    return document


@part
def prepare(lists, scratch, ids, blocks, scale):
    """Note all that is required, and return the `Required` of it.

    Args:
        lists, scratch: what is at hand.
        ids: int64[n], the lists required for themselves.
        blocks: int64[], the phrases as the plan has them.
        scale: whole units of a score of one.
    """
    terms, factors, begins, words = scratch.terms, scratch.factors, scratch.phrase_starts, scratch.phrase_words
    size, phrases, at = ids.size, 0, 0
    for i in range(size):
        insert_term(lists, terms, i, ids[i], True)
    words[0] = 0
    while at < blocks.size:
        for i in range(blocks[at]):
            # A word that is there already ("to be or not to be") is asked for once.
            if _row_of(terms, size, blocks[at + 2 + i]) < 0:
                insert_term(lists, terms, size, blocks[at + 2 + i], False)
                size += 1
        begins[phrases], words[phrases + 1] = at, words[phrases] + blocks[at]
        phrases += 1
        at += 2 + 2 * blocks[at]
    set_bounds(lists, terms, factors, size, scale)
    slope, rest, phrases_bound = np.float64(factors[0]), np.int64(0), np.int64(0)
    if size > 1:
        rest += terms[1, REMAINING]
    for p in range(phrases):
        _order_words(scratch, blocks, begins[p], words[p], size)
        first, most = _weigh_phrase(lists, scratch, blocks, p, scale)
        phrases_bound += most
        if first:
            slope += np.float64(scratch.phrase_weights[p])
        else:
            rest += most
    return Required(size, phrases, slope, rest, phrases_bound)


@inlined
def _row_of(terms, size, number):
    """The row of a list among the first `size`; -1 where it has none."""
    for j in range(size):
        if terms[j, NUMBER] == number:
            return np.int64(j)
    return np.int64(-1)


@part
def _order_words(scratch, blocks, at, word, size):
    """Note the rows, lists and distances of a phrase's words, from `word` on.

    The rarest word comes first, but where there is a slop: that is counted from word to word.
    """
    rows, phrase_terms = scratch.phrase_rows, scratch.phrase_terms
    n = blocks[at]
    for i in range(n):
        row, j = _row_of(scratch.terms, size, blocks[at + 2 + i]), word + i
        while j > word and rows[j - 1] > row and blocks[at + 1] == 0:
            rows[j] = rows[j - 1]
            copy_values(phrase_terms[j - 1], phrase_terms[j])
            j -= 1
        rows[j], phrase_terms[j, LIST], phrase_terms[j, OFFSET] = row, blocks[at + 2 + i], blocks[at + 2 + n + i]
        phrase_terms[j, PLACE] = 0


@part
def _weigh_phrase(lists, scratch, blocks, p, scale):
    """Note a phrase's factor and fields.

    Returns (whether the first list says something about it, what it can add).
    """
    rows, begin = scratch.phrase_rows, scratch.phrase_starts[p]
    weight, highest, first = 0.0, np.float32(np.inf), False
    for word in range(scratch.phrase_words[p], scratch.phrase_words[p + 1]):
        number = scratch.phrase_terms[word, LIST]
        weight += lists.weights[number]
        # Of words at any distance up to the slop, it is the first one's occurrences that are counted.
        if word == scratch.phrase_words[p] or blocks[begin + 1] == 0:
            highest = min(highest, lists.highest[number])
            first |= rows[word] == 0
    scratch.phrase_weights[p] = weight * scale
    scratch.phrase_field_bits[p] = phrase_fields(lists, scratch, blocks, begin)
    return first, above(contribution(scratch.phrase_weights[p], highest))


@part
def prepare_others(lists, scratch, optional, excluded, first, scale):
    """Note the lists that no match needs in the rows from `first` on, and return the `Others` of them."""
    terms, factors = scratch.terms, scratch.factors
    for i in range(optional.size):
        number, j = optional[i], first + i
        bound = contribution(np.float32(lists.weights[number] * scale), lists.highest[number])
        while j > first and terms[j - 1, REMAINING] < bound:
            copy_values(terms[j - 1], terms[j])
            j -= 1
        set_term(lists, terms, j, number, bound)
    excluded_start = first + optional.size
    optional_bound = np.int64(0)
    for j in range(excluded_start - 1, first - 1, -1):
        optional_bound += terms[j, REMAINING]
        terms[j, REMAINING] = optional_bound
        factors[j] = lists.weights[terms[j, NUMBER]] * scale
    for i in range(excluded.size):
        set_term(lists, terms, excluded_start + i, excluded[i], np.int64(0))
    return Others(optional.size, excluded.size, optional_bound)
