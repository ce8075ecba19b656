"""The term dictionary of a field: sorted, front-coded, searched in place.

Terms are bytes in ascending order, in groups of 16. The `terms` column holds group after group; `groups` (u64) holds
where each begins, `bases` (u64) where the posting list of its first term begins. An entry is

    length of the prefix shared with the term before (0 for a group's first), length of the rest, the rest,
    df, cf - df, bytes of the posting list

with all numbers as LEB128.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harbor_search.compiled import kernel
from harbor_search.errors import OperationalError

__all__ = ["MAX_TERM_BYTES", "Dictionary", "TermEntry", "encode_dictionary", "read_entry"]

GROUP = 16
"""Terms a group: a look-up reads half of one, and each group costs 16 bytes."""

MAX_TERM_BYTES = 4096
"""Of any term: the longest id that is accepted, 1,024 characters, takes no more in UTF-8."""

_DAMAGED = "a term dictionary is damaged; roll back or rebuild the index"


@dataclass(frozen=True, slots=True)
class TermEntry:
    """Where a term's posting list is (`at`, `size` in bytes) and how many documents and occurrences it has."""

    at: int
    size: int
    df: int
    cf: int


@kernel
def _put(out, at, value):  # type: ignore[no-untyped-def]
    while value >= 128:
        out[at] = np.uint8((value & 127) | 128)
        value >>= 7
        at += 1
    out[at] = np.uint8(value)
    return at + 1


@kernel
def _get(buffer, at):  # type: ignore[no-untyped-def]
    value, shift = np.int64(0), 0
    if at < 0 or at >= buffer.size:
        raise OperationalError(_DAMAGED)
    while buffer[at] >= 128:
        if shift > 42 or at + 2 >= buffer.size:
            raise OperationalError(_DAMAGED)
        value |= (np.int64(buffer[at]) & 127) << shift
        shift += 7
        at += 1
    return value | (np.int64(buffer[at]) << shift), at + 1


