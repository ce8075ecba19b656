"""The term dictionary of a field: sorted, front-coded, searched in place (written by `dictionary_writer`).

Terms are byte strings in ascending order, in groups of 16. The `terms` column has the groups, concatenated; `groups`
(u64) has where each begins, `bases` (u64) where the posting list of its first term begins. An entry is

    length of the prefix shared with the previous term (0 for the first of a group), length of the suffix, the suffix,
    df, cf - df, size of the posting list in bytes

with all numbers as LEB128.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harbor_search.compiled import copy_values, inlined, kernel, load_bits, lowest_bit, part
from harbor_search.errors import OperationalError

__all__ = ["GROUP", "MAX_TERM_BYTES", "NO_ENTRIES", "Dictionary", "TermEntries", "TermEntry", "begins_with"]
__all__ += [
    "find_entry",
    "skip_entry",
    "skip_numbers",
    "get_number",
    "group_at",
    "concat_entries",
    "read_entry",
    "read_place",
    "read_term",
]

GROUP = 16
"""Terms per group: a look-up reads half a group, and each group costs 16 bytes."""

_NUMBERS = 3
"""Numbers after the term of an entry."""

MAX_TERM_BYTES = 4096
"""Longest term: the longest accepted id, 1,024 characters, takes no more in UTF-8."""

_DAMAGED = "a term dictionary is damaged; roll back or rebuild the index"


class TermEntry(NamedTuple):
    """A term's posting list (byte offset `at`, `size` in bytes), document frequency and collection frequency."""

    at: int
    size: int
    df: int
    cf: int


@inlined
def get_number(buffer, at):
    """The LEB128 number at byte `at`, and the next byte."""
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


@inlined
def _compare(buffer, at, size, wanted):
    """Negative, zero or positive as `buffer[at:at + size]` is below, equal to or above `wanted`."""
    for i in range(min(size, wanted.size)):
        if buffer[at + i] != wanted[i]:
            return np.int64(buffer[at + i]) - np.int64(wanted[i])
    return size - wanted.size


@inlined
def begins_with(buffer, at, prefix):
    """Whether the first term of the group at byte `at` begins with `prefix`."""
    size, at = get_number(buffer, at + 1)  # the shared length of a group's first term is one zero
    if at + size > buffer.size:
        raise OperationalError(_DAMAGED)
    return size >= prefix.size and _compare(buffer, at, prefix.size, prefix) == 0


@inlined
def group_at(groups, group):
    """The byte where a group begins."""
    if group >= groups.size:
        raise OperationalError(_DAMAGED)
    return np.int64(groups[group])


@part
def _group_of(buffer, groups, wanted):
    """The last group whose first term is not above `wanted`; the first group if there is none (binary search)."""
    low, high = 0, groups.size - 1
    if high < 0:
        raise OperationalError(_DAMAGED)
    while low < high:
        middle = (low + high + 1) >> 1
        # The first term of a group begins with a zero byte, its shared length.
        size, at = get_number(buffer, np.int64(groups[middle]) + 1)
        if at + size > buffer.size:
            raise OperationalError(_DAMAGED)
        if _compare(buffer, at, size, wanted) <= 0:
            low = middle
        else:
            high = middle - 1
    return low


