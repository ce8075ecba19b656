"""In-memory inversion: from tokens in document order to posting lists in term order, in one pass.

While documents are added, the list of each term and field is a stream of numbers in one pool (see `streams`): for each
document `2 * (difference to the previous document) + 1`, then for each occurrence `2 * (difference to the previous
position - 1)`. This takes three to four bytes per token until `lists` decodes it.

Tokens are sorted by list before they are appended, some 200,000 at a time: each list is then visited once for all of
its tokens, and the next ones can be prefetched meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from harbor_search.compiled import kernel, prefetch
from harbor_search.errors import OperationalError
from harbor_search.store.inversion.streams import FIRST_SLICE, MAX_GROWTH, POINTER, SMALL, next_number, put, put_small

__all__ = ["POSITION_GAP", "Inverter", "PostingLists"]

POSITION_GAP = 64
"""Positions left free between two texts of a field (sections of a body), so that no phrase matches across them."""

CHUNK_POSTINGS = 1_000_000
"""Postings and occurrences decoded at a time (a longer list in one go): about 40 MB with their encoded form."""

_MAX_TOKEN_BYTES = 20  # of an occurrence and its document, and as much again of a slice that is not full
_MAX_POOL_BYTES = 1 << 31  # bytes that a pointer can address

SORT_BATCH = 1 << 18
"""Tokens sorted by list at a time: more than most batches have; 6 MB."""

_PREFETCH_DISTANCE = 12
"""How many lists ahead the end of a list is prefetched; its row is prefetched as many lists earlier."""

_HEAD, _WRITE, _END, _LEVEL, _DOCUMENT, _POSITION, _DF, _CF = range(8)
_TEXT, _OFFSET, _TOKEN, _LISTS, _USED, _TOUCHED = range(6)

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class PostingLists:
    """The concatenated posting lists of some terms of a field.

    `terms` are the term numbers; `starts` (int64[terms + 1]) where each term's postings start in `documents` and
    `frequencies` (int32); `occurrences` (int64[terms]) how many of `positions` (int32) it has.
    """

    terms: Int32s
    starts: Int64s
    documents: Int32s
    frequencies: Int32s
    positions: Int32s
    occurrences: Int64s


class Inverter:
    """Builds the posting lists of `fields` fields."""

    def __init__(self, fields: int, capacity: int) -> None:
        """`capacity` is the size of the pool in bytes; a full pool is copied to a larger one."""
        self._capacity = capacity
        self._numbers = np.full((fields, 1 << 12), -1, np.int32)  # the list of each term
        self._lists = np.empty((1 << 12, 8), np.int32)
        self._token_counts = np.empty(1 << 12, np.int32)
        self._pool = _new_pool(capacity)
        self._state = np.zeros(6, np.int64)
        self._next_positions = np.zeros(fields, np.int32)
        self._last_documents = np.full(fields, -1, np.int32)

    def __getstate__(self) -> dict[str, Any]:
        """Without the unused part of the pool."""
        return vars(self) | {"_pool": self._pool[: self._state[_USED]]}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        used = self._pool
        self._pool = _new_pool(max(self._capacity, used.size))
        self._pool[: used.size] = used

    @property
    def nbytes(self) -> int:
        """Memory in use, in bytes."""
        return self.size + sum(each.nbytes for each in (self._numbers, self._lists, self._token_counts))

    @property
    def size(self) -> int:
        """Bytes of the encoded lists."""
        return int(self._state[_USED])

    @property
    def is_full(self) -> bool:
        """Whether pointers might not reach the end of another batch, however much memory there is."""
        return self.size > _MAX_POOL_BYTES // 2

    def add(self, terms: Int32s, term_count: int, counts: Int32s, documents: Int32s, fields: Bytes) -> None:
        """Append the tokens of some texts.

        Args:
            terms: int32[n], the term of each token, text after text.
            term_count: number of distinct terms so far; all of `terms` are below it.
            counts: int32[texts], tokens in each text.
            documents: int32[texts], the document of each text, ascending and not below those before.
            fields: uint8[texts], the field of each text.

        Raises:
            OperationalError: a list would begin beyond the reach of a pointer.
        """
        self._reserve(term_count, terms.size)
        self._state[[_TEXT, _OFFSET, _TOKEN]] = 0
        batch = min(terms.size, SORT_BATCH)
        token_lists, order = np.empty(batch, np.int32), np.empty(batch, np.int32)
        occurrences, ordered = np.empty(batch, np.int64), np.empty(batch, np.int64)
        while self._state[_TEXT] < counts.size:
            list_count = int(self._state[_LISTS])
            size = _find_lists(
                terms, counts, documents, fields, self._numbers, self._token_counts, self._state,
                self._next_positions, self._last_documents, token_lists, order, occurrences,
            )  # fmt: skip
            touched = order[: self._state[_TOUCHED]]
            _sort(token_lists[:size], occurrences, touched, self._token_counts, ordered)
            self._append(touched, ordered, list_count)

    def _append(self, touched: Int32s, occurrences: Int64s, list_count: int) -> None:
        """Append occurrences to the lists `touched`, of which those from number `list_count` on are new."""
        done, counts = 0, self._token_counts
        while done < touched.size:
            done = _append(touched, done, counts, occurrences, list_count, self._lists, self._pool, self._state)
            if done < touched.size:
                if self._pool.size == _MAX_POOL_BYTES:
                    raise OperationalError("an article is too long: its words take more than a gigabyte")
                self._pool = _grown(self._pool, self._pool.size + 4 * MAX_GROWTH)[:_MAX_POOL_BYTES]

    def lists(self, field: int, order: Int32s) -> Iterator[PostingLists]:
        """The posting lists of a field for the terms `order`, in that order, in chunks of bounded size.

        Terms that do not occur in the field are left out.
        """
        numbers = self._numbers[field, order]
        order, numbers = order[numbers >= 0], numbers[numbers >= 0]
        weights = np.cumsum(self._lists[numbers, _DF].astype(np.int64) + self._lists[numbers, _CF])
        first = 0
        while first < numbers.size:
            limit = CHUNK_POSTINGS + (int(weights[first - 1]) if first else 0)
            end = max(first + 1, int(np.searchsorted(weights, limit, "right")))
            yield self._decoded(order[first:end], numbers[first:end])
            first = end

    def _decoded(self, terms: Int32s, numbers: Int32s) -> PostingLists:
        occurrences = self._lists[numbers, _CF].astype(np.int64)
        starts = np.zeros(numbers.size + 1, np.int64)
        np.cumsum(self._lists[numbers, _DF], out=starts[1:])
        documents, frequencies = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.int32)
        positions = np.empty(int(occurrences.sum()), np.int32)
        _decode(numbers, self._lists, self._pool, documents, frequencies, positions)
        return PostingLists(terms, starts, documents, frequencies, positions, occurrences)

    def _reserve(self, terms: int, tokens: int) -> None:
        """Grow the arrays for `terms` terms in all and `tokens` more tokens."""
        self._numbers = _widened(self._numbers, terms)
        # There are at most as many new lists as tokens, and as many lists as terms in all fields.
        needed = min(int(self._state[_LISTS]) + tokens, self._numbers.shape[0] * terms)
        if self._lists.shape[0] < needed:
            self._lists, self._token_counts = _grown(self._lists, needed), _grown(self._token_counts, needed)


def _widened(numbers: Int32s, terms: int) -> Int32s:
    """`numbers` (int32[fields, terms]) with capacity for `terms` terms; new entries are -1."""
    fields, size = numbers.shape
    if size >= terms:
        return numbers
    larger = np.full((fields, max(terms, size + size // 2)), -1, np.int32)
    larger[:, :size] = numbers
    return larger


def _new_pool(capacity: int) -> Bytes:
    """Untouched pages take no memory, so the whole capacity is allocated at once and nothing is copied later."""
    return np.empty(min(capacity + 4 * MAX_GROWTH, _MAX_POOL_BYTES), np.uint8)


def _grown(array: npt.NDArray[Any], min_size: int) -> npt.NDArray[Any]:
    larger = np.empty((max(min_size, array.shape[0] * 3 // 2), *array.shape[1:]), array.dtype)
    larger[: array.shape[0]] = array
    return larger


@kernel
def _find_lists(
    terms, counts, documents, fields, numbers, token_counts, state, next_positions, last_documents, token_lists, order,
    occurrences,
):  # fmt: skip
    """Find the lists of the next tokens, at most as many as `token_lists` has room for; returns how many.

    Args:
        numbers: int32[fields, terms], the list of each, or -1; filled in.
        token_counts: int32[lists], zero; receives how many of the tokens each list has.
        state: int64[6]: text, offset of the token within it, token, lists, bytes of the pool in use, and the number of
            lists touched, which is written.
        next_positions: int32[fields], the next position in the last document of each field.
        last_documents: int32[fields].
        token_lists: int32[], receives the list of each token.
        order: int32[], receives the lists in order of their first token.
        occurrences: int64[], receives each token's document and position, 32 bits each.
    """
    text, offset, token = state[_TEXT], state[_OFFSET], state[_TOKEN]
    list_count, touched, size = state[_LISTS], np.int64(0), np.int64(0)
    while text < counts.size and (size < token_lists.size or counts[text] == 0):
        field, document = np.int64(fields[text]), np.int64(documents[text])
        if offset == 0:
            if last_documents[field] != document:
                next_positions[field], last_documents[field] = 0, document
            elif next_positions[field] > 0:
                next_positions[field] += POSITION_GAP
        position = np.int64(next_positions[field])
        end = size + min(np.int64(counts[text]) - offset, token_lists.size - size)
        offset += end - size
        for i in range(size, end):
            number = np.int64(numbers[field, terms[token]])
            if number < 0:
                number = list_count
                list_count += 1
                numbers[field, terms[token]] = number
                token_counts[number] = 0
            token_lists[i] = number
            occurrences[i] = document << 32 | position
            if token_counts[number] == 0:
                order[touched] = number
                touched += 1
            token_counts[number] += 1
            position += 1
            token += 1
        size = end
        next_positions[field] = position
        if offset < counts[text]:
            break
        text += 1
        offset = np.int64(0)
    state[_TEXT], state[_OFFSET], state[_TOKEN] = text, offset, token
    state[_LISTS], state[_TOUCHED] = list_count, touched
    return size


@kernel
def _sort(token_lists, occurrences, order, token_counts, ordered):
    """Counting sort of occurrences by list, in the order of `order`.

    `token_counts` becomes where the occurrences of each list end.
    """
    end = np.int64(0)
    for number in order:
        size = token_counts[number]
        token_counts[number] = end
        end += size
    for i in range(token_lists.size):
        ordered[token_counts[token_lists[i]]] = occurrences[i]
        token_counts[token_lists[i]] += 1


@kernel
def _append(order, first, ends, occurrences, list_count, lists, pool, state):
    """Append occurrences to their lists, from `order[first]` on, and reset `ends` (see `_sort`) to zero.

    Lists from number `list_count` on are new. Returns how many of `order` are done; if not all, the pool must grow.
    """
    used = state[_USED]
    at = np.int64(ends[order[first - 1]]) if first else np.int64(0)
    for i in range(first, order.size):
        if i + 2 * _PREFETCH_DISTANCE < order.size:
            # The row of a new list is prefetched in vain, which costs nothing.
            prefetch(lists, 8 * np.int64(order[i + 2 * _PREFETCH_DISTANCE]))
            if order[i + _PREFETCH_DISTANCE] < list_count:
                prefetch(pool, np.int64(lists[order[i + _PREFETCH_DISTANCE], _WRITE]))
        number = np.int64(order[i])
        stop = np.int64(ends[number])
        if used + _MAX_TOKEN_BYTES * (stop - at) + 2 * MAX_GROWTH > pool.size:
            state[_USED] = used
            return i
        if number >= list_count:
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
        ends[number] = 0
    state[_USED] = used
    return order.size


@kernel
def _decode(numbers, lists, pool, documents, frequencies, positions):
    """Decode the lists `numbers` (rows of `lists`), one after the other."""
    posting, into = -1, 0
    for i in range(numbers.size):
        if i + 2 * _PREFETCH_DISTANCE < numbers.size:
            prefetch(lists, 8 * np.int64(numbers[i + 2 * _PREFETCH_DISTANCE]))
            prefetch(pool, np.int64(lists[numbers[i + _PREFETCH_DISTANCE], _HEAD]))
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
