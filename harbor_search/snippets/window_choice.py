"""Choosing a window: which piece of all that was not shown of an article answers a query best."""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import part
from harbor_search.snippets.section_rows import HIGH, LOW, MATCHES, OF, SCORED, SENTENCES, SHOWN, TAKEN
from harbor_search.snippets.windows import END, KEY, RAGGED, START, best_window, features_of, starts_of

__all__ = ["MOST_SCORED", "best_of_all", "inside", "scored_matches"]

_HEADING = 0.5
"""What a word in a section's heading is worth to its passages, as a share of the same word in the passage: readers see
the heading beside the passage."""

_SHOWN_SECTION = 0.6
"""A factor for further passages of a section that one was taken from."""

MOST_SCORED = 1_000
"""Matches considered in choosing an article's passages: more than its best passages need, few enough to be quick."""


@part
def scored_matches(matches, sections, leaves):
    """The matches that count; where they are too many, the first ones of each leaf, so that rare words do not go."""
    if matches.shape[0] <= MOST_SCORED:
        for section in range(sections.shape[0]):
            sections[section, SCORED] = sections[section, MATCHES]
        return matches
    counts, found = np.zeros(leaves, np.int64), 0
    for i in range(matches.shape[0]):
        found += counts[matches[i, KEY]] == 0
        counts[matches[i, KEY]] += 1
    share = MOST_SCORED // found + 1
    counts[:] = 0
    scored, size = np.empty_like(matches), 0
    for section in range(sections.shape[0] - 1):
        sections[section, SCORED] = size
        for i in range(sections[section, MATCHES], sections[section + 1, MATCHES]):
            counts[matches[i, KEY]] += 1
            if counts[matches[i, KEY]] <= share:
                scored[size] = matches[i]
                size += 1
    sections[sections.shape[0] - 1, SCORED] = size
    return scored[:size]


@part
def best_of_all(sections, starts, ends, scored, headings, stretches, size, weights, reach, work):
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
        if sections[section, SCORED] == sections[section + 1, SCORED]:
            # Where only the heading matches, the section's beginning.
            if heading > most and not sections[section, SHOWN]:
                most, best = heading, (np.int64(section), np.int64(starts[first]), 0, 0)
            continue
        worth = (heading, _SHOWN_SECTION if sections[section, SHOWN] else 1.0)
        stretch = np.int64(section)
        while stretch < size:
            if stretches[stretch, OF] == section and not stretches[stretch, TAKEN]:
                count = inside(scored, sections, section, stretches[stretch, LOW], stretches[stretch, HIGH], work)
                score, start, low, high = _best_in(
                    count, starts[first:end], ends[first:end], weights, reach, worth, work
                )
                if score > most:
                    most, best = score, (stretch, start, low, high)
            # Those that passages have left stand after the whole ones.
            stretch = max(stretch + 1, np.int64(sections.shape[0] - 1))
    return best


@part
def inside(scored, sections, section, low, high, work):
    """Note the matches and features of a stretch in `work`; returns how many matches they are."""
    count = 0
    for i in range(sections[section, SCORED], sections[section + 1, SCORED]):
        if scored[i, START] >= low and scored[i, END] <= high:
            work[0][count, START], work[0][count, END] = scored[i, START], scored[i, END]
            work[0][count, KEY] = scored[i, KEY]
            count += 1
    return count


@part
def _best_in(count, starts, ends, weights, reach, worth, work):
    """The best window of a stretch with so many matches: (score, start, first and last feature).

    It begins with a sentence where it can and, where that misses a word, with a match. `worth` is what the heading
    adds, and a factor.
    """
    matches, features, places, factors, counts, values, _ = work
    leaves = weights.size
    size = features_of(matches, count, weights, features, values)
    begins = starts_of(matches, count, starts, ends, reach, places, factors)
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
