"""What a beginning or a misspelt word stands for: terms of the dictionaries, and where their lists are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harbor_search.engines.clauses import Fuzzy, Prefix
from harbor_search.ranking import Postings
from harbor_search.store import (
    FieldReader,
    TermEntries,
    concat_entries,
    equals_previous,
    gather_strings,
    merged_order,
    similar_terms,
)

__all__ = ["Expansion", "Lists", "expand"]

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]


class Lists(NamedTuple):
    """The lists of one field of one segment: their reader, the number of the field, the segment's first document."""

    reader: FieldReader
    field: int
    base: int


@dataclass(frozen=True, slots=True)
class _Part:
    """Terms of an expansion in some lists: rows of `TermEntries.places`, and the rank of each."""

    lists: Lists
    places: Int64s
    ranks: Int64s


class _Candidates(NamedTuple):
    """Terms that a leaf may stand for: how many edits each is away, and in how many documents it is."""

    entries: TermEntries
    edits: Int64s
    dfs: Int64s


@dataclass(frozen=True, slots=True)
class Expansion:
    """The terms that a leaf stands for, best first."""

    terms: tuple[bytes, ...]
    parts: tuple[_Part, ...]

    @property
    def size(self) -> int:
        """How many postings its lists have."""
        return sum(int(part.places[:, 2].sum()) for part in self.parts)

    def postings(self) -> Postings:
        """All postings, term by term.

        Raises:
            OperationalError: a list is damaged.
        """
        order = np.argsort(np.concatenate([part.ranks for part in self.parts]), kind="stable")
        dfs = np.concatenate([part.places[:, 2] for part in self.parts])
        fields = np.repeat([part.lists.field for part in self.parts], [len(part.ranks) for part in self.parts])
        ends = np.cumsum(dfs[order])
        starts = np.empty_like(ends)
        starts[order] = ends - dfs[order]
        documents, frequencies = np.empty(self.size, np.int32), np.empty(self.size, np.int32)
        at = 0
        for part in self.parts:
            end = at + len(part.ranks)
            reader, _, base = part.lists
            reader.postings_of_all(part.places, base, starts[at:end], documents, frequencies)
            at = end
        return Postings(documents, frequencies, ends, fields[order].astype(np.int64))


def expand(leaf: Prefix | Fuzzy, lists: Sequence[Lists], most: int) -> Expansion:
    """The terms that a leaf stands for in `lists`, the `most` frequent (of the most similar) where they are too many.

    Raises:
        OperationalError: a dictionary or a list is damaged.
    """
    found = [_candidates(leaf, each.reader) for each in lists]
    numbers, order = _numbered([each.entries for each in found])
    edits, dfs = np.zeros(order.size, np.int64), np.zeros(order.size, np.int64)
    for candidates, number in zip(found, numbers, strict=True):
        edits[number] = candidates.edits
        dfs[number] += candidates.dfs
    chosen = _best(edits, dfs, most)
    ranks = np.full(order.size, -1, np.int64)
    ranks[chosen] = np.arange(chosen.size)
    parts = []
    for each, candidates, number in zip(lists, found, numbers, strict=True):
        own = (ranks[number] >= 0) & (candidates.dfs > 0)
        parts.append(_Part(each, candidates.entries.places[own], ranks[number][own]))
    every = concat_entries([each.entries for each in found])
    return _with_own_word(leaf, Expansion(_texts(every, order[chosen]), tuple(parts)))


def _candidates(leaf: Prefix | Fuzzy, reader: FieldReader) -> _Candidates:
    if isinstance(leaf, Fuzzy):
        entries, edits = similar_terms(reader.dictionary, leaf.text, leaf.distance)
    else:
        entries = reader.dictionary.beginning_with(leaf.text)
        edits = np.zeros(len(entries), np.int64)
    return _Candidates(entries, edits, reader.live_dfs(entries.places))


def _numbered(parts: Sequence[TermEntries]) -> tuple[list[Int64s], Int64s]:
    """The number of each term of each part in the order of all distinct ones, and where these are in all parts."""
    sizes = [len(part) for part in parts]
    bounds = np.cumsum([0, *sizes]).tolist()
    if max(sizes) == bounds[-1]:
        return [np.arange(size) for size in sizes], np.arange(bounds[-1])
    every = concat_entries(parts)
    ranges = [np.arange(first, end, dtype=np.int32) for first, end in zip(bounds, bounds[1:], strict=False)]
    order = merged_order(every.text, every.ends, ranges)
    first = ~equals_previous(every.text, every.ends, order)
    numbers = np.empty(order.size, np.int64)
    numbers[order] = np.cumsum(first) - 1
    split = [numbers[low:high] for low, high in zip(bounds, bounds[1:], strict=False)]
    return split, order[first].astype(np.int64)


def _best(edits: Int64s, dfs: Int64s, most: int) -> Int64s:
    """The numbers of the `most` best terms, best first: those of fewest edits, in most documents, last in order."""
    present = np.nonzero(dfs)[0]
    keys = dfs[present] - (edits[present] << 40)
    if present.size > most:
        least = np.partition(keys, present.size - most)[present.size - most]
        present, keys = present[keys >= least], keys[keys >= least]
    return present[np.lexsort((present, keys))[::-1][:most]]


def _texts(entries: TermEntries, numbers: Int64s) -> tuple[bytes, ...]:
    text, ends = gather_strings(entries.text, entries.ends, numbers.astype(np.int32))
    whole, bounds = text.tobytes(), [0, *ends.tolist()]
    return tuple(whole[start:end] for start, end in zip(bounds, bounds[1:], strict=False))


def _with_own_word(leaf: Prefix | Fuzzy, expansion: Expansion) -> Expansion:
    """The expansion, with the word that a beginning is by itself after the others where it is none of them."""
    if isinstance(leaf, Fuzzy) or leaf.term is None or leaf.term in expansion.terms:
        return expansion
    rank = len(expansion.terms)
    parts = []
    for part in expansion.parts:
        entry = part.lists.reader.find(leaf.term)
        if entry is not None:
            place = np.array([[entry.at, entry.size, entry.df, entry.cf]], np.int64)
            part = _Part(part.lists, np.concatenate([part.places, place]), np.append(part.ranks, rank))
        parts.append(part)
    return Expansion((*expansion.terms, leaf.term), tuple(parts))
