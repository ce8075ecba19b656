"""From tokens in the order of articles to posting lists in the order of terms, in one pass.

While articles come, the list of each term and field is a stream of bytes in one pool: LEB128 numbers, for each document
`2 * difference to the document before + 1`, then for each occurrence `2 * (difference to the position before - 1)`. A
stream lies in slices, each twice as long as the one before it and ending in the place of the next, so that streams of
all lengths grow side by side; three to four bytes a token hold everything until `lists` decodes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from harbor_search.compiled import inlined, kernel, part, prefetch

__all__ = ["POSITION_GAP", "Inverter", "Lists"]

POSITION_GAP = 64
"""Positions left free between two texts of one field (sections of a body), so that no phrase reaches across them."""

PIECE = 1_000_000
"""Postings and occurrences decoded at a time (but for a longer list): about 40 MB with what is encoded from them."""

_FIRST_SLICE = 8
"""Bytes: most terms occur once, in three or four bytes beside the place of a next slice."""
_LONGEST = 9  # doublings: slices of 4,096 bytes, of which the last is half empty
_POINTER = 4
_SPARE = (_FIRST_SLICE << _LONGEST) + _FIRST_SLICE
_MOST = 1 << 31  # bytes that a pointer can address

_AHEAD = 8
"""Tokens ahead of the one at hand whose list is fetched: most are further apart than what the processor keeps near."""

_HEAD, _WRITE, _END, _LEVEL, _DOCUMENT, _POSITION, _DF, _CF = range(8)
_TEXT, _WITHIN, _TOKEN, _LISTS, _USED = range(5)

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of some terms of a field, one behind the other.

    `terms` are the numbers of the terms, `starts` (int64[terms + 1]) where each one's postings start in `documents`
    and `frequencies` (int32), `occurrences` (int64[terms]) how many of `positions` (int32) it has.
    """

    terms: Int32s
    starts: Int64s
    documents: Int32s
    frequencies: Int32s
    positions: Int32s
    occurrences: Int64s


