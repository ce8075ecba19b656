"""The kernel that looks for words among what is marked in the hits of a page as `show_hits` wrote them."""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import inlined, kernel, part
from harbor_search.engines.embedded.page_rows import (
    PASSAGES,
    RANGES_END,
    ROW_WIDTH,
    TEXT_END,
    TITLE,
    TITLE_END,
    TITLE_SIZE,
    TITLE_WIDTH,
)
from harbor_search.ranking.tables import int32s_at

__all__ = ["MARKED_WORDS_KERNEL", "find_marked"]

_LINE_END = 10


@kernel
def find_marked(hits, text, ranges, rows, words, ends, wanted):
    """List what is marked in those hits in which not all words are marked that are `wanted` of them.

    Args:
        hits, text, ranges, rows: as in `json_kernel`.
        words: int32[], the characters of words in lower case, ASCII ones, one word after the other; they are found in
            whatever case.
        ends: int64[words], where each ends, of 64 at most.
        wanted: uint64[hits], a bit for each word.

    Returns (characters int32[], listed int64[n, 2]): all texts that are marked in such a hit, each once and with a line
    break after it, in the order in which they come; and the places of those hits, with where the texts of each end.
    """
    lines, listed = np.empty(_most_characters(ranges, rows), np.int32), np.empty((rows.shape[0], 2), np.int64)
    starts = np.empty(ranges.shape[0] + 1, np.int64)
    count, pair, character, at = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
    for hit in range(rows.shape[0]):
        row, title = rows[hit], int32s_at(hits[hit, TITLE], hits[hit, TITLE_SIZE])
        if wanted[hit] & ~_found(title, text, ranges, row, (character, pair), words, ends):
            at = _list(title, text, ranges, row, (character, pair), lines, starts, at)
            listed[count, 0], listed[count, 1] = hit, at
            count += 1
        pair = row[TITLE_END]
        if row[PASSAGES]:
            last = row[TITLE_WIDTH + (row[PASSAGES] - 1) * ROW_WIDTH :]
            character, pair = last[TEXT_END], last[RANGES_END]
    return lines[:at], listed[:count]


@part
def _found(title, text, ranges, row, at, words, ends):
    """A bit for each word that is marked in a hit, whose passages and ranges begin `at` these places."""
    character, pair = at
    found = _which_of(title, ranges[pair : row[TITLE_END]], words, ends)
    pair = row[TITLE_END]
    for passage in range(row[PASSAGES]):
        place = row[TITLE_WIDTH + passage * ROW_WIDTH :]
        found |= _which_of(text[character : place[TEXT_END]], ranges[pair : place[RANGES_END]], words, ends)
        character, pair = place[TEXT_END], place[RANGES_END]
    return found


@part
def _which_of(text, ranges, words, ends):
    """A bit for each word that is among these ranges of a text."""
    found = np.uint64(0)
    for i in range(ranges.shape[0]):
        found |= _which(text[ranges[i, 0] : ranges[i, 1]], words, ends)
    return found


@part
def _list(title, text, ranges, row, at, lines, starts, line):
    """Write what is marked in a hit from the character `line` on; returns where it ends."""
    character, pair = at
    starts[0] = line
    count = _note(title, ranges[pair : row[TITLE_END]], lines, starts, 0)
    pair = row[TITLE_END]
    for passage in range(row[PASSAGES]):
        place = row[TITLE_WIDTH + passage * ROW_WIDTH :]
        count = _note(text[character : place[TEXT_END]], ranges[pair : place[RANGES_END]], lines, starts, count)
        character, pair = place[TEXT_END], place[RANGES_END]
    return starts[count]


@part
def _note(text, ranges, lines, starts, count):
    """Write those marked texts that are not among the `count` lines yet, each of which begins where `starts` say.

    Returns how many lines there are then.
    """
    for i in range(ranges.shape[0]):
        marked = text[ranges[i, 0] : ranges[i, 1]]
        at, known = starts[count], False
        for line in range(count):
            known |= _is_same(marked, lines[starts[line] : starts[line + 1] - 1])
        if not known:
            lines[at : at + marked.size] = marked
            lines[at + marked.size] = _LINE_END
            count += 1
            starts[count] = at + marked.size + 1
    return count


@part
def _which(marked, words, ends):
    """The words that a text is, its ASCII letters in whatever case."""
    found, begin = np.uint64(0), np.int64(0)
    for word in range(ends.size):
        if _is(marked, words[begin : ends[word]]):
            found |= np.uint64(1) << np.uint64(word)
        begin = ends[word]
    return found


@inlined
def _is(marked, word):
    if marked.size != word.size:
        return False
    for i in range(word.size):
        if marked[i] != word[i] and not (65 <= marked[i] <= 90 and marked[i] + 32 == word[i]):
            return False
    return True


@inlined
def _is_same(one, other):
    if one.size != other.size:
        return False
    for i in range(one.size):
        if one[i] != other[i]:
            return False
    return True


@part
def _most_characters(ranges, rows):
    """At least as many characters as all lines have."""
    end, most = np.int64(0), np.int64(0)
    for hit in range(rows.shape[0]):
        row = rows[hit]
        end = row[TITLE_END]
        if row[PASSAGES]:
            end = row[TITLE_WIDTH + (row[PASSAGES] - 1) * ROW_WIDTH + RANGES_END]
    for i in range(end):
        most += ranges[i, 1] - ranges[i, 0] + 1
    return most


MARKED_WORDS_KERNEL = (
    find_marked,
    "int64[:, ::1], int32[::1], int32[:, ::1], int64[:, ::1], int32[::1], int64[::1], uint64[::1]",
)
"""The kernel and what it takes."""
