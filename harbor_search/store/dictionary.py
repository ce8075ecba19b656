"""The term dictionary of a field: sorted, front-coded, searched in place (written by `dictionary_writer`).

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

__all__ = ["GROUP", "MAX_TERM_BYTES", "Dictionary", "Entries", "TermEntry", "read_entry"]

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


@dataclass(frozen=True, slots=True)
class Entries:
    """Ascending terms with their entries, as arrays.

    Term i ends at `ends[i]` (uint64) of `text` (uint8) and begins where the one before it ends; `places` is int64[n, 4]
    with the numbers of a `TermEntry` in each row.
    """

    text: npt.NDArray[np.uint8]
    ends: npt.NDArray[np.uint64]
    places: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return int(self.ends.size)

    def part(self, first: int, behind: int) -> Entries:
        """The terms from `first` to `behind - 1`."""
        start = int(self.ends[first - 1]) if first else 0
        end = int(self.ends[behind - 1]) if behind else 0
        return Entries(self.text[start:end], self.ends[first:behind] - np.uint64(start), self.places[first:behind])


@kernel
def _read_entries(buffer, count, state, term, text, ends, places):  # type: ignore[no-untyped-def]
    """Decode terms until the arrays are full or all `count` are done; returns (terms decoded, bytes of text).

    `state` is int64[3]: ordinal, byte and posting list of the next term; `term` has the bytes of the one before.
    """
    done, size = 0, 0
    while state[0] < count and done < ends.size and size + MAX_TERM_BYTES <= text.size:
        length, state[1], state[2] = read_entry(buffer, state[1], state[2], term, places[done])
        text[size : size + length] = term[:length]
        size += length
        ends[done] = size
        done += 1
        state[0] += 1
    return done, size


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

    def parts(self, most: int) -> Iterator[Entries]:
        """All terms in order, at most `most` at a time.

        Raises:
            OperationalError: the dictionary is damaged.
        """
        state, term = np.zeros(3, np.int64), np.empty(MAX_TERM_BYTES, np.uint8)
        text = np.empty(MAX_TERM_BYTES + 32 * most, np.uint8)
        ends, places = np.empty(most, np.uint64), np.empty((most, 4), np.int64)
        while state[0] < self.count:
            done, size = _read_entries(self.terms, self.count, state, term, text, ends, places)
            yield Entries(text[:size].copy(), ends[:done].copy(), places[:done].copy())
