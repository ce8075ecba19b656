"""The kernel that writes the texts of a page's hits as HTML, with `<mark>` around what is marked in them.

It does for all texts of a page at once what `harbor_search.web.highlighting` does for one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from harbor_search.compiled import inlined, kernel, part
from harbor_search.engines.embedded.byte_writing import put, put_byte, put_utf8
from harbor_search.engines.embedded.page_rows import (
    ANCHOR_AT,
    HEADING_AT,
    PASSAGES,
    RANGES_END,
    ROW_WIDTH,
    TEXT_AT,
    TEXT_END,
    TITLE,
    TITLE_END,
    TITLE_SIZE,
    TITLE_WIDTH,
)
from harbor_search.ranking.tables import int32s_at, uint8s

__all__ = ["HTML_KERNEL", "write_html"]

_MARK, _MARK_END = np.frombuffer(b"<mark>", np.uint8), np.frombuffer(b"</mark>", np.uint8)

_END = 0
"""Ends a text. HTML cannot have this character: in a text another stands for it."""

_ESCAPED = 5
"""Bytes of a character at most: `&amp;`, `&#34;`."""


def _written() -> npt.NDArray[np.uint8]:
    """What stands for each of the first 64 characters: how many bytes, and these."""
    table = np.zeros((64, 1 + _ESCAPED), np.uint8)
    special = {0: "\ufffd", 34: "&#34;", 38: "&amp;", 39: "&#39;", 60: "&lt;", 62: "&gt;"}
    for code in range(64):
        written = special.get(code, chr(code)).encode()
        table[code, : 1 + len(written)] = len(written), *written
    return table


_WRITTEN = _written()


@kernel
def write_html(hits, text, ranges, rows, blocks):
    """For each hit its title, and for each of its passages the heading, the anchor and the passage: uint8[n].

    All are UTF-8 with a zero byte after each, and HTML but for the anchors. `hits`, `text`, `ranges`, `rows` and
    `blocks` are as in `json_kernel`.
    """
    out, at = np.empty(_most_bytes(hits, ranges, rows), np.uint8), np.int64(0)
    character, pair = np.int64(0), np.int64(0)
    for hit in range(rows.shape[0]):
        row, data, title = rows[hit], uint8s(blocks, hit), int32s_at(hits[hit, TITLE], hits[hit, TITLE_SIZE])
        at = _put_marked(out, at, title, ranges[pair : row[TITLE_END]])
        pair = row[TITLE_END]
        for passage in range(row[PASSAGES]):
            own = row[TITLE_WIDTH + passage * ROW_WIDTH :]
            at = _put_escaped(out, at, data[own[HEADING_AT] : own[ANCHOR_AT]])
            at = _put_anchor(out, at, data[own[ANCHOR_AT] : own[TEXT_AT]])
            at = _put_marked(out, at, text[character : own[TEXT_END]], ranges[pair : own[RANGES_END]])
            character, pair = own[TEXT_END], own[RANGES_END]
    return out[:at]


@part
def _most_bytes(hits, ranges, rows):
    """At least as many bytes as all texts have."""
    most, characters, pairs = np.int64(0), np.int64(0), np.int64(0)
    for hit in range(rows.shape[0]):
        row = rows[hit]
        most += 1 + _ESCAPED * hits[hit, TITLE_SIZE]
        pairs = row[TITLE_END]
        for passage in range(row[PASSAGES]):
            own = row[TITLE_WIDTH + passage * ROW_WIDTH :]
            most += 3 + _ESCAPED * (own[TEXT_AT] - own[HEADING_AT])
            characters, pairs = own[TEXT_END], own[RANGES_END]
    return most + _ESCAPED * characters + (_MARK.size + _MARK_END.size) * pairs


@part
def _put_marked(out, at, text, ranges):
    """Write characters (int32), what is in ranges marked; those that touch, or have only space or hyphens between,
    share a mark."""
    done, pair = np.int64(0), np.int64(0)
    while pair < ranges.shape[0]:
        begin, end = ranges[pair, 0], ranges[pair, 1]
        pair += 1
        while pair < ranges.shape[0] and _is_gap(text, end, ranges[pair, 0]):
            end = max(end, ranges[pair, 1])
            pair += 1
        at = put(out, _put_characters(out, at, text[done:begin]), _MARK)
        at = put(out, _put_characters(out, at, text[begin:end]), _MARK_END)
        done = end
    return put_byte(out, _put_characters(out, at, text[done:]), _END)


@inlined
def _is_gap(text, begin, end):
    """Whether nothing but space and hyphens is between two places of a text."""
    for i in range(begin, end):
        code = text[i]
        is_space = (9 <= code <= 13) or code == 0x20 or code == 0xA0
        if not (is_space or code == 0x2D or code == 0x2010 or code == 0x2011):
            return False
    return True


@part
def _put_characters(out, at, text):
    for i in range(text.size):
        code = text[i]
        at = put_utf8(out, at, code) if code >= 0x80 else _put_ascii(out, at, code)
    return at


@part
def _put_escaped(out, at, data):
    """Write UTF-8 as HTML, with its end."""
    for i in range(data.size):
        at = put_byte(out, at, data[i]) if data[i] >= 0x80 else _put_ascii(out, at, data[i])
    return put_byte(out, at, _END)


@part
def _put_anchor(out, at, data):
    """Write UTF-8 as it is, with its end."""
    for i in range(data.size):
        at = put_byte(out, at, data[i]) if data[i] != _END else _put_special(out, at, data[i])
    return put_byte(out, at, _END)


@inlined
def _put_ascii(out, at, code):
    if code > 0x3E or (code > 0x27 and code < 0x3C):
        return put_byte(out, at, code)
    return _put_special(out, at, code)


@part
def _put_special(out, at, code):
    written = _WRITTEN[code]
    return put(out, at, written[1 : 1 + written[0]])


HTML_KERNEL = (write_html, "int64[:, ::1], int32[::1], int32[:, ::1], int64[:, ::1], int64[::1]")
"""The kernel and what it takes."""
