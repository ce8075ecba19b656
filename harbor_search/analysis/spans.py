"""The character ranges of tokens as bytes.

A span is a byte: the characters since the token before (or the text's beginning) in its high, the token's length in its
low four bits; 15 says that the rest follows as LEB128, that of the gap first.
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import kernel
from harbor_search.errors import OperationalError

__all__ = ["ESCAPE", "decode_spans", "put_number", "put_span"]

ESCAPE = 15
"""A nibble of a span that says: more follows."""

_DAMAGED = "the places of words in an article are damaged; roll back or rebuild the index"


@kernel
def put_span(spans, at, gap, length):  # type: ignore[no-untyped-def]
    spans[at] = np.uint8(min(gap, ESCAPE) << 4 | min(length, ESCAPE))
    at += 1
    if gap >= ESCAPE:
        at = put_number(spans, at, gap - ESCAPE)
    if length >= ESCAPE:
        at = put_number(spans, at, length - ESCAPE)
    return at


@kernel
def put_number(out, at, value):  # type: ignore[no-untyped-def]
    """Write a number as LEB128 from byte `at` of `out` (uint8) on; returns where it ends."""
    while value >= 128:
        out[at] = np.uint8((value & 127) | 128)
        value >>= 7
        at += 1
    out[at] = np.uint8(value)
    return at + 1


@kernel
def _get_number(buffer, at):  # type: ignore[no-untyped-def]
    value, shift = np.int64(0), 0
    while buffer[at] >= 128:
        if shift > 28 or at + 1 >= buffer.size:
            raise OperationalError(_DAMAGED)
        value |= (np.int64(buffer[at]) & 127) << shift
        shift += 7
        at += 1
    return value | (np.int64(buffer[at]) << shift), at + 1


@kernel
def decode_spans(spans, at, end, counts, skip):  # type: ignore[no-untyped-def]
    """The character ranges of the tokens of some texts whose spans begin at byte `at` and end at `end` at the latest.

    `spans` has some bytes more. A damaged file must give an error, not a crash.

    Args:
        counts: int64[texts], the tokens of each text.
        skip: how many tokens to leave out, from the first on.

    Returns (starts int64[n], ends int64[n]), characters from the beginning of each token's text.

    Raises:
        OperationalError: the spans do not end before `end`.
    """
    size = counts.sum() - skip
    if at < 0 or end + 8 > spans.size or size + skip > end - at:  # a span is a byte at least
        raise OperationalError(_DAMAGED)
    starts, ends = np.empty(size, np.int64), np.empty(size, np.int64)
    token = -skip
    for text in range(counts.size):
        previous = np.int64(0)
        for _ in range(counts[text]):
            if at >= end:
                raise OperationalError(_DAMAGED)
            gap, length = np.int64(spans[at] >> 4), np.int64(spans[at] & 15)
            at += 1
            if gap == ESCAPE:
                more, at = _get_number(spans, at)
                gap += more
            if length == ESCAPE:
                more, at = _get_number(spans, at)
                length += more
            previous += gap + length
            if token >= 0:
                starts[token], ends[token] = previous - length, previous
            token += 1
    return starts, ends
