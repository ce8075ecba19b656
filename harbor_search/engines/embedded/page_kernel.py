"""The kernel of a page: for all of its hits at once, from the leaves of a query to marks in titles and passages."""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import kernel, part
from harbor_search.engines.embedded.match_kernel import (
    BUFFERS,
    LEAF,
    TEXT,
    find_in_names,
    find_matches,
    matches_of,
    new_room,
    note_names,
)
from harbor_search.engines.embedded.page_rows import (
    ANCHOR_AT,
    DOCUMENT,
    HEADING_AT,
    LAYOUT,
    LAYOUT_END,
    NAMED,
    PASSAGES,
    RANGES_END,
    RECORD,
    RECORD_END,
    ROW_WIDTH,
    SEGMENT,
    TEXT_AT,
    TITLE_END,
    TITLE_WIDTH,
)
from harbor_search.engines.embedded.page_rows import TEXT_END as SHOWN_END
from harbor_search.ranking.tables import uint8s
from harbor_search.snippets.section_rows import (
    DAMAGED,
    MATCHES,
    PASSAGE_WIDTH,
    SECTION_WIDTH,
    SENTENCES,
    TEXT_BEGIN,
    TEXT_END,
    UNKNOWN,
)
from harbor_search.snippets.selection import new_work, select_passages
from harbor_search.snippets.windows import END, START
from harbor_search.store import decode_text_layout

__all__ = ["MOST_TITLE_RANGES", "PAGE_KERNELS", "UNKNOWN", "show_hits"]

MOST_TITLE_RANGES = 64
"""Marked in a title: one of more words is none that a reader reads."""


@kernel
def show_hits(
    hits, blocks, buffers, leaves, begins, owners, weights, most, wanted, properties, out, ranges, rows, named
):  # fmt: skip
    """Write what a page shows of its hits.

    Args:
        hits: int64[hits, HIT_WIDTH], see `page_rows`.
        blocks: a table of the uncompressed blocks (uint8), one for each hit.
        buffers, leaves, begins, owners, most: as in `match_kernel`.
        weights: float64[leaves].
        wanted: how many passages of each hit, and of how many characters each.
        out: int32[], where the characters of passages go.
        ranges: int32[n, 2], where what is marked goes, of each hit first in its title.
        rows: int64[hits, TITLE_WIDTH + count * ROW_WIDTH], see there.
        named: bool[hits, leaves], where the leaves go that only the names of a hit have.

    Returns how many hits show no passage or words of their names, `UNKNOWN` where a character has no known properties,
    `DAMAGED`.

    Raises:
        OperationalError: a list or a layout is damaged.
    """
    at, others = (np.int64(0), np.int64(0)), np.int64(0)
    passages, own = np.empty((wanted[0], PASSAGE_WIDTH), np.int64), np.empty_like(weights)
    room, work = new_room(leaves, begins, most), new_work(weights.size, wanted[1])
    for hit in range(hits.shape[0]):
        segment, document = hits[hit, SEGMENT], hits[hit, DOCUMENT]
        data = uint8s(blocks, hit)
        layouts = uint8s(buffers, segment * BUFFERS + BUFFERS - 1)
        outline = decode_text_layout(layouts, hits[hit, LAYOUT], hits[hit, LAYOUT_END])
        sections = _sections(data, hits[hit, RECORD], hits[hit, RECORD_END], outline[1])
        if sections.shape[0] != outline[1].size:
            return DAMAGED
        found = matches_of(
            buffers, segment, document, layouts, hits[hit, LAYOUT_END], outline, leaves, begins, owners, most, room
        )
        rows[hit, TITLE_END] = _merge(found[0], ranges, at[1])
        _note_matches(sections, found[2])
        note_names(buffers, segment, document, leaves, begins, owners, most, room, named[hit])
        rows[hit, NAMED] = _leave_names(named[hit], found)
        own[:] = weights
        rows[hit, PASSAGES] = select_passages(
            data, sections, (outline[2], outline[3]), found[2], _headings(found[1]), own, wanted, properties,
            (out, ranges), (at[0], rows[hit, TITLE_END]), passages, work,
        )  # fmt: skip
        if rows[hit, PASSAGES] < 0:
            return rows[hit, PASSAGES]
        at = _note_passages(rows[hit], sections, passages, (at[0], rows[hit, TITLE_END]))
        others += rows[hit, NAMED] != 0 or rows[hit, PASSAGES] == 0
    return others


