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

from harbor_search.errors import OperationalError
from harbor_search.store.inversion.list_kernels import (
    CF,
    DF,
    LISTS,
    OFFSET,
    TEXT,
    TOKEN,
    TOUCHED,
    USED,
    append_occurrences,
    decode_lists,
    find_lists,
    sort_by_list,
)
from harbor_search.store.inversion.streams import MAX_GROWTH

__all__ = ["Inverter", "PostingLists"]

CHUNK_POSTINGS = 1_000_000
"""Postings and occurrences decoded at a time (a longer list in one go): about 40 MB with their encoded form."""

_MAX_POOL_BYTES = 1 << 31  # bytes that a pointer can address

SORT_BATCH = 1 << 18
"""Tokens sorted by list at a time: more than most batches have; 6 MB."""

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
        return vars(self) | {"_pool": self._pool[: self._state[USED]]}

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
        return int(self._state[USED])

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
        self._state[[TEXT, OFFSET, TOKEN]] = 0
        batch = min(terms.size, SORT_BATCH)
        token_lists, order = np.empty(batch, np.int32), np.empty(batch, np.int32)
        occurrences, ordered = np.empty(batch, np.int64), np.empty(batch, np.int64)
        while self._state[TEXT] < counts.size:
            list_count = int(self._state[LISTS])
            size = find_lists(
                terms, counts, documents, fields, self._numbers, self._token_counts, self._state,
                self._next_positions, self._last_documents, token_lists, order, occurrences,
            )  # fmt: skip
            touched = order[: self._state[TOUCHED]]
            sort_by_list(token_lists[:size], occurrences, touched, self._token_counts, ordered)
            self._append(touched, ordered, list_count)

    def _append(self, touched: Int32s, occurrences: Int64s, list_count: int) -> None:
        """Append occurrences to the lists `touched`, of which those from number `list_count` on are new."""
        done, counts = 0, self._token_counts
        while done < touched.size:
            done = append_occurrences(
                touched, done, counts, occurrences, list_count, self._lists, self._pool, self._state
            )
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
        weights = np.cumsum(self._lists[numbers, DF].astype(np.int64) + self._lists[numbers, CF])
        first = 0
        while first < numbers.size:
            limit = CHUNK_POSTINGS + (int(weights[first - 1]) if first else 0)
            end = max(first + 1, int(np.searchsorted(weights, limit, "right")))
            yield self._decoded(order[first:end], numbers[first:end])
            first = end

    def _decoded(self, terms: Int32s, numbers: Int32s) -> PostingLists:
        occurrences = self._lists[numbers, CF].astype(np.int64)
        starts = np.zeros(numbers.size + 1, np.int64)
        np.cumsum(self._lists[numbers, DF], out=starts[1:])
        documents, frequencies = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.int32)
        positions = np.empty(int(occurrences.sum()), np.int32)
        decode_lists(numbers, self._lists, self._pool, documents, frequencies, positions)
        return PostingLists(terms, starts, documents, frequencies, positions, occurrences)

    def _reserve(self, terms: int, tokens: int) -> None:
        """Grow the arrays for `terms` terms in all and `tokens` more tokens."""
        self._numbers = _widened(self._numbers, terms)
        # There are at most as many new lists as tokens, and as many lists as terms in all fields.
        needed = min(int(self._state[LISTS]) + tokens, self._numbers.shape[0] * terms)
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
