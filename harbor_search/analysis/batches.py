"""Analysis of many texts at once, as arrays.

The texts of a batch are one array of code points. A kernel cuts it into the very tokens that `tokenize` would give and
numbers the distinct ones; Python sees each distinct token once, when `Vocabulary.texts` hands them to an analyzer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from harbor_search.analysis.characters import JOINER, MARK, SOLO, WORD, classify
from harbor_search.compiled import inlined, kernel
from harbor_search.errors import OperationalError

__all__ = ["Batch", "Vocabulary", "decode_spans", "put_number"]

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

_UNKNOWN = np.uint32(0xFFFFFFFF)
_DAMAGED = "the places of words in an article are damaged; roll back or rebuild the index"
_ESCAPE = 15  # a nibble of a span that says: more follows
_PACKED = 7  # characters of a key
_SEED = np.uint64(14695981039346656037)
_LONG = np.uint64(1 << 63)  # set in the keys that are hashes


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
        self._classes = _character_classes()
        self._table = np.zeros((1 << 15, 2), np.uint64)
        self._pool = np.empty(1 << 17, np.uint32)
        self._ends = np.zeros((1 << 13) + 1, np.int64)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def held(self) -> int:
        """The memory that the tokens take."""
        return self._table.nbytes + self._pool.nbytes + self._ends.nbytes

    def tokenize(self, joined: str, sizes: Int32s) -> Batch:
        """Cut texts into tokens and number them. Lone surrogates separate words.

        `joined` is the texts one behind the other, `sizes` (int32[texts]) how many characters each has.
        """
        points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
        starts = np.zeros(sizes.size + 1, np.int64)
        np.cumsum(sizes, out=starts[1:])
        tokens = np.empty(points.size, np.int32)
        counts = np.zeros(sizes.size, np.int32)
        spans = np.empty(2 * points.size + 16, np.uint8)
        span_ends = np.zeros(sizes.size, np.int64)
        text, at, span_at = 0, 0, 0
        while text < sizes.size:
            text, at, span_at, self._count = _tokenize(
                points, starts, text, self._classes, self._table, self._pool, self._ends, self._count, tokens, counts,
                spans, span_ends, at, span_at,
            )  # fmt: skip
            if text < sizes.size:
                own = points[starts[text] : starts[text + 1]]
                self._learn_characters(own)
                self._grow(own.size)
        return Batch(tokens[:at], counts, spans[:span_at], span_ends)

    def texts(self, first: int = 0) -> list[str]:
        """The text of each distinct token, by number, from number `first` on."""
        begin = int(self._ends[first])
        joined = self._pool[begin : self._ends[self._count]].tobytes().decode("utf-32-le", "surrogatepass")
        ends = (self._ends[first : self._count + 1] - begin).tolist()
        return [joined[start:end] for start, end in pairwise(ends)]

    def __getstate__(self) -> dict[str, Any]:
        """Without the classes of characters, which each process looks up itself."""
        return {name: value for name, value in vars(self).items() if name != "_classes"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._classes = _character_classes()

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
        while self._table.shape[0] < 2 * needed:
            self._table = _rehash(self._table)


@lru_cache(maxsize=1)
def _character_classes() -> npt.NDArray[np.uint32]:
    """uint32[code points]: class and folded character, as far as they were looked up; the same for all vocabularies."""
    return np.full(0x110000, _UNKNOWN, np.uint32)


def _extended(array: npt.NDArray[Any], least: int) -> npt.NDArray[Any]:
    larger = np.empty(max(least, array.size * 3 // 2), array.dtype)
    larger[: array.size] = array
    return larger


@kernel
def _rehash(table):  # type: ignore[no-untyped-def]
    """A table twice as large; a row is (key, number + 1), the latter 0 where it is free."""
    larger = np.zeros((2 * table.shape[0], 2), np.uint64)
    mask = np.uint64(larger.shape[0] - 1)
    for i in range(table.shape[0]):
        if table[i, 1]:
            slot = _slot(table[i, 0], mask)
            while larger[slot, 1]:
                slot = (slot + np.uint64(1)) & mask
            larger[slot, 0], larger[slot, 1] = table[i, 0], table[i, 1]
    return larger


@inlined
def _slot(key, mask):  # type: ignore[no-untyped-def]
    """The high bits of a product depend on all bits of the key."""
    return ((key * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)) & mask


@kernel
def _tokenize(  # type: ignore[no-untyped-def]
    points, starts, text, classes, table, pool, ends, count, tokens, counts, spans, span_ends, at, span_at
):
    """Tokenize texts from number `text` on, until all are done, one might not fit the vocabulary's arrays, or one has
    a character whose class is not known yet.

    A token of up to seven characters below 256 is its own key, so that finding it costs one look at the table. Others
    have a hash for a key, with the highest bit set, and are compared character by character.

    Returns (next text, tokens so far, span bytes so far, distinct tokens so far).
    """
    mask = np.uint64(table.shape[0] - 1)
    while text < starts.size - 1:
        i, stop = starts[text], starts[text + 1]
        length = stop - i
        pool_at = ends[count]
        needed = count + length + 1
        if pool_at + length > pool.size or needed >= ends.size or 2 * needed > table.shape[0]:
            break
        previous = i
        first, first_span = at, span_at
        known = True
        while i < stop:
            entry = np.int64(classes[points[i]])
            kind = entry >> 24
            if kind != WORD and kind != SOLO:
                if kind > SOLO:
                    known = False
                    break
                i += 1
                continue
            start = i
            # The token is written to the pool as if it were new; it stays there only if it is.
            write = pool_at
            code = entry & 0xFFFFFF
            pool[write] = code
            write += 1
            packed, joined, size = code, code, np.int64(1)
            hashed = _SEED
            i += 1
            if kind == WORD:
                while i < stop:
                    entry = np.int64(classes[points[i]])
                    kind = entry >> 24
                    if kind != WORD:
                        if kind == MARK:
                            i += 1
                            continue
                        if kind != JOINER or i + 1 >= stop:
                            break
                        kind = np.int64(classes[points[i + 1]]) >> 24
                        if kind != WORD:
                            break
                    if size == _PACKED:
                        hashed = _mix(hashed, np.uint64(packed))
                        packed = size = np.int64(0)
                    code = entry & 0xFFFFFF
                    pool[write] = code
                    write += 1
                    packed = packed << 8 ^ code
                    joined |= code
                    size += 1
                    i += 1
                if kind > SOLO:
                    known = False
                    break
            key = np.uint64(packed)
            if write - pool_at > _PACKED or joined > 255:
                key = _mix(hashed, key) | _LONG
            slot = _slot(key, mask)
            while True:
                number = np.int64(table[slot, 1]) - 1
                if number < 0:
                    tokens[at] = count
                    count += 1
                    table[slot, 0], table[slot, 1] = key, count
                    pool_at = write
                    ends[count] = write
                    break
                if table[slot, 0] == key:
                    same = pool_at
                    if key >= _LONG:
                        begin = ends[number]
                        if ends[number + 1] - begin == write - pool_at:
                            while same < write and pool[same] == pool[begin + same - pool_at]:
                                same += 1
                    else:
                        same = write
                    if same == write:
                        tokens[at] = number
                        break
                slot = (slot + np.uint64(1)) & mask
            at += 1
            gap, length = start - previous, i - start
            if gap < _ESCAPE and length < _ESCAPE:
                spans[span_at] = gap << 4 | length
                span_at += 1
            else:
                span_at = _put_span(spans, span_at, gap, length)
            previous = i
        if not known:
            # Tokens before that character are known from now on, with the numbers they will be given again.
            at, span_at = first, first_span
            break
        counts[text] = at - first
        span_ends[text] = span_at
        text += 1
    return text, at, span_at, count


@inlined
def _mix(hashed, packed):  # type: ignore[no-untyped-def]
    mixed = (hashed ^ packed) * np.uint64(0xFF51AFD7ED558CCD)
    return mixed ^ (mixed >> np.uint64(32))


@kernel
def _put_span(spans, at, gap, length):  # type: ignore[no-untyped-def]
    spans[at] = np.uint8(min(gap, _ESCAPE) << 4 | min(length, _ESCAPE))
    at += 1
    if gap >= _ESCAPE:
        at = put_number(spans, at, gap - _ESCAPE)
    if length >= _ESCAPE:
        at = put_number(spans, at, length - _ESCAPE)
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
