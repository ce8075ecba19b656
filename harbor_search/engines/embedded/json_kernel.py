"""The kernel that writes the hits of a page as JSON, from what `show_hits` wrote of them.

Hits and passages are arrays: `text` (int32) has the characters of all passages, `ranges` (int32[n, 2]) what is marked
in titles and passages, `rows` (int64[hits, TITLE_WIDTH + n * ROW_WIDTH], see `page_rows`) where what belongs to a hit
is, and `blocks` is a table of the uncompressed blocks (uint8) with headings and anchors, one a hit.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from harbor_search.compiled import inlined, kernel, part
from harbor_search.engines.embedded.byte_writing import put, put_byte, put_utf8
from harbor_search.engines.embedded.page_rows import (
    ANCHOR_AT,
    HEADING_AT,
    JSON,
    JSON_MARKS,
    JSON_SCORE,
    JSON_SIZE,
    PASSAGES,
    RANGES_END,
    ROW_WIDTH,
    TEXT_AT,
    TEXT_END,
    TITLE_END,
    TITLE_WIDTH,
)
from harbor_search.ranking.tables import uint8s, uint8s_at

__all__ = ["JSON_KERNEL", "write_json"]


def _bytes(text: str) -> npt.NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)


_SNIPPETS, _FIELD, _ANCHOR, _TEXT, _RANGES = map(
    _bytes, (',"snippets":', '{"field":"body","heading":"', '","anchor":"', '","text":"', '","ranges":')
)
_SHORT_ESCAPES = _bytes("\b\t\n\f\r")
_SHORT_NAMES = _bytes("btnfr")
_HEX = _bytes("0123456789abcdef")

_QUOTE, _BACKSLASH, _COMMA, _OPEN, _CLOSE, _END, _LINE_END = b'"\\,[]}\n'

_ESCAPED = 6
"""Bytes of a character at most: `\\u001f`; of a range at most: two numbers of ten digits and signs."""
_RANGE_BYTES = 24

_PASSAGE_BYTES, _HIT_BYTES = 80, 25
"""Bytes of all else in a passage, and in a hit, at most."""


@kernel
def write_json(hits, text, ranges, rows, blocks, scores, reasons, repeats, snippets):
    """The hits of a page as a JSON array (RFC 8259) in UTF-8: uint8[n].

    Args:
        hits: int64[hits, HIT_WIDTH], where what is the same for all queries stands.
        scores: the scores as JSON (uint8), with a comma after each but the last.
        reasons, repeats, snippets: for each hit a line of JSON (uint8), with a line break after each: what it lacks
            and has otherwise, as members of an object; the id of a better article; snippets that it has besides those
            of the text, as members of an array, or an array of those that it has instead.
    """
    size = scores.size + reasons.size + repeats.size + snippets.size + _most_bytes(hits, rows)
    out, at = np.empty(size, np.uint8), np.int64(0)
    character, pair = np.int64(0), np.int64(0)
    score, reason, repeat, snippet = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
    at = put_byte(out, at, _OPEN)
    for hit in range(rows.shape[0]):
        row, own = rows[hit], uint8s_at(hits[hit, JSON], hits[hit, JSON_SIZE])
        if hit:
            at = put_byte(out, at, _COMMA)
        at = put(out, at, own[: hits[hit, JSON_MARKS]])
        at = _put_ranges(out, at, ranges, pair, row[TITLE_END])
        at = put(out, at, own[hits[hit, JSON_MARKS] : hits[hit, JSON_SCORE]])
        at, score = _put_until(out, at, scores, score, _COMMA)
        at = put(out, at, _SNIPPETS)
        if snippets[snippet] == _OPEN:
            at, snippet = _put_until(out, at, snippets, snippet, _LINE_END)
        else:
            at = _put_passages(out, put_byte(out, at, _OPEN), text, character, ranges, row, uint8s(blocks, hit))
            if row[PASSAGES] and snippets[snippet] != _LINE_END:
                at = put_byte(out, at, _COMMA)
            at, snippet = _put_until(out, at, snippets, snippet, _LINE_END)
            at = put_byte(out, at, _CLOSE)
        pair = row[TITLE_END]
        if row[PASSAGES]:
            last = row[TITLE_WIDTH + (row[PASSAGES] - 1) * ROW_WIDTH :]
            character, pair = last[TEXT_END], last[RANGES_END]
        at, reason = _put_until(out, at, reasons, reason, _LINE_END)
        at = put(out, at, own[hits[hit, JSON_SCORE] :])
        at, repeat = _put_until(out, at, repeats, repeat, _LINE_END)
        at = put_byte(out, at, _END)
    return out[: put_byte(out, at, _CLOSE)]


@part
def _put_passages(out, at, text, character, ranges, row, data):
    """Write the passages of a hit, whose texts begin at a character."""
    pair = row[TITLE_END]
    for passage in range(row[PASSAGES]):
        own = row[TITLE_WIDTH + passage * ROW_WIDTH :]
        if passage:
            at = put_byte(out, at, _COMMA)
        at = _put_encoded(out, put(out, at, _FIELD), data, own[HEADING_AT], own[ANCHOR_AT])
        at = _put_encoded(out, put(out, at, _ANCHOR), data, own[ANCHOR_AT], own[TEXT_AT])
        at = _put_text(out, put(out, at, _TEXT), text, character, own[TEXT_END])
        at = _put_ranges(out, put(out, at, _RANGES), ranges, pair, own[RANGES_END])
        at = put_byte(out, at, _END)
        character, pair = own[TEXT_END], own[RANGES_END]
    return at


@part
def _put_until(out, at, data, begin, end):
    """Write the bytes from `begin` on up to one that is `end`; returns where the next ones begin, too."""
    while begin < data.size and data[begin] != end:
        out[at] = data[begin]
        at, begin = at + 1, begin + 1
    return at, begin + 1


@part
def _most_bytes(hits, rows):
    """At least as many bytes as are written of the hits themselves."""
    most, characters, pairs = np.int64(2), np.int64(0), np.int64(0)
    for hit in range(rows.shape[0]):
        row = rows[hit]
        most += hits[hit, JSON_SIZE] + _HIT_BYTES
        pairs = row[TITLE_END]
        for passage in range(row[PASSAGES]):
            own = row[TITLE_WIDTH + passage * ROW_WIDTH :]
            most += _PASSAGE_BYTES + _ESCAPED * (own[TEXT_AT] - own[HEADING_AT])
            characters, pairs = own[TEXT_END], own[RANGES_END]
    return most + _ESCAPED * characters + _RANGE_BYTES * pairs


@part
def _put_ranges(out, at, ranges, first, end):
    at = put_byte(out, at, _OPEN)
    for i in range(first, end):
        if i > first:
            at = put_byte(out, at, _COMMA)
        at = _put_number(out, put_byte(out, at, _OPEN), ranges[i, 0])
        at = _put_number(out, put_byte(out, at, _COMMA), ranges[i, 1])
        at = put_byte(out, at, _CLOSE)
    return put_byte(out, at, _CLOSE)


@inlined
def _put_number(out, at, number):
    digits, rest = 1, number
    while rest >= 10:
        rest //= 10
        digits += 1
    for i in range(at + digits - 1, at - 1, -1):
        out[i] = np.uint8(48 + number % 10)
        number //= 10
    return at + digits


@part
def _put_text(out, at, text, begin, end):
    """Write the characters text[begin:end], escaped."""
    i = begin
    while True:
        plain = _put_plain(text[i:end], out[at:])
        i, at = i + plain, at + plain
        if i >= end:
            return at
        code, i = text[i], i + 1
        at = _put_escaped(out, at, code) if code < 0x80 else put_utf8(out, at, code)


@part
def _put_plain(text, out):
    """Write the characters of ASCII with which a text begins, up to the first one that is not written as it is.

    Returns how many they are. Parts of arrays that begin where the loop does take fewer steps than places in them.
    """
    for i in range(text.size):
        code = text[i]
        plain = code >= 0x20 and code < 0x80 and code != _QUOTE and code != _BACKSLASH
        if not plain:
            return i
        out[i] = np.uint8(code)
    return text.size


@part
def _put_encoded(out, at, data, begin, end):
    """Write the UTF-8 data[begin:end], escaped."""
    for i in range(begin, end):
        escaped = data[i] < 0x20 or data[i] == _QUOTE or data[i] == _BACKSLASH
        at = _put_escaped(out, at, data[i]) if escaped else put_byte(out, at, data[i])
    return at


@part
def _put_escaped(out, at, code):
    out[at] = np.uint8(_BACKSLASH)
    if code >= 0x20:
        return put_byte(out, at + 1, code)
    for i in range(_SHORT_ESCAPES.size):
        if _SHORT_ESCAPES[i] == code:
            return put_byte(out, at + 1, _SHORT_NAMES[i])
    out[at + 1], out[at + 2], out[at + 3] = np.uint8(117), np.uint8(48), np.uint8(48)
    out[at + 4], out[at + 5] = _HEX[code >> 4], _HEX[code & 15]
    return at + 6


_PAGE = "int32[::1], int32[:, ::1], int64[:, ::1]"

_LINES = "Array(uint8, 1, 'C', readonly=True)"

JSON_KERNEL = (write_json, f"int64[:, ::1], {_PAGE}, int64[::1], {_LINES}, {_LINES}, {_LINES}, {_LINES}")
"""The kernel and what it takes."""
