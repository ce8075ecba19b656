"""Selection: which passages of an article answer a query best.

Several different words are preferred over one repeated, words near each other over scattered ones, sections whose
heading matches over others, and for further passages words and sections not yet shown. Passages do not overlap, and
none says what another does. Arrays are as `section_rows` has them.
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import part
from harbor_search.snippets.passages import cut_passage, decode, reach_of, show
from harbor_search.snippets.section_rows import (
    DAMAGED,
    HIGH,
    LOW,
    MATCHES,
    OF,
    SENTENCES,
    SHOWN,
    STRETCH_WIDTH,
    TAKEN,
    TEXT_BEGIN,
    TEXT_END,
    UNKNOWN,
    WHOLE,
)
from harbor_search.snippets.window_choice import MOST_SCORED, best_of_all, inside, scored_matches
from harbor_search.snippets.windows import END, KEY, START, features_of, pair_keys

__all__ = ["new_work", "select_passages"]

_SHOWN_WORD = 0.4
"""A factor, for further passages, on the weights of words already shown."""

_TRIES = 3
"""Passages that are looked at for each that is wanted, where some say what another does."""


@part
def new_work(leaves, length):
    """Arrays to choose the passages of so many characters of any number of articles with, for so many leaves."""
    most, keys = MOST_SCORED + leaves, pair_keys(leaves)
    return (
        np.empty((most, 3), np.int64), np.empty((2 * most, 3), np.int64), np.empty(2 * most, np.int64),
        np.empty(2 * most), np.zeros(keys, np.int32), np.empty(keys), np.empty(4 * reach_of(length) + 8, np.int32),
    )  # fmt: skip


@part
def select_passages(data, sections, sentences, matches, headings, weights, wanted, properties, shown, at, rows, work):
    """Choose the passages of an article that answer best, the best first; where nothing matches, its beginning.

    Args:
        data: uint8, where the texts are in UTF-8.
        weights: float64[leaves], which are changed.
        sentences: their starts and ends.
        wanted: how many passages, and of how many characters each.
        shown: int32[] and int32[n, 2], where their texts and ranges go.
        at: how many characters and ranges are there before.
        rows: int64[passages, PASSAGE_WIDTH].
        work: see `new_work`.

    Returns how many passages there are, `UNKNOWN` where a character has no known properties, `DAMAGED` where a match or
    a sentence is not in its text.
    """
    count, length = wanted
    starts, ends = sentences
    reach, first_at = reach_of(length), at[0]
    scored = scored_matches(matches, sections, weights.size)
    stretches = _stretches(sections, _TRIES * count)
    found, tried, size = np.int64(0), np.int64(0), sections.shape[0] - 1
    while found < count and tried < _TRIES * count:
        chosen, start, first, last = best_of_all(
            sections, starts, ends, scored, headings, stretches, size, weights, reach, work
        )
        if chosen < 0 and (tried or not _has_sentences(sections)):
            break
        if chosen < 0:
            chosen = _first_with_sentences(sections)
            start = np.int64(starts[sections[chosen, SENTENCES]])
            stretches[chosen, LOW] = start
        section, low, high = stretches[chosen, OF], stretches[chosen, LOW], stretches[chosen, HIGH]
        core = _take(sections, scored, headings, section, low, high, start, first, last, weights, work)
        status, passage, end = _cut(
            data,
            sections,
            section,
            sentences,
            matches,
            (low, high),
            core,
            start,
            length,
            properties,
            shown,
            at,
            work[6],
        )
        if status < 0:
            return status
        size, tried = _split(stretches, size, chosen, passage[0], passage[1]), tried + 1
        if not _is_repeated(shown[0], first_at, rows[:found], at[0], end[0]):
            rows[found, 0], rows[found, 1], rows[found, 2] = section, end[0], end[1]
            at, found = end, found + 1
    return found


@part
def _cut(data, sections, section, sentences, matches, limits, core, start, length, properties, shown, at, text):
    """Cut a passage out of a stretch of a section, and write it.

    Returns (`UNKNOWN`, `DAMAGED` or 0, what `cut_passage` returns, how many characters and ranges there are then).
    """
    starts, ends = sentences
    reach = reach_of(length)
    # As far back as a passage that is filled up by sentences before it.
    base = max(min(start, core[1] - reach) - reach - 2, np.int64(0))
    decoded = decode(
        data, sections[section, TEXT_BEGIN], sections[section, TEXT_END], base, core[0] + reach + 2 - base,
        properties, text,
    )  # fmt: skip
    if decoded < 0 or core[1] > base + decoded:
        nowhere = np.int64(0)
        return (UNKNOWN if decoded < 0 else DAMAGED), (nowhere, nowhere, False, False), at
    first, end = sections[section, SENTENCES], sections[section + 1, SENTENCES]
    passage = cut_passage(
        text[:decoded], base, properties, starts[first:end], ends[first:end],
        (limits[0], min(limits[1], base + decoded)), core, start, reach,
    )  # fmt: skip
    at = show(
        text, base, properties, passage, matches, sections[section, MATCHES], sections[section + 1, MATCHES],
        length, shown[0], at[0], shown[1], at[1],
    )  # fmt: skip
    return np.int64(0), passage, at


@part
def _is_repeated(text, begin, rows, first, end):
    """Whether text[first:end] is that of an earlier passage, the first of which begins at `begin`.

    Some articles say the same in two sections.
    """
    for row in range(rows.shape[0]):
        if rows[row, 1] - begin == end - first and _are_same(text[begin : rows[row, 1]], text[first:end]):
            return True
        begin = rows[row, 1]
    return False


@part
def _are_same(one, other):
    for i in range(one.size):
        if one[i] != other[i]:
            return False
    return True


@part
def _stretches(sections, count):
    """One for the whole text of each section, and space for those that are left where `count` passages are taken."""
    size = sections.shape[0] - 1
    stretches = np.zeros((size + 2 * count, STRETCH_WIDTH), np.int64)
    for section in range(size):
        sections[section, SHOWN] = 0
        stretches[section, OF], stretches[section, HIGH] = section, WHOLE
    return stretches


@part
def _take(sections, scored, headings, section, low, high, start, first, last, weights, work):
    """Have the words of a window and its section count as shown; returns the characters that the window must show."""
    _, features, _, _, counts, values, _ = work
    leaves = weights.size
    core = (start, start)
    if first < last:
        features_of(work[0], inside(scored, sections, section, low, high, work), weights, features, values)
        end = features[first, END]
        for i in range(first, last):
            end = max(end, features[i, END])
            if features[i, KEY] < leaves:
                counts[features[i, KEY]] = 1
        core = (features[first, START], end)
    for i in range(headings.shape[0]):
        if headings[i, 0] == section:
            counts[headings[i, 1]] = 1
    for leaf in range(leaves):
        if counts[leaf]:
            weights[leaf] *= _SHOWN_WORD
            counts[leaf] = 0
    sections[section, SHOWN] = 1
    return core


@part
def _split(stretches, size, chosen, start, end):
    """Put what is left and right of a passage in the place of its stretch; returns how many stretches there are."""
    section, low, high = stretches[chosen, OF], stretches[chosen, LOW], stretches[chosen, HIGH]
    stretches[chosen, TAKEN] = 1
    for left, right in ((low, start), (end, high)):
        if left < right:
            stretches[size, OF], stretches[size, LOW], stretches[size, HIGH] = section, left, right
            size += 1
    return size


@part
def _has_sentences(sections):
    return sections[sections.shape[0] - 1, SENTENCES] > 0


@part
def _first_with_sentences(sections):
    section = np.int64(0)
    while sections[section, SENTENCES] == sections[section + 1, SENTENCES]:
        section += 1
    return section
