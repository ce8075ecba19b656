"""Analysis of many texts at once, as arrays.

The texts of a batch are one array of code points. A kernel cuts it into the very tokens that `tokenize` would give and
numbers the distinct ones; Python sees each distinct token once, when `Vocabulary.texts` hands them to an analyzer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from harbor_search.analysis.characters import JOINER, MARK, SOLO, WORD, classify
from harbor_search.compiled import kernel
from harbor_search.errors import OperationalError

__all__ = ["Batch", "Vocabulary", "decode_spans"]

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

_UNKNOWN = np.uint32(0xFFFFFFFF)
_DAMAGED = "the places of words in an article are damaged; roll back or rebuild the index"
_ESCAPE = 15  # a nibble of a span that says: more follows


@dataclass(frozen=True, slots=True)
class Batch:
    """The tokens of some texts.

    Attributes:
        tokens: int32[n], the vocabulary's number of each token, text after text.
        counts: int32[texts], how many tokens each text has.
        spans: uint8[], the character range of each token (see `decode_spans`), text after text.
        span_ends: int64[texts], where each text's spans end.
    """

    tokens: Int32s
    counts: Int32s
    spans: Bytes
    span_ends: Int64s


class Vocabulary:
    """The distinct tokens met so far, numbered from 0 in order of appearance."""

    def __init__(self) -> None:
        self._classes = np.full(0x110000, _UNKNOWN, np.uint32)
        self._hashes = np.zeros(1 << 16, np.uint64)
        self._numbers = np.full(1 << 16, -1, np.int32)
        self._pool = np.empty(1 << 19, np.uint32)
        self._ends = np.zeros((1 << 15) + 1, np.int64)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def tokenize(self, texts: Sequence[str]) -> Batch:
        """Cut `texts` into tokens and number them. Lone surrogates separate words."""
        joined = "".join(texts)
        points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
        self._learn_characters(points)
        starts = np.zeros(len(texts) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=starts[1:])
        tokens = np.empty(points.size, np.int32)
        counts = np.zeros(len(texts), np.int32)
        spans = np.empty(2 * points.size + 16, np.uint8)
        span_ends = np.zeros(len(texts), np.int64)
        text, at, span_at = 0, 0, 0
        while text < len(texts):
            text, at, span_at, self._count = _tokenize(
                points, starts, text, self._classes, self._hashes, self._numbers, self._pool, self._ends,
                self._count, tokens, counts, spans, span_ends, at, span_at,
            )  # fmt: skip
            if text < len(texts):
                self._grow(int(starts[text + 1] - starts[text]))
        return Batch(tokens[:at].copy(), counts, spans[:span_at].copy(), span_ends)

    def texts(self) -> list[str]:
        """The text of each distinct token, by number."""
        joined = self._pool[: self._ends[self._count]].tobytes().decode("utf-32-le", "surrogatepass")
        ends = self._ends[: self._count + 1].tolist()
        return [joined[ends[i] : ends[i + 1]] for i in range(self._count)]

    def _learn_characters(self, points: npt.NDArray[np.uint32]) -> None:
        new = points[self._classes[points] == _UNKNOWN]
        for code in np.unique(new).tolist():
            kind, folded = classify(chr(code))
            self._classes[code] = kind << 24 | (ord(folded) if folded else 0)

    def _grow(self, length: int) -> None:
        """Make room for a text of `length` characters that might be all new tokens."""
        needed = self._count + length + 1
        if self._pool.size < self._ends[self._count] + length:
            self._pool = _extended(self._pool, int(self._ends[self._count]) + length)
        if self._ends.size <= needed:
            self._ends = _extended(self._ends, needed + 1)
        while self._hashes.size < 2 * needed:
            self._hashes, self._numbers = _rehash(self._hashes, self._numbers)


def _extended(array: npt.NDArray[Any], least: int) -> npt.NDArray[Any]:
    larger = np.empty(max(least, 2 * array.size), array.dtype)
    larger[: array.size] = array
    return larger


@kernel
def _rehash(hashes, numbers):  # type: ignore[no-untyped-def]
    larger, theirs = np.zeros(2 * hashes.size, np.uint64), np.full(2 * hashes.size, -1, np.int32)
    mask = np.uint64(larger.size - 1)
    for i in range(hashes.size):
        if numbers[i] >= 0:
            slot = hashes[i] & mask
            while theirs[slot] >= 0:
                slot = (slot + np.uint64(1)) & mask
            larger[slot], theirs[slot] = hashes[i], numbers[i]
    return larger, theirs


@kernel
def _tokenize(  # type: ignore[no-untyped-def]
    points, starts, text, classes, hashes, numbers, pool, ends, count, tokens, counts, spans, span_ends, at, span_at
):
    """Tokenize texts from number `text` on, until all are done or one might not fit the vocabulary's arrays.

    Returns (next text, tokens so far, span bytes so far, distinct tokens so far).
    """
    mask = np.uint64(hashes.size - 1)
    while text < starts.size - 1:
        i, stop = starts[text], starts[text + 1]
        length = stop - i
        pool_at = ends[count]
        needed = count + length + 1
        if pool_at + length > pool.size or needed >= ends.size or 2 * needed > hashes.size:
            break
        previous = i
        first = at
        while i < stop:
            kind = classes[points[i]] >> 24
            if kind != WORD and kind != SOLO:
                i += 1
                continue
            start = i
            # The token is written to the pool as if it were new; it stays there only if it is.
            write = pool_at
            code = classes[points[i]] & np.uint32(0xFFFFFF)
            pool[write] = code
            write += 1
            hashed = _mix(np.uint64(14695981039346656037), code)
            i += 1
            if kind == WORD:
                while i < stop:
                    entry = classes[points[i]]
                    kind = entry >> 24
                    if kind == MARK:
                        i += 1
                        continue
                    if kind == JOINER:
                        if i + 1 >= stop or classes[points[i + 1]] >> 24 != WORD:
                            break
                    elif kind != WORD:
                        break
                    code = entry & np.uint32(0xFFFFFF)
                    pool[write] = code
                    write += 1
                    hashed = _mix(hashed, code)
                    i += 1
            hashed ^= hashed >> np.uint64(29)
            slot = hashed & mask
            while True:
                number = numbers[slot]
                if number < 0:
                    hashes[slot], numbers[slot] = hashed, count
                    tokens[at] = count
                    count += 1
                    pool_at = write
                    ends[count] = write
                    break
                if hashes[slot] == hashed and _same(pool, ends[number], ends[number + 1], pool_at, write):
                    tokens[at] = number
                    break
                slot = (slot + np.uint64(1)) & mask
            at += 1
            span_at = _put_span(spans, span_at, start - previous, i - start)
            previous = i
        counts[text] = at - first
        span_ends[text] = span_at
        text += 1
    return text, at, span_at, count


@kernel
def _mix(hashed, code):  # type: ignore[no-untyped-def]
    return (hashed ^ np.uint64(code)) * np.uint64(1099511628211)


@kernel
def _same(pool, start, end, other_start, other_end):  # type: ignore[no-untyped-def]
    if end - start != other_end - other_start:
        return False
    for i in range(end - start):
        if pool[start + i] != pool[other_start + i]:
            return False
    return True


@kernel
def _put_span(spans, at, gap, length):  # type: ignore[no-untyped-def]
    spans[at] = np.uint8(min(gap, _ESCAPE) << 4 | min(length, _ESCAPE))
    at += 1
    if gap >= _ESCAPE:
        at = _put_number(spans, at, gap - _ESCAPE)
    if length >= _ESCAPE:
        at = _put_number(spans, at, length - _ESCAPE)
    return at


@kernel
def _put_number(out, at, value):  # type: ignore[no-untyped-def]
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

    A span is a byte: the characters since the token before (or the text's beginning) in its high, the token's length
    in its low four bits; 15 says that the rest follows as LEB128, that of the gap first.

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
            if gap == _ESCAPE:
                more, at = _get_number(spans, at)
                gap += more
            if length == _ESCAPE:
                more, at = _get_number(spans, at)
                length += more
            previous += gap + length
            if token >= 0:
                starts[token], ends[token] = previous - length, previous
            token += 1
    return starts, ends
