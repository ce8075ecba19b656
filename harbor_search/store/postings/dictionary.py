"""The term dictionary of a field: sorted, front-coded, searched in place (written by `dictionary_writer`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harbor_search.compiled import copy_values, kernel
from harbor_search.store.postings.dictionary_entries import (
    GROUP,
    MAX_TERM_BYTES,
    find_entry,
    read_entry,
    seek,
)

__all__ = ["NO_ENTRIES", "Dictionary", "TermEntries", "TermEntry", "concat_entries"]


class TermEntry(NamedTuple):
    """A term's posting list (byte offset `at`, `size` in bytes), document frequency and collection frequency."""

    at: int
    size: int
    df: int
    cf: int


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
        if not self.count:
            return None
        entry = np.empty(4, np.int64)
        found = find_entry(self.terms, self.groups, self.bases, self.count, np.frombuffer(term, np.uint8), entry)
        return TermEntry(*entry.tolist()) if found else None

    def starting_at(self, term: bytes) -> Iterator[tuple[bytes, TermEntry]]:
        """All terms from the first not below `term` on, ascending."""
        if not self.count:
            return
        found, entry = np.empty(MAX_TERM_BYTES, np.uint8), np.empty(4, np.int64)
        wanted = np.frombuffer(term, np.uint8)
        ordinal, length, at = seek(self.terms, self.groups, self.bases, self.count, wanted, found, entry)
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
        sought = np.frombuffer(wanted, np.uint8)
        ordinal, _, _ = seek(self.terms, self.groups, self.bases, self.count, sought, term, entry)
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
