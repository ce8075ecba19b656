"""Selection: which passages of an article answer a query best.

Several different words are preferred over one repeated, words near each other over scattered ones, sections whose
heading matches over others, and for further passages words and sections not yet shown. Passages do not overlap.

An article comes as arrays. `sections` (int64[sections + 1, SECTION_WIDTH]) has a row for each section and one after
the last; `starts` and `ends` (int32) are of the sentences of all sections, `matches` (int64[n, 3] or wider, see
`windows`) of those in their texts, each in characters of its text and ascending within it; `headings` (int64[n, 2]) are
the section and leaf of each match in a heading, each pair once.
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import part
from harbor_search.snippets.passages import cut_passage, decode, reach_of, show
from harbor_search.snippets.windows import (
    END,
    KEY,
    RAGGED,
    START,
    best_window,
    features_of,
    pair_keys,
    starts_of,
)

__all__ = [
    "DAMAGED",
    "MATCHES",
    "PASSAGE_WIDTH",
    "SECTION_WIDTH",
    "SENTENCES",
    "TEXT_BEGIN",
    "TEXT_END",
    "UNKNOWN",
    "new_work",
    "select_passages",
]

TEXT_BEGIN, TEXT_END, SENTENCES, MATCHES, _SCORED, _SHOWN = range(6)
"""Of a section: the bytes of its text; its first sentence, match and match that counts in choosing; whether a passage
was taken from it. The last two are for this module."""

SECTION_WIDTH = _SHOWN + 1

PASSAGE_WIDTH = 3
"""Of a passage: its section, and where its text and its ranges end."""

UNKNOWN, DAMAGED = np.int64(-1), np.int64(-2)

_HEADING = 0.5
"""What a word in a section's heading is worth to its passages, as a share of the same word in the passage: readers see
the heading beside the passage."""

_SHOWN_WORD = 0.4
_SHOWN_SECTION = 0.6
"""Factors for further passages: on the weights of words already shown, and for sections a passage was taken from."""

_MOST_SCORED = 1_000
"""Matches considered in choosing an article's passages: more than its best passages need, few enough to be quick."""

_OF, _LOW, _HIGH, _TAKEN = range(4)
"""Of a stretch, a piece of a text that was not shown yet: its section, its characters, whether it is no more."""

_WHOLE = np.int64(1) << np.int64(40)
"""More characters than a text has."""


@part
def new_work(leaves, length):
    """Arrays to choose the passages of so many characters of any number of articles with, for so many leaves."""
    most, keys = _MOST_SCORED + leaves, pair_keys(leaves)
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
    reach = reach_of(length)
    scored = _scored(matches, sections, weights.size)
    stretches = _stretches(sections, count)
    text = work[6]
    found, size = 0, sections.shape[0] - 1
    while found < count:
        chosen, start, first, last = _best(
            sections, starts, ends, scored, headings, stretches, size, weights, reach, work
        )
        if chosen < 0 and (found or not _has_sentences(sections)):
            break
        if chosen < 0:
            chosen = _first_with_sentences(sections)
            start = np.int64(starts[sections[chosen, SENTENCES]])
            stretches[chosen, _LOW] = start
        section, low, high = stretches[chosen, _OF], stretches[chosen, _LOW], stretches[chosen, _HIGH]
        core = _take(sections, scored, headings, section, low, high, start, first, last, weights, work)
        # As far back as a passage that is filled up by sentences before it.
        base = max(min(start, core[1] - reach) - reach - 2, np.int64(0))
        decoded = decode(
            data, sections[section, TEXT_BEGIN], sections[section, TEXT_END], base, core[0] + reach + 2 - base,
            properties, text,
        )  # fmt: skip
        if decoded < 0 or core[1] > base + decoded:
            return UNKNOWN if decoded < 0 else DAMAGED
        first_sentence, end = sections[section, SENTENCES], sections[section + 1, SENTENCES]
        passage = cut_passage(
            text[:decoded], base, properties, starts[first_sentence:end], ends[first_sentence:end],
            (low, min(high, base + decoded)), core, start, reach,
        )  # fmt: skip
        at = show(
            text, base, properties, passage, matches, sections[section, MATCHES], sections[section + 1, MATCHES],
            length, shown[0], at[0], shown[1], at[1],
        )  # fmt: skip
        rows[found, 0], rows[found, 1], rows[found, 2] = section, at[0], at[1]
        size = _split(stretches, size, chosen, passage[0], passage[1])
        found += 1
    return np.int64(found)


@part
def _scored(matches, sections, leaves):
    """The matches that count; where they are too many, the first ones of each leaf, so that rare words do not go."""
    if matches.shape[0] <= _MOST_SCORED:
        for section in range(sections.shape[0]):
            sections[section, _SCORED] = sections[section, MATCHES]
        return matches
    counts, found = np.zeros(leaves, np.int64), 0
    for i in range(matches.shape[0]):
        found += counts[matches[i, KEY]] == 0
        counts[matches[i, KEY]] += 1
    share = _MOST_SCORED // found + 1
    counts[:] = 0
    scored, size = np.empty_like(matches), 0
    for section in range(sections.shape[0] - 1):
        sections[section, _SCORED] = size
        for i in range(sections[section, MATCHES], sections[section + 1, MATCHES]):
            counts[matches[i, KEY]] += 1
            if counts[matches[i, KEY]] <= share:
                scored[size] = matches[i]
                size += 1
    sections[sections.shape[0] - 1, _SCORED] = size
    return scored[:size]


