"""The character ranges of tokens as half bytes.

Most words stand one character after the word before them and are short: such a span is one half byte, the token's
length less one. Values from 12 on say that the gap (characters since the token before, or since the text's beginning)
is 2, 3, 0, or a number that follows, and that the length less one follows then. A number is a half byte; 15 says that
more is to be added, in half bytes of three bits, lowest first, whose highest bit says that another follows. The lower
half of a byte comes first, and each text begins a byte.
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import inlined, kernel, load_bits, lowest_bit, part, total
from harbor_search.errors import OperationalError

__all__ = ["locate_spans", "put_number", "put_span"]

_SHORT = 12
"""Lengths that one half byte says, where the gap is one."""

_GAP_2, _GAP_3, _GAP_0, _ANY_GAP = 12, 13, 14, 15

_MORE = 15

_HALVES = 16
"""Half bytes that are looked at together."""

_TOP_BITS = np.uint64(0x8888888888888888)
_LOW_HALVES = np.uint64(0x0F0F0F0F0F0F0F0F)
_ONES = np.uint64(0x0101010101010101)

_DAMAGED = "the places of words in an article are damaged; roll back or rebuild the index"


@inlined
def put_span(spans, at, gap, length):
    """Write a span to the half bytes of `spans` (uint8) from number `at` on; returns where it ends."""
    if gap == 1 and length <= _SHORT:
        return _put_half(spans, at, length - 1)
    return _put_long_span(spans, at, gap, length)


@part
def _put_long_span(spans, at, gap, length):
    if gap == 0:
        at = _put_half(spans, at, _GAP_0)
    elif gap == 2:
        at = _put_half(spans, at, _GAP_2)
    elif gap == 3:
        at = _put_half(spans, at, _GAP_3)
    else:
        at = _put_halves(spans, _put_half(spans, at, _ANY_GAP), gap)
    return _put_halves(spans, at, length - 1)


@inlined
def _put_half(spans, at, value):
    if at & 1:
        spans[at >> 1] |= np.uint8(value << 4)
    else:
        spans[at >> 1] = np.uint8(value)
    return at + 1


@inlined
def _put_halves(spans, at, value):
    at = _put_half(spans, at, min(value, _MORE))
    value -= _MORE
    while value >= 0:
        at = _put_half(spans, at, (value & 7) | (8 if value >= 8 else 0))
        value = value >> 3 if value >= 8 else np.int64(-1)
    return at


@part
def put_number(out, at, value):
    """Write a number as LEB128 from byte `at` of `out` (uint8) on; returns where it ends."""
    while value >= 128:
        out[at] = np.uint8((value & 127) | 128)
        value >>= 7
        at += 1
    out[at] = np.uint8(value)
    return at + 1


@inlined
def _half(spans, at):
    return np.int64(spans[at >> 1] >> (4 * (at & 1))) & 15


@part
def _get_halves(spans, at, end):
    if at >= end:
        raise OperationalError(_DAMAGED)
    value = _half(spans, at)
    at += 1
    shift, more = 0, value == _MORE
    while more:
        if at >= end or shift > 30:
            raise OperationalError(_DAMAGED)
        half = _half(spans, at)
        value += (half & 7) << shift
        more = half >= 8
        at += 1
        shift += 3
    return value, at


@part
def _get_long_span(spans, at, end, kind):
    gap = np.int64(0)
    if kind == _GAP_2:
        gap = np.int64(2)
    elif kind == _GAP_3:
        gap = np.int64(3)
    elif kind == _ANY_GAP:
        gap, at = _get_halves(spans, at, end)
    length, at = _get_halves(spans, at, end)
    return gap, length + 1, at


@kernel
def locate_spans(spans, at, end, counts, places):
    """Write the character ranges of some tokens of texts whose spans begin at byte `at` and end at `end` at the latest.

    Tokens in between are counted, many at a time. A damaged file must give an error, not a crash.

    Args:
        spans: uint8, with 8 bytes more after `end`.
        counts: int64[texts], the tokens of each text.
        places: int64[n, 2]; the first column has the numbers of the tokens, ascending, counted through all texts. Both
            receive where each begins and ends, in characters from the beginning of its text.

    Raises:
        OperationalError: the spans do not end before `end`.
    """
    at, end = 2 * at, 2 * end
    if at < 0 or end // 2 + 8 > spans.size or total(counts) > end - at:  # a span is half a byte at least
        raise OperationalError(_DAMAGED)
    i, token = 0, np.int64(0)
    for text in range(counts.size):
        stop, previous = token + counts[text], np.int64(0)
        at += at & 1
        while i < places.shape[0] and token < stop:
            wanted = min(places[i, 0], stop)
            at, distance = _pass_over(spans, at, end, wanted - token)
            token, previous = wanted, previous + distance
            if wanted == stop:
                break
            # Several words of a query may stand in one place.
            start, at = _read_span(spans, at, end, previous)
            previous = start[1]
            token += 1
            while i < places.shape[0] and places[i, 0] == wanted:
                places[i, 0], places[i, 1] = start
                i += 1
        if i == places.shape[0]:
            return


@part
def _pass_over(spans, at, end, count):
    """Where so many tokens end that begin at half byte `at`, and how many characters they and the gaps take."""
    distance = np.int64(0)
    while count > 0:
        if at >= end:
            raise OperationalError(_DAMAGED)
        odd = at & 1
        halves = load_bits(spans, at >> 1) >> np.uint64(4 * odd)
        longer = halves & (halves << np.uint64(1)) & _TOP_BITS  # 12 and more have both their higher bits set
        run = lowest_bit(longer) >> 2 if longer else np.int64(_HALVES)
        run = min(run, min(_HALVES - odd, count))
        if run:
            if run < _HALVES:
                halves &= (np.uint64(1) << np.uint64(4 * run)) - np.uint64(1)
            pairs = (halves & _LOW_HALVES) + ((halves >> np.uint64(4)) & _LOW_HALVES)
            distance += np.int64((pairs * _ONES) >> np.uint64(56)) + 2 * run
            at, count = at + run, count - run
        else:
            gap, length, at = _get_long_span(spans, at + 1, end, _half(spans, at))
            distance, count = distance + gap + length, count - 1
    if at > end:
        raise OperationalError(_DAMAGED)
    return at, distance


@part
def _read_span(spans, at, end, previous):
    """The characters of the token at half byte `at`, after `previous`; and where its span ends."""
    if at >= end:
        raise OperationalError(_DAMAGED)
    gap, length = np.int64(1), _half(spans, at) + 1
    at += 1
    if length > _SHORT:
        gap, length, at = _get_long_span(spans, at, end, length - 1)
    return (previous + gap, previous + gap + length), at