@kernel
def _encode(text, offsets, dfs, cfs, ends, out, groups, bases):  # type: ignore[no-untyped-def]
    at = 0
    for term in range(dfs.size):
        shared = 0
        begin, end = offsets[term], offsets[term + 1]
        list_begin = ends[term - 1] if term else 0
        if term % GROUP == 0:
            groups[term // GROUP] = at
            bases[term // GROUP] = list_begin
        else:
            before = offsets[term - 1]
            limit = min(end - begin, begin - before)
            while shared < limit and text[before + shared] == text[begin + shared]:
                shared += 1
        at = _put(out, at, shared)
        at = _put(out, at, end - begin - shared)
        for i in range(begin + shared, end):
            out[at] = text[i]
            at += 1
        at = _put(out, at, dfs[term])
        at = _put(out, at, cfs[term] - dfs[term])
        at = _put(out, at, ends[term] - list_begin)
    return at


def encode_dictionary(
    terms: list[bytes], dfs: npt.NDArray[np.int64], cfs: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]
) -> dict[str, npt.NDArray[np.generic]]:
    """The columns of a dictionary of ascending `terms`; `ends` is where each posting list ends."""
    lengths = np.fromiter(map(len, terms), np.int64, len(terms))
    offsets = np.zeros(len(terms) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    text = np.frombuffer(b"".join(terms), np.uint8)
    out = np.empty(text.size + 32 * len(terms) + 8, np.uint8)
    count = -(-len(terms) // GROUP)
    groups, bases = np.zeros(count, np.uint64), np.zeros(count, np.uint64)
    size = _encode(text, offsets, dfs, cfs, ends, out, groups, bases)
    return {"terms": out[:size], "groups": groups, "bases": bases, "count": np.array([len(terms)], np.uint64)}


@kernel
def _compare(buffer, at, size, wanted):  # type: ignore[no-untyped-def]
    """Negative, zero or positive as `buffer[at:at + size]` is below, equal to or above `wanted`."""
    for i in range(min(size, wanted.size)):
        if buffer[at + i] != wanted[i]:
            return np.int64(buffer[at + i]) - np.int64(wanted[i])
    return size - wanted.size


@kernel
def _group_of(buffer, groups, wanted):  # type: ignore[no-untyped-def]
    """The last group whose first term is not above `wanted`; the first group if there is none."""
    low, high = 0, groups.size - 1
    if high < 0:
        raise OperationalError(_DAMAGED)
    while low < high:
        middle = (low + high + 1) >> 1
        size, at = _get(buffer, np.int64(groups[middle]) + 1)  # the shared length of a group's first term is one zero
        if at + size > buffer.size:
            raise OperationalError(_DAMAGED)
        if _compare(buffer, at, size, wanted) <= 0:
            low = middle
        else:
            high = middle - 1
    return low


@kernel
def _seek(buffer, groups, bases, count, wanted, term, entry):  # type: ignore[no-untyped-def]
    """Find the first term not below `wanted`: its bytes to `term`, (at, size, df, cf) to `entry`.

    Returns (ordinal, length of the term, byte behind its entry), or (-1, 0, 0) where all terms are below.
    """
    group = _group_of(buffer, groups, wanted)
    ordinal = group * GROUP
    at = np.int64(groups[group])
    list_at = np.int64(bases[group])
    while ordinal < count:
        length, at, list_at = read_entry(buffer, at, list_at, term, entry)
        if _compare(term, 0, length, wanted) >= 0:
            return ordinal, length, at
        ordinal += 1
    return -1, 0, 0


@kernel
def read_entry(buffer, at, list_at, term, entry):  # type: ignore[no-untyped-def]
    """Decode the entry at byte `at`, its predecessor still in `term`; returns (length, next entry, next list)."""
    shared, at = _get(buffer, at)
    rest, at = _get(buffer, at)
    if shared + rest > MAX_TERM_BYTES or at + rest + 8 > buffer.size:
        raise OperationalError(_DAMAGED)
    for i in range(rest):
        term[shared + i] = buffer[at + i]
    df, at = _get(buffer, at + rest)
    more, at = _get(buffer, at)
    size, at = _get(buffer, at)
    entry[0], entry[1], entry[2], entry[3] = list_at, size, df, df + more
    return shared + rest, at, list_at + size


class Dictionary:
    """The terms of one field of a segment, with where their posting lists are."""

    def __init__(
        self,
        terms: npt.NDArray[np.uint8],
        groups: npt.NDArray[np.uint64],
        bases: npt.NDArray[np.uint64],
        count: int,
    ) -> None:
        self.terms, self._groups, self._bases = terms, groups, bases
        self.count = count

    def __len__(self) -> int:
        return self.count

    def find(self, term: bytes) -> TermEntry | None:
        """The entry of `term`, or None where the field has no such term."""
        if not self.count or len(term) > MAX_TERM_BYTES:
            return None
        found, entry = np.empty(MAX_TERM_BYTES, np.uint8), np.empty(4, np.int64)
        wanted = np.frombuffer(term, np.uint8)
        ordinal, length, _ = _seek(self.terms, self._groups, self._bases, self.count, wanted, found, entry)
        if ordinal < 0 or found[:length].tobytes() != term:
            return None
        return TermEntry(*entry.tolist())

    def starting_at(self, term: bytes) -> Iterator[tuple[bytes, TermEntry]]:
        """All terms from the first not below `term` on, ascending."""
        if not self.count:
            return
        found, entry = np.empty(MAX_TERM_BYTES, np.uint8), np.empty(4, np.int64)
        wanted = np.frombuffer(term, np.uint8)
        ordinal, length, at = _seek(self.terms, self._groups, self._bases, self.count, wanted, found, entry)
        while 0 <= ordinal < self.count:
            values = entry.tolist()
            yield found[:length].tobytes(), TermEntry(*values)
            ordinal += 1
            if ordinal < self.count:
                length, at, _ = read_entry(self.terms, at, values[0] + values[1], found, entry)
