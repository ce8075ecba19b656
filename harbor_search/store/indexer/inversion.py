"""From tokens in the order of articles to posting lists in the order of terms, in one pass.

While articles come, the list of each term and field is a stream of numbers in one pool (see `streams`): for each
document `2 * difference to the document before + 1`, then for each occurrence `2 * (difference to the position
before - 1)`. Three to four bytes a token hold everything until `lists` decodes it.

Tokens are brought into the order of their lists before they are appended, some 200,000 at a time: a list that is far
from the one before it in memory is then visited once for all of them, and the next can be fetched meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from harbor_search.compiled import kernel, prefetch
from harbor_search.errors import OperationalError
from harbor_search.store.indexer.streams import FIRST_SLICE, POINTER, SMALL, SPARE, next_number, put, put_small

__all__ = ["POSITION_GAP", "Inverter", "Lists"]

POSITION_GAP = 64
"""Positions left free between two texts of one field (sections of a body), so that no phrase reaches across them."""

PIECE = 1_000_000
"""Postings and occurrences decoded at a time (but for a longer list): about 40 MB with what is encoded from them."""

_WIDEST = 20  # bytes of an occurrence and its document, and as much again of a slice that is not full
_MOST = 1 << 31  # bytes that a pointer can address

AT_ONCE = 1 << 18
"""Tokens that are brought into the order of their lists at a time: more than most batches have, and 6 MB."""

_AHEAD = 12
"""Lists ahead of the one at hand whose end is fetched; their rows are fetched as long before."""

_HEAD, _WRITE, _END, _LEVEL, _DOCUMENT, _POSITION, _DF, _CF = range(8)
_TEXT, _WITHIN, _TOKEN, _LISTS, _USED, _MET = range(6)

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
        self._numbers = np.full((fields, 1 << 12), -1, np.int32)  # the list of each term
        self._lists = np.empty((1 << 12, 8), np.int32)
        self._tally = np.empty(1 << 12, np.int32)
        self._pool = _pool(room)
        self._state = np.zeros(6, np.int64)
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
        return self.size + sum(each.nbytes for each in (self._numbers, self._lists, self._tally))

    @property
    def size(self) -> int:
        """The bytes of the lists themselves."""
        return int(self._state[_USED])

    @property
    def is_full(self) -> bool:
        """Whether there may not be room for another batch, however much memory there is."""
        return self.size > _MOST // 2

    def add(self, terms: Int32s, known: int, counts: Int32s, documents: Int32s, fields: Bytes) -> None:
        """Append the tokens of some texts.

        Args:
            terms: int32[n], the term of each token, text after text.
            known: how many terms there are.
            counts: int32[texts], tokens in each text.
            documents: int32[texts], the document of each text, ascending and not below those before.
            fields: uint8[texts], the field of each text.

        Raises:
            OperationalError: a list would begin beyond what a pointer can say.
        """
        self._make_room(known, terms.size)
        self._state[[_TEXT, _WITHIN, _TOKEN]] = 0
        room = min(terms.size, AT_ONCE)
        found, order = np.empty(room, np.int32), np.empty(room, np.int32)
        occurrences, ordered = np.empty(room, np.int64), np.empty(room, np.int64)
        while self._state[_TEXT] < counts.size:
            begun = int(self._state[_LISTS])
            size = _find_lists(
                terms, counts, documents, fields, self._numbers, self._tally, self._state, self._places, self._before,
                found, order, occurrences,
            )  # fmt: skip
            met = order[: self._state[_MET]]
            _sort(found[:size], occurrences, met, self._tally, ordered)
            self._append(met, ordered, begun)

    def _append(self, met: Int32s, occurrences: Int64s, begun: int) -> None:
        """Append occurrences to the lists `met`, of which those from number `begun` on are new."""
        done = 0
        while done < met.size:
            done = _append(met, done, self._tally, occurrences, begun, self._lists, self._pool, self._state)
            if done < met.size:
                if self._pool.size == _MOST:
                    raise OperationalError("an article is too long: its words take more than a gigabyte")
                self._pool = _extended(self._pool, self._pool.size + 4 * SPARE)[:_MOST]

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
            end = max(first + 1, int(np.searchsorted(weights, most, "right")))
            yield self._decoded(order[first:end], numbers[first:end])
            first = end

    def _decoded(self, terms: Int32s, numbers: Int32s) -> Lists:
        occurrences = self._lists[numbers, _CF].astype(np.int64)
        starts = np.zeros(numbers.size + 1, np.int64)
        np.cumsum(self._lists[numbers, _DF], out=starts[1:])
        documents, frequencies = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.int32)
        positions = np.empty(int(occurrences.sum()), np.int32)
        _decode(numbers, self._lists, self._pool, documents, frequencies, positions)
        return Lists(terms, starts, documents, frequencies, positions, occurrences)

    def _make_room(self, terms: int, more: int) -> None:
        """Have room for so many terms, and for so many more tokens in all."""
        self._numbers = _wider(self._numbers, terms)
        # No more lists can begin than there are tokens, or terms in all fields.
        needed = min(int(self._state[_LISTS]) + more, self._numbers.shape[0] * terms)
        if self._lists.shape[0] < needed:
            self._lists, self._tally = _extended(self._lists, needed), _extended(self._tally, needed)


def _wider(numbers: Int32s, known: int) -> Int32s:
    """The lists of terms by field, with room for so many as are known."""
    fields, size = numbers.shape
    if size >= known:
        return numbers
    larger = np.full((fields, max(known, size + size // 2)), -1, np.int32)
    larger[:, :size] = numbers
    return larger


def _pool(room: int) -> Bytes:
    """What is not written to takes no memory, so all of the room is asked for at once and nothing is copied."""
    return np.empty(min(room + 4 * SPARE, _MOST), np.uint8)


def _extended(array: npt.NDArray[Any], least: int) -> npt.NDArray[Any]:
    larger = np.empty((max(least, array.shape[0] * 3 // 2), *array.shape[1:]), array.dtype)
    larger[: array.shape[0]] = array
    return larger


@kernel
def _find_lists(terms, counts, documents, fields, numbers, tally, state, places, before, found, order, occurrences):
    """Find the lists of tokens from where `state` says, as many as `found` has room for; returns how many they are.

    Args:
        numbers: int32[fields, terms], the list of each, or -1; filled in.
        tally: int32[lists], zero; receives how many of the tokens each list has.
        state: int64[6]: text, token within it, token, lists, bytes of the pool in use, and lists met, which is written.
        places: int32[fields], the next position in the current document; before: int32[fields], that document.
        found: int32[], receives the list of each token; order: the lists in the order they are met.
        occurrences: int64[], receives each token's document and position: 32 bits each.
    """
    text, within, at = state[_TEXT], state[_WITHIN], state[_TOKEN]
    begun, met, size = state[_LISTS], np.int64(0), np.int64(0)
    while text < counts.size and (size < found.size or counts[text] == 0):
        field, document = np.int64(fields[text]), np.int64(documents[text])
        if within == 0:
            if before[field] != document:
                places[field], before[field] = 0, document
            elif places[field] > 0:
                places[field] += POSITION_GAP
        position = np.int64(places[field])
        end = size + min(np.int64(counts[text]) - within, found.size - size)
        within += end - size
        for i in range(size, end):
            number = np.int64(numbers[field, terms[at]])
            if number < 0:
                number = begun
                begun += 1
                numbers[field, terms[at]] = number
                tally[number] = 0
            found[i] = number
            occurrences[i] = document << 32 | position
            if tally[number] == 0:
                order[met] = number
                met += 1
            tally[number] += 1
            position += 1
            at += 1
        size = end
        places[field] = position
        if within < counts[text]:
            break
        text += 1
        within = np.int64(0)
    state[_TEXT], state[_WITHIN], state[_TOKEN], state[_LISTS], state[_MET] = text, within, at, begun, met
    return size


@kernel
def _sort(found, occurrences, order, tally, into):
    """Write the occurrences of tokens list by list in `order`, and where those of each list end to `tally`."""
    end = np.int64(0)
    for number in order:
        size = tally[number]
        tally[number] = end
        end += size
    for i in range(found.size):
        into[tally[found[i]]] = occurrences[i]
        tally[found[i]] += 1


@kernel
def _append(order, first, tally, occurrences, begun, lists, pool, state):
    """Append occurrences to their lists, those of `order` from number `first` on, and clear `tally`.

    Lists from number `begun` on are new. Returns how many of `order` are done; where it is not all, the pool must grow.
    """
    used = state[_USED]
    at = np.int64(tally[order[first - 1]]) if first else np.int64(0)
    for i in range(first, order.size):
        if i + 2 * _AHEAD < order.size:
            # What has not begun is fetched in vain, which costs nothing.
            prefetch(lists, 8 * np.int64(order[i + 2 * _AHEAD]))
            if order[i + _AHEAD] < begun:
                prefetch(pool, np.int64(lists[order[i + _AHEAD], _WRITE]))
        number = np.int64(order[i])
        stop = np.int64(tally[number])
        if used + _WIDEST * (stop - at) + 2 * SPARE > pool.size:
            state[_USED] = used
            return i
        if number >= begun:
            lists[number, _HEAD] = lists[number, _WRITE] = used
            lists[number, _END] = used + FIRST_SLICE - POINTER
            lists[number, _LEVEL] = 0
            lists[number, _DOCUMENT] = lists[number, _POSITION] = -1
            lists[number, _DF] = lists[number, _CF] = 0
            used += FIRST_SLICE
        write, end = np.int64(lists[number, _WRITE]), np.int64(lists[number, _END])
        level, last = np.int64(lists[number, _LEVEL]), np.int64(lists[number, _DOCUMENT])
        previous = np.int64(lists[number, _POSITION])
        lists[number, _CF] += stop - at
        while at < stop:
            document, position = occurrences[at] >> 32, occurrences[at] & 0xFFFFFFFF
            step = np.int64(0)
            if last != document:
                step = 2 * (document - last) + 1
                lists[number, _DF] += 1
                last, previous = document, np.int64(-1)
            value = 2 * (position - previous - 1)
            if step | value < SMALL and write + 4 <= end:
                write = put_small(pool, step, value, write)
            else:
                if step:
                    write, end, level, used = put(pool, step, write, end, level, used)
                write, end, level, used = put(pool, value, write, end, level, used)
            previous = position
            at += 1
        lists[number, _DOCUMENT], lists[number, _POSITION] = last, previous
        lists[number, _WRITE], lists[number, _END], lists[number, _LEVEL] = write, end, level
    for number in order:
        tally[number] = 0
    state[_USED] = used
    return order.size


@kernel
def _decode(numbers, lists, pool, documents, frequencies, positions):
    """Decode the streams of the rows `numbers` of `lists`, one list behind the other."""
    posting, into = -1, 0
    for i in range(numbers.size):
        if i + 2 * _AHEAD < numbers.size:
            prefetch(lists, 8 * np.int64(numbers[i + 2 * _AHEAD]))
            prefetch(pool, np.int64(lists[numbers[i + _AHEAD], _HEAD]))
        number = numbers[i]
        at, level = np.int64(lists[number, _HEAD]), np.int64(0)
        end = at + FIRST_SLICE - POINTER
        document, position = np.int64(-1), np.int64(-1)
        stop = into + lists[number, _CF]
        while into < stop:
            value, at, end, level = next_number(pool, at, end, level)
            if value & 1:
                document += value >> 1
                position = np.int64(-1)
                posting += 1
                documents[posting], frequencies[posting] = document, 0
                value, at, end, level = next_number(pool, at, end, level)
            position += (value >> 1) + 1
            frequencies[posting] += 1
            positions[into] = position
            into += 1
