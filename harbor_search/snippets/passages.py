"""Passages: from a window of matches to a stretch of text that reads well, and that as readers see it.

A passage begins at the start of a sentence and ends at the end of one where its length allows; else it is cut between
words and says so by an ellipsis.
"""

from __future__ import annotations

import numpy as np

from harbor_search.analysis.character_properties import KNOWN, SPACE
from harbor_search.compiled import load_bits, part
from harbor_search.snippets.boundaries import cut_after, cut_before
from harbor_search.snippets.windows import END, START

__all__ = ["SHORTEST_WITH_ELLIPSIS", "cut_passage", "decode", "reach_of", "show"]

_ELLIPSIS = 0x2026

SHORTEST_WITH_ELLIPSIS = 8
"""Characters below which a passage is too short to spend two of them on saying that it is cut."""

_NOT_ASCII = np.uint64(0x8080808080808080)

_FULL = 0.5
"""Share of the allowed length from which a passage need not be filled up by half a sentence."""


@part
def reach_of(length):
    """Characters of text in a passage of at most `length` characters: an ellipsis may be needed at both ends."""
    return length - 2 if length >= SHORTEST_WITH_ELLIPSIS else length


@part
def _count_to(values, most):
    """How many of the ascending `values` are at most `most`."""
    low, high = 0, values.size
    while low < high:
        middle = (low + high) >> 1
        if values[middle] <= most:
            low = middle + 1
        else:
            high = middle
    return low


@part
def _clean_start(starts, at):
    """The start of the sentence that holds the character `at`."""
    return np.int64(starts[max(_count_to(starts, at) - 1, 0)])


@part
def cut_passage(text, low, properties, starts, ends, limits, core, start, reach):
    """A passage of at most `reach` characters inside `limits` that shows the characters of `core`, no longer than that.

    It begins at `start` where that is the start of a sentence from which `core` is in reach, and with what comes before
    `core` about as long as what comes after it where it is not.

    Args:
        text: code points from the character `low` on, `reach` and one more around `core` as far as there are so many.
        starts, ends: of all sentences.
        limits, core: pairs of characters.

    Returns (start, end, before, after); the last two say that it is cut within a sentence there.
    """
    if start != _clean_start(starts, start) or start < limits[0]:
        margin = reach - (core[1] - core[0])
        earliest = max(limits[0], core[0] - margin // 2)
        lowest = max(limits[0], core[1] - reach)
        start = low + cut_after(text, properties, earliest - low, core[0] - low, lowest - low)
    end = _end(text, low, properties, ends, limits, core, start, reach)
    start = _with_sentences_before(starts, limits, start, end, reach)
    whole = _count_to(ends, end) - 1
    return start, end, start != _clean_start(starts, start), whole < 0 or ends[whole] != end


@part
def _end(text, low, properties, ends, limits, core, start, reach):
    latest = min(limits[1], start + reach)
    index = _count_to(ends, latest) - 1
    clean = np.int64(ends[index]) if index >= 0 else np.int64(0)
    full = min(limits[1], start + np.int64(reach * _FULL))
    if clean > start and clean >= core[1] and (clean >= full or index == ends.size - 1):
        return clean
    wanted = min(max(core[1], start + 1), latest)
    cut = low + cut_before(text, properties, latest - low, wanted - low, start - low)
    while cut > start + 1 and properties[text[cut - 1 - low]] & SPACE:
        cut -= 1
    return cut


@part
def _with_sentences_before(starts, limits, start, end, reach):
    """An earlier start for a passage that leaves half its length unused, as at the end of a text."""
    index = _count_to(starts, start) - 1
    if starts[index] != start:
        return start
    while end - start < reach * _FULL and index > 0:
        index -= 1
        if starts[index] < limits[0] or end - starts[index] > reach:
            break
        start = np.int64(starts[index])
    return start


@part
def show(text, low, properties, passage, matches, first, stop, length, out, at, ranges, count):
    """Write a passage as readers see it, from `at` of `out` (int32) on, and the ranges of the matches that lie in it.

    Runs of white space become one space. Ranges go to `ranges` (int32[n, 2]) from row `count` on, in characters of the
    passage; overlapping ones are one. `matches[first:stop]` are those of the whole text. Returns where the text ends
    and how many rows there are then.
    """
    start, end, before, after = passage
    ellipses = reach_of(length) < length
    begin, first_range = at, count
    while first < stop and matches[first, START] < start:
        first += 1
    if ellipses and before:
        out[at] = _ELLIPSIS
        at += 1
    opened = np.int64(-1)  # where the range ends that is being shown
    space = False
    for i in range(start, end + 1):
        if i == opened:
            count = _close(ranges, first_range, count, at - begin)
            opened = np.int64(-1)
        while i < end and first < stop and matches[first, START] <= i:
            if matches[first, END] <= end and matches[first, END] > i:
                if opened < 0:
                    ranges[count, 0] = at - begin
                    count += 1
                    opened = matches[first, END]
                else:
                    opened = max(opened, matches[first, END])
            first += 1
        if i < end:
            code = text[i - low]
            blank = (properties[code] & SPACE) != 0
            if not (blank and space):
                out[at] = 0x20 if blank else code
                at += 1
            space = blank
    if ellipses and after:
        out[at] = _ELLIPSIS
        at += 1
    return at, count


@part
def _close(ranges, first, count, end):
    """End the last range; one of nothing but white space that is not shown goes."""
    if ranges[count - 1, 0] == end:
        return count - 1
    ranges[count - 1, 1] = end
    return count


@part
def decode(data, at, end, skip, wanted, properties, out):
    """Code points of the UTF-8 in data[at:end]: leave out `skip` characters and write up to `wanted` ones to `out`.

    Lone surrogates may stand in it as if they were characters. Returns how many were written, -1 where one of them has
    no known `properties`.
    """
    while skip > 0 and at < end:
        while skip >= 8 and at + 8 <= end and not load_bits(data, at) & _NOT_ASCII:
            at, skip = at + 8, skip - 8
        if skip == 0 or at == end:
            break
        at += 1
        while at < end and data[at] & 0xC0 == 0x80:
            at += 1
        skip -= 1
    count = np.int64(0)
    while count < wanted and at < end:
        ascii_only = _eights_of_ascii(data, at, min(end - at, wanted - count))
        _widen(data[at : at + ascii_only], out[count : count + ascii_only])
        at, count = at + ascii_only, count + ascii_only
        if count == wanted or at == end:
            break
        byte = np.int64(data[at])
        more = 0 if byte < 0x80 else 1 if byte < 0xE0 else 2 if byte < 0xF0 else 3
        code = byte if more == 0 else byte & (0x3F >> more)
        for _ in range(more):
            at += 1
            code = code << 6 | (np.int64(data[at]) & 0x3F if at < end else 0)
        at += 1
        if code > 0x10FFFF or not properties[code] & KNOWN:
            return np.int64(-1)
        out[count] = code
        count += 1
    return count


@part
def _eights_of_ascii(data, at, most):
    """How many of the next `most` bytes are ASCII up to the first that is not, counted in eights."""
    size = np.int64(0)
    while size + 8 <= most and not load_bits(data, at + size) & _NOT_ASCII:
        size += 8
    return size


@part
def _widen(data, out):
    """Copy bytes to as many characters: from the first on, which the compiler makes a copy of many at once."""
    for i in range(data.size):
        out[i] = data[i]