@part
def _leave_names(named, found):
    """Leave in `named` those leaves that match nowhere else; returns whether there are some."""
    for matches in found:
        for i in range(matches.shape[0]):
            named[matches[i, LEAF]] = False
    left = np.int64(0)
    for leaf in range(named.size):
        left |= named[leaf]
    return left


@part
def _note_passages(row, sections, passages, at):
    """Write to the row of a hit where its passages are; returns where the last one and its ranges end."""
    for i in range(row[PASSAGES]):
        own, section = row[TITLE_WIDTH + i * ROW_WIDTH :], passages[i, 0]
        own[HEADING_AT], own[ANCHOR_AT] = sections[section, _HEADING], sections[section, _ANCHOR]
        own[TEXT_AT] = sections[section, TEXT_BEGIN]
        own[SHOWN_END], own[RANGES_END] = passages[i, 1], passages[i, 2]
        at = (passages[i, 1], passages[i, 2])
    return at


_HEADING, _ANCHOR = SECTION_WIDTH, SECTION_WIDTH + 1


@part
def _sections(data, at, end, sentences):
    """The sections of a record (see `article_record`), with the bytes of their headings, anchors and texts.

    None where the record is damaged.
    """
    count = sentences.size - 1
    sections = np.empty((count + 1, SECTION_WIDTH + 2), np.int64)
    parts = 1 + 3 * count
    if at < 0 or end > data.size or at + 4 * (1 + parts) > end or _number(data, at) != count:
        return sections[:0]
    begin, previous = at, 4 * (1 + parts)
    for i in range(parts):
        stop = _number(data, begin + 4 * (1 + i))
        if stop < previous or begin + stop > end:
            return sections[:0]
        if i > 0:
            section, kind = (i - 1) // 3, (i - 1) % 3
            place = _HEADING if kind == 0 else _ANCHOR if kind == 1 else TEXT_BEGIN
            sections[section, place] = begin + previous
            if kind == 2:
                sections[section, TEXT_END] = begin + stop
        previous = stop
    for section in range(count + 1):
        sections[section, SENTENCES] = sentences[section]
    return sections


@part
def _number(data, at):
    value = np.int64(0)
    for i in range(4):
        value |= np.int64(data[at + i]) << (8 * i)
    return value


@part
def _merge(matches, ranges, at):
    """Write what is marked in a title from row `at` of `ranges` on; overlapping matches are one."""
    first = at
    for i in range(matches.shape[0]):
        if at > first and matches[i, START] < ranges[at - 1, 1]:
            ranges[at - 1, 1] = max(ranges[at - 1, 1], matches[i, END])
        elif at < first + MOST_TITLE_RANGES:
            ranges[at, 0], ranges[at, 1] = matches[i, START], matches[i, END]
            at += 1
    return at


@part
def _headings(matches):
    """int64[n, 2]: section and leaf of matches in headings, ascending, each pair once."""
    found, size = np.empty((matches.shape[0], 2), np.int64), 0
    for i in range(matches.shape[0]):
        at = size
        section, leaf = matches[i, TEXT], matches[i, LEAF]
        while at > 0 and found[at - 1, 0] == section and found[at - 1, 1] > leaf:
            at -= 1
        if at > 0 and found[at - 1, 0] == section and found[at - 1, 1] == leaf:
            continue
        for j in range(size, at, -1):
            found[j] = found[j - 1]
        found[at, 0], found[at, 1] = section, leaf
        size += 1
    return found[:size]


@part
def _note_matches(sections, matches):
    """Write where the matches of each section begin."""
    i = 0
    for section in range(sections.shape[0]):
        while i < matches.shape[0] and matches[i, TEXT] < section:
            i += 1
        sections[section, MATCHES] = i


_QUERY_TAKES = "int64[::1], int64[::1], int64[::1]"

PAGE_KERNELS = (
    (
        show_hits,
        f"int64[:, ::1], int64[::1], int64[::1], {_QUERY_TAKES}, float64[::1], int64, UniTuple(int64, 2), uint16[::1], "
        "int32[::1], int32[:, ::1], int64[:, ::1], boolean[:, ::1]",
    ),
    (find_matches, f"int64[::1], int64, int64, UniTuple(int64, 2), {_QUERY_TAKES}, int64"),
    (find_in_names, f"int64[::1], int64, int64, {_QUERY_TAKES}, int64"),
)
"""The kernels of a page and what each takes; they share parts, so whoever compiles one should compile the others."""