@part
def _stretches(sections, count):
    """One for the whole text of each section, and space for those that are left where `count` passages are taken."""
    size = sections.shape[0] - 1
    stretches = np.zeros((size + 2 * count, 4), np.int64)
    for section in range(size):
        sections[section, _SHOWN] = 0
        stretches[section, _OF], stretches[section, _HIGH] = section, _WHOLE
    return stretches


@part
def _best(sections, starts, ends, scored, headings, stretches, size, weights, reach, work):
    """The best window of all stretches, the first of equals: (stretch or -1, start, its first and last feature)."""
    most, best = 0.0, (np.int64(-1), np.int64(0), 0, 0)
    heading_at = 0
    for section in range(sections.shape[0] - 1):
        heading = 0.0
        while heading_at < headings.shape[0] and headings[heading_at, 0] <= section:
            heading += weights[headings[heading_at, 1]] if headings[heading_at, 0] == section else 0.0
            heading_at += 1
        heading *= _HEADING
        first, end = sections[section, SENTENCES], sections[section + 1, SENTENCES]
        if first == end:
            continue
        if sections[section, _SCORED] == sections[section + 1, _SCORED]:
            # Where only the heading matches, the section's beginning.
            if heading > most and not sections[section, _SHOWN]:
                most, best = heading, (np.int64(section), np.int64(starts[first]), 0, 0)
            continue
        worth = (heading, _SHOWN_SECTION if sections[section, _SHOWN] else 1.0)
        stretch = np.int64(section)
        while stretch < size:
            if stretches[stretch, _OF] == section and not stretches[stretch, _TAKEN]:
                inside = _inside(scored, sections, section, stretches[stretch, _LOW], stretches[stretch, _HIGH], work)
                score, start, low, high = _best_in(
                    inside, starts[first:end], ends[first:end], weights, reach, worth, work
                )
                if score > most:
                    most, best = score, (stretch, start, low, high)
            # Those that passages have left stand after the whole ones.
            stretch = max(stretch + 1, np.int64(sections.shape[0] - 1))
    return best


@part
def _inside(scored, sections, section, low, high, work):
    """Note the matches and features of a stretch in `work`; returns how many matches they are."""
    count = 0
    for i in range(sections[section, _SCORED], sections[section + 1, _SCORED]):
        if scored[i, START] >= low and scored[i, END] <= high:
            work[0][count, START], work[0][count, END] = scored[i, START], scored[i, END]
            work[0][count, KEY] = scored[i, KEY]
            count += 1
    return count


@part
def _best_in(inside, starts, ends, weights, reach, worth, work):
    """The best window of a stretch with so many matches `inside`: (score, start, first and last feature).

    It begins with a sentence where it can and, where that misses a word, with a match. `worth` is what the heading
    adds, and a factor.
    """
    matches, features, places, factors, counts, values, _ = work
    leaves = weights.size
    size = features_of(matches, inside, weights, features, values)
    begins = starts_of(matches, inside, starts, ends, reach, places, factors)
    score, start, first, last = best_window(features, size, places, factors, begins, reach, values, counts)
    if score == 0:
        return 0.0, start, first, last
    best = (score + worth[0]) * worth[1]
    if _leaves_in(features, first, last, leaves) != _leaves_in(features, 0, size, leaves):
        for i in range(size):
            places[i], factors[i] = features[i, START], RAGGED
        cut = best_window(features, size, places, factors, size, reach, values, counts)
        if cut[0] > 0 and (cut[0] + worth[0]) * worth[1] > best:
            return (cut[0] + worth[0]) * worth[1], cut[1], cut[2], cut[3]
    return best, start, first, last


@part
def _leaves_in(features, first, last, leaves):
    """A bit for each leaf that features[first:last] have; the 65th shares the first one's."""
    found = np.uint64(0)
    for i in range(first, last):
        if features[i, KEY] < leaves:
            found |= np.uint64(1) << np.uint64(features[i, KEY] & 63)
    return found


@part
def _take(sections, scored, headings, section, low, high, start, first, last, weights, work):
    """Have the words of a window and its section count as shown; returns the characters that the window must show."""
    _, features, _, _, counts, values, _ = work
    leaves = weights.size
    core = (start, start)
    if first < last:
        features_of(work[0], _inside(scored, sections, section, low, high, work), weights, features, values)
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
    sections[section, _SHOWN] = 1
    return core


@part
def _split(stretches, size, chosen, start, end):
    """Put what is left and right of a passage in the place of its stretch; returns how many stretches there are."""
    section, low, high = stretches[chosen, _OF], stretches[chosen, _LOW], stretches[chosen, _HIGH]
    stretches[chosen, _TAKEN] = 1
    for left, right in ((low, start), (end, high)):
        if left < right:
            stretches[size, _OF], stretches[size, _LOW], stretches[size, _HIGH] = section, left, right
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