class Inverter:
    """The posting lists of `fields` fields in the making."""

    def __init__(self, fields: int, room: int) -> None:
        """`room` is how many bytes the pool should take; it takes more where it must, after copying itself."""
        self._room = room
        self._numbers = np.full((fields, 1 << 12), -1, np.int32)
        self._lists = np.empty((1 << 12, 8), np.int32)
        self._pool = _pool(room)
        self._state = np.zeros(5, np.int64)
        self._places = np.zeros(fields, np.int32)
        self._before = np.full(fields, -1, np.int32)

    def __getstate__(self) -> dict[str, Any]:
        """Without what is not used of the pool."""
        return vars(self) | {"_pool": self._pool[: self._state[_USED]]}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        used = self._pool
        self._pool = _pool(max(self._room, used.size))
        self._pool[: used.size] = used

    @property
    def held(self) -> int:
        """The memory that is used."""
        return self.size + self._numbers.nbytes + self._lists.nbytes

    @property
    def size(self) -> int:
        """The bytes of the lists themselves."""
        return int(self._state[_USED])

    def add(self, tokens: Int32s, terms: Int32s, known: int, counts: Int32s, documents: Int32s, fields: Bytes) -> None:
        """Append the tokens of some texts.

        Args:
            tokens: int32[n], text after text.
            terms: int32[tokens known], the term of each token.
            known: how many terms there are.
            counts: int32[texts], tokens in each text.
            documents: int32[texts], the document of each text, ascending and not below those before.
            fields: uint8[texts], the field of each text.
        """
        self._make_room(known, tokens.size)
        self._state[[_TEXT, _WITHIN, _TOKEN]] = 0
        while not _invert(
            tokens, terms, counts, documents, fields, self._numbers, self._lists, self._pool, self._state, self._places,
            self._before,
        ):  # fmt: skip
            self._pool = _extended(self._pool, self._pool.size + 4 * _SPARE)

    def lists(self, field: int, order: Int32s) -> Iterator[Lists]:
        """The lists of a field for the terms numbered in `order`, in that order, a bounded piece at a time.

        Terms that do not occur in the field are left out.
        """
        numbers = self._numbers[field, order]
        order, numbers = order[numbers >= 0], numbers[numbers >= 0]
        weights = np.cumsum(self._lists[numbers, _DF].astype(np.int64) + self._lists[numbers, _CF])
        first = 0
        while first < numbers.size:
            most = PIECE + (int(weights[first - 1]) if first else 0)
            behind = max(first + 1, int(np.searchsorted(weights, most, "right")))
            yield self._decoded(order[first:behind], numbers[first:behind])
            first = behind

    def _decoded(self, terms: Int32s, numbers: Int32s) -> Lists:
        occurrences = self._lists[numbers, _CF].astype(np.int64)
        starts = np.zeros(numbers.size + 1, np.int64)
        np.cumsum(self._lists[numbers, _DF], out=starts[1:])
        documents, frequencies = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.int32)
        positions = np.empty(int(occurrences.sum()), np.int32)
        _decode(numbers, self._lists, self._pool, documents, frequencies, positions)
        return Lists(terms, starts, documents, frequencies, positions, occurrences)

    def _make_room(self, known: int, tokens: int) -> None:
        fields, size = self._numbers.shape
        if size < known:
            larger = np.full((fields, max(known, size + size // 2)), -1, np.int32)
            larger[:, :size] = self._numbers
            self._numbers = larger
        # No more lists can begin than there are tokens, or terms in all fields.
        needed = min(int(self._state[_LISTS]) + tokens, fields * known)
        if self._lists.shape[0] < needed:
            self._lists = _extended(self._lists, needed)


def _pool(room: int) -> Bytes:
    """What is not written to takes no memory, so all of the room is asked for at once and nothing is copied."""
    return np.empty(min(room + 4 * _SPARE, _MOST), np.uint8)


def _extended(array: npt.NDArray[Any], least: int) -> npt.NDArray[Any]:
    larger = np.empty((max(least, array.shape[0] * 3 // 2), *array.shape[1:]), array.dtype)
    larger[: array.shape[0]] = array
    return larger


@part
def _put(pool, value, at, end, level, used):  # type: ignore[no-untyped-def]
    """Write a number to a stream; returns (next byte, end of the slice, its doubling, bytes of the pool in use)."""
    while value >= 128:
        at, end, level, used = _put_byte(pool, (value & 127) | 128, at, end, level, used)
        value >>= 7
    return _put_byte(pool, value, at, end, level, used)


@part
def _put_byte(pool, byte, at, end, level, used):  # type: ignore[no-untyped-def]
    if at == end:
        level = min(level + 1, _LONGEST)
        for i in range(_POINTER):
            pool[end + i] = np.uint8((used >> (8 * i)) & 255)
        at, end = used, used + (_FIRST_SLICE << level) - _POINTER
        used += _FIRST_SLICE << level
    pool[at] = np.uint8(byte)
    return at + 1, end, level, used


@inlined
def _fetch(tokens, terms, at, numbers, field, lists, pool):  # type: ignore[no-untyped-def]
    """Fetch the row of a token further on, and the place in the pool of one nearer, whose row is there by now.

    Their field may be another; a wrong guess costs nothing.
    """
    prefetch(lists, 8 * np.int64(numbers[field, terms[tokens[at + 2 * _AHEAD]]]))
    soon = np.int64(numbers[field, terms[tokens[at + _AHEAD]]])
    if soon >= 0:
        prefetch(pool, np.int64(lists[soon, _WRITE]))


@kernel
def _invert(  # type: ignore[no-untyped-def]
    tokens, terms, counts, documents, fields, numbers, lists, pool, state, places, before
):
    """Append tokens to their lists, from where `state` says; returns whether all are done or the pool must grow.

    Args:
        numbers: int32[fields, terms], each term's row of `lists`, or -1.
        lists: int32[lists, 8], see the names of the columns above.
        state: int64[5]: text, token within it, token, rows of `lists` and bytes of `pool` in use.
        places: int32[fields], the next position in the current document; before: int32[fields], that document.
    """
    text, within, at = state[_TEXT], state[_WITHIN], state[_TOKEN]
    begun, used = state[_LISTS], state[_USED]
    done = True
    while text < counts.size:
        field, document = np.int64(fields[text]), np.int64(documents[text])
        if within == 0:
            if before[field] != document:
                places[field], before[field] = 0, document
            elif places[field] > 0:
                places[field] += POSITION_GAP
        position = np.int64(places[field])
        size = np.int64(counts[text])
        while within < size:
            if used + 2 * _SPARE > pool.size:
                done = False
                break
            if at + 2 * _AHEAD < tokens.size:
                _fetch(tokens, terms, at, numbers, field, lists, pool)
            term = terms[tokens[at]]
            number = np.int64(numbers[field, term])
            if number < 0:
                number = begun
                begun += 1
                numbers[field, term] = number
                lists[number, _HEAD] = lists[number, _WRITE] = used
                lists[number, _END] = used + _FIRST_SLICE - _POINTER
                lists[number, _LEVEL] = 0
                lists[number, _DOCUMENT] = lists[number, _POSITION] = -1
                lists[number, _DF] = lists[number, _CF] = 0
                used += _FIRST_SLICE
            write, end = np.int64(lists[number, _WRITE]), np.int64(lists[number, _END])
            level = np.int64(lists[number, _LEVEL])
            last = np.int64(lists[number, _DOCUMENT])
            previous = np.int64(lists[number, _POSITION])
            if last != document:
                write, end, level, used = _put(pool, 2 * (document - last) + 1, write, end, level, used)
                lists[number, _DOCUMENT] = document
                lists[number, _DF] += 1
                previous = np.int64(-1)
            write, end, level, used = _put(pool, 2 * (position - previous - 1), write, end, level, used)
            lists[number, _POSITION] = position
            lists[number, _WRITE], lists[number, _END], lists[number, _LEVEL] = write, end, level
            lists[number, _CF] += 1
            position += 1
            at += 1
            within += 1
        places[field] = position
        if not done:
            break
        text += 1
        within = np.int64(0)
    state[_TEXT], state[_WITHIN], state[_TOKEN], state[_LISTS], state[_USED] = text, within, at, begun, used
    return done


@kernel
def _decode(numbers, lists, pool, documents, frequencies, positions):  # type: ignore[no-untyped-def]
    """Decode the streams of the rows `numbers` of `lists`, one list behind the other."""
    posting, into = -1, 0
    for number in numbers:
        at, level = np.int64(lists[number, _HEAD]), 0
        end = at + _FIRST_SLICE - _POINTER
        document, position = np.int64(-1), np.int64(-1)
        behind = into + lists[number, _CF]
        while into < behind:
            value, shift = np.int64(0), 0
            while True:
                if at == end:
                    level = min(level + 1, _LONGEST)
                    at = np.int64(0)
                    for i in range(_POINTER):
                        at |= np.int64(pool[end + i]) << (8 * i)
                    end = at + (_FIRST_SLICE << level) - _POINTER
                byte = np.int64(pool[at])
                at += 1
                value |= (byte & 127) << shift
                shift += 7
                if byte < 128:
                    break
            if value & 1:
                document += value >> 1
                position = np.int64(-1)
                posting += 1
                documents[posting], frequencies[posting] = document, 0
            else:
                position += (value >> 1) + 1
                frequencies[posting] += 1
                positions[into] = position
                into += 1