@kernel
def _seek(buffer, groups, bases, count, wanted, term, entry):
    """Find the first term not below `wanted`; write its bytes to `term` and (at, size, df, cf) to `entry`.

    Returns (ordinal, length of the term, next byte), or (-1, 0, 0) if all terms are below.
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
def find_entry(buffer, groups, bases, count, wanted, entry):
    """Look up the term `wanted` and write its (at, size, df, cf) to `entry`; returns whether it exists."""
    term = np.empty(MAX_TERM_BYTES, np.uint8)
    ordinal, length, _ = _seek(buffer, groups, bases, count, wanted, term, entry)
    return ordinal >= 0 and _compare(term, 0, length, wanted) == 0


@kernel
def _add_frequencies(buffer, groups, bases, count, text, ends, frequencies):
    """Add the df of each of some terms, concatenated in `text`, to `frequencies` (int64[n])."""
    term, entry, start = np.empty(MAX_TERM_BYTES, np.uint8), np.empty(4, np.int64), np.int64(0)
    for i in range(ends.size):
        wanted = text[start : ends[i]]
        start = ends[i]
        if wanted.size <= MAX_TERM_BYTES:
            ordinal, length, _ = _seek(buffer, groups, bases, count, wanted, term, entry)
            if ordinal >= 0 and _compare(term, 0, length, wanted) == 0:
                frequencies[i] += entry[2]


@kernel
def read_entry(buffer, at, list_at, term, entry):
    """Decode the entry at byte `at`; `term` holds its predecessor. Returns (length, next entry, next list)."""
    length, at = read_term(buffer, at, term)
    df, at = get_number(buffer, at)
    more, at = get_number(buffer, at)
    size, at = get_number(buffer, at)
    entry[0], entry[1], entry[2], entry[3] = list_at, size, df, df + more
    return length, at, list_at + size


@inlined
def read_term(buffer, at, term):
    """Decode the term of the entry at byte `at`; `term` holds its predecessor. Returns (length, next byte)."""
    shared, at = get_number(buffer, at)
    rest, at = get_number(buffer, at)
    if shared + rest > MAX_TERM_BYTES or at + rest + 8 > buffer.size:
        raise OperationalError(_DAMAGED)
    for i in range(rest):
        term[shared + i] = buffer[at + i]
    return shared + rest, at + rest


@inlined
def skip_entry(buffer, at):
    """The byte after the entry at byte `at`."""
    _, at = get_number(buffer, at)
    rest, at = get_number(buffer, at)
    return skip_numbers(buffer, at + rest)


@inlined
def skip_numbers(buffer, at):
    """The byte after the numbers of an entry, which begin at byte `at`; with one load if they take few bytes."""
    if at + 8 > buffer.size:
        raise OperationalError(_DAMAGED)
    lasts = ~load_bits(buffer, at) & np.uint64(0x8080808080808080)
    for _ in range(_NUMBERS - 1):
        lasts &= lasts - np.uint64(1)
    if lasts:
        return at + (lowest_bit(lasts) >> 3) + 1
    for _ in range(_NUMBERS):
        _, at = get_number(buffer, at)
    return at


@part
def read_place(buffer, groups, bases, ordinal, term, place):
    """Decode the entry with this ordinal: its (at, size, df, cf) to `place` (int64[4]), the term to `term`."""
    group = ordinal // GROUP
    if group >= bases.size:
        raise OperationalError(_DAMAGED)
    at, list_at = group_at(groups, group), np.int64(bases[group])
    for _ in range(ordinal - group * GROUP + 1):
        _, at, list_at = read_entry(buffer, at, list_at, term, place)


@dataclass(frozen=True, slots=True)
class TermEntries:
    """Ascending terms with their entries, as arrays.

    Term i ends at `ends[i]` (uint64) in `text` (uint8) and begins where term i - 1 ends; the rows of `places`
    (int64[n, 4]) are `TermEntry` values (at, size, df, cf).
    """

    text: npt.NDArray[np.uint8]
    ends: npt.NDArray[np.uint64]
    places: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return int(self.ends.size)

    def part(self, first: int, stop: int) -> TermEntries:
        """The terms from `first` to `stop - 1`."""
        start = int(self.ends[first - 1]) if first else 0
        end = int(self.ends[stop - 1]) if stop else 0
        return TermEntries(self.text[start:end], self.ends[first:stop] - np.uint64(start), self.places[first:stop])


NO_ENTRIES = TermEntries(np.empty(0, np.uint8), np.empty(0, np.uint64), np.empty((0, 4), np.int64))


def concat_entries(parts: Sequence[TermEntries]) -> TermEntries:
    """The terms of one or more parts, concatenated in the given order."""
    before = np.cumsum([0, *(part.text.size for part in parts)]).astype(np.uint64)
    return TermEntries(
        np.concatenate([part.text for part in parts]),
        np.concatenate([part.ends + size for part, size in zip(parts, before[:-1], strict=True)]),
        np.concatenate([part.places for part in parts]),
    )


@kernel
def _read_entries(buffer, count, state, term, text, ends, places):
    """Decode terms until the arrays are full or all `count` are done; returns (terms decoded, bytes of text).

    `state` is int64[3]: ordinal, byte and posting list of the next term; `term` has the bytes of the previous one.
    """
    done, size = 0, 0
    while state[0] < count and done < ends.size and size + MAX_TERM_BYTES <= text.size:
        length, state[1], state[2] = read_entry(buffer, state[1], state[2], term, places[done])
        copy_values(term[:length], text[size:])
        size += length
        ends[done] = size
        done += 1
        state[0] += 1
    return done, size


class Dictionary:
    """The terms of one field of a segment and the locations of their posting lists."""

    def __init__(
        self,
        terms: npt.NDArray[np.uint8],
        groups: npt.NDArray[np.uint64],
        bases: npt.NDArray[np.uint64],
        count: int,
    ) -> None:
        self.terms, self.groups, self.bases = terms, groups, bases
        self.count = count

    def __len__(self) -> int:
        return self.count

    def find(self, term: bytes) -> TermEntry | None:
        """The entry of `term`, or None if the field has no such term."""
        if not self.count or len(term) > MAX_TERM_BYTES:
            return None
        entry = np.empty(4, np.int64)
        found = find_entry(self.terms, self.groups, self.bases, self.count, np.frombuffer(term, np.uint8), entry)
        return TermEntry(*entry.tolist()) if found else None

    def add_frequencies(
        self, text: npt.NDArray[np.uint8], ends: npt.NDArray[np.int64], frequencies: npt.NDArray[np.int64]
    ) -> None:
        """Add the document frequency of each of some terms, concatenated in `text` up to `ends`, to `frequencies`.

        Looking up many terms in one call takes a tenth of the time.
        """
        if self.count:
            _add_frequencies(self.terms, self.groups, self.bases, self.count, text, ends, frequencies)

    def starting_at(self, term: bytes) -> Iterator[tuple[bytes, TermEntry]]:
        """All terms from the first not below `term` on, ascending."""
        if not self.count:
            return
        found, entry = np.empty(MAX_TERM_BYTES, np.uint8), np.empty(4, np.int64)
        wanted = np.frombuffer(term, np.uint8)
        ordinal, length, at = _seek(self.terms, self.groups, self.bases, self.count, wanted, found, entry)
        while 0 <= ordinal < self.count:
            values = entry.tolist()
            yield found[:length].tobytes(), TermEntry(*values)
            ordinal += 1
            if ordinal < self.count:
                length, at, _ = read_entry(self.terms, at, values[0] + values[1], found, entry)

    def beginning_with(self, prefix: bytes) -> TermEntries:
        """All terms that begin with `prefix`.

        Raises:
            OperationalError: the dictionary is damaged.
        """
        first, end = self._rank(prefix), self._rank(_prefix_end(prefix))
        if first >= end:
            return NO_ENTRIES
        group, skipped = divmod(first, GROUP)
        size = end - first + skipped
        start = np.array([first - skipped, *(column[group].astype(np.int64) for column in (self.groups, self.bases))])
        return concat_entries(list(self._decoded(start, end, size))).part(skipped, size)

    def _rank(self, wanted: bytes | None) -> int:
        """The number of terms below `wanted` (None: of all terms)."""
        if wanted is None or not self.count:
            return self.count
        term, entry = np.empty(MAX_TERM_BYTES, np.uint8), np.empty(4, np.int64)
        ordinal = _seek(self.terms, self.groups, self.bases, self.count, np.frombuffer(wanted, np.uint8), term, entry)[
            0
        ]
        return self.count if ordinal < 0 else int(ordinal)

    def parts(self, max_terms: int) -> Iterator[TermEntries]:
        """All terms in order, at most `max_terms` at a time.

        Raises:
            OperationalError: the dictionary is damaged.
        """
        return self._decoded(np.zeros(3, np.int64), self.count, max_terms)

    def _decoded(self, state: npt.NDArray[np.int64], end: int, max_terms: int) -> Iterator[TermEntries]:
        """The terms before ordinal `end`; `state` (as in `_read_entries`) is at the start of a group."""
        term = np.empty(MAX_TERM_BYTES, np.uint8)
        text = np.empty(MAX_TERM_BYTES + 32 * max_terms, np.uint8)
        ends, places = np.empty(max_terms, np.uint64), np.empty((max_terms, 4), np.int64)
        while state[0] < end:
            done, size = _read_entries(self.terms, end, state, term, text, ends, places)
            yield TermEntries(text[:size].copy(), ends[:done].copy(), places[:done].copy())


def _prefix_end(prefix: bytes) -> bytes | None:
    """The smallest string above all that begin with `prefix`; None if there is none."""
    stem = prefix.rstrip(b"\xff")
    return stem[:-1] + bytes([stem[-1] + 1]) if stem else None
