"""Writing the term dictionary of a field incrementally; `dictionary` describes the columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harbor_search.analysis.token_spans import put_number
from harbor_search.compiled import kernel
from harbor_search.store.postings.dictionary_entries import GROUP

__all__ = ["DictionaryWriter", "TermTable"]


@dataclass(frozen=True, slots=True)
class TermTable:
    """Ascending terms and their dictionary values.

    Term i ends at `ends[i]` (uint64) in `text` (uint8) and begins where term i - 1 ends. `dfs`, `cfs` and `list_ends`
    are int64[terms]: document frequency, collection frequency, and where the posting list ends.
    """

    text: npt.NDArray[np.uint8]
    ends: npt.NDArray[np.uint64]
    dfs: npt.NDArray[np.int64]
    cfs: npt.NDArray[np.int64]
    list_ends: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return int(self.ends.size)

    def part(self, first: int, stop: int) -> TermTable:
        """The terms from `first` to `stop - 1`."""
        start = int(self.ends[first - 1]) if first else 0
        end = int(self.ends[stop - 1]) if stop else 0
        return TermTable(
            self.text[start:end],
            self.ends[first:stop] - np.uint64(start),
            self.dfs[first:stop],
            self.cfs[first:stop],
            self.list_ends[first:stop],
        )

    def followed_by(self, more: TermTable) -> TermTable:
        """These terms followed by `more`."""
        return TermTable(
            np.concatenate([self.text, more.text]),
            np.concatenate([self.ends, more.ends + np.uint64(self.text.size)]),
            np.concatenate([self.dfs, more.dfs]),
            np.concatenate([self.cfs, more.cfs]),
            np.concatenate([self.list_ends, more.list_ends]),
        )


_NO_NUMBERS = np.empty(0, np.int64)
_NO_TERMS = TermTable(np.empty(0, np.uint8), np.empty(0, np.uint64), _NO_NUMBERS, _NO_NUMBERS, _NO_NUMBERS)


class DictionaryWriter:
    """Builds the columns of a dictionary from ascending terms."""

    def __init__(self) -> None:
        self._pending = _NO_TERMS
        self._terms: list[npt.NDArray[np.uint8]] = []
        self._groups: list[npt.NDArray[np.uint64]] = []
        self._bases: list[npt.NDArray[np.uint64]] = []
        self._count = 0
        self._size = 0
        self._list_end = 0

    def add(self, more: TermTable) -> None:
        """Append terms."""
        table = self._pending.followed_by(more)
        # Only whole groups are encoded: the next terms continue the last one.
        whole = len(table) - len(table) % GROUP
        self._encode(table.part(0, whole))
        self._pending = table.part(whole, len(table))

    def columns(self) -> dict[str, npt.NDArray[np.generic]]:
        """The columns of the complete dictionary."""
        self._encode(self._pending)
        return {
            "terms": np.concatenate(self._terms),
            "groups": np.concatenate(self._groups),
            "bases": np.concatenate(self._bases),
            "count": np.array([self._count], np.uint64),
        }

    def _encode(self, table: TermTable) -> None:
        out = np.empty(table.text.size + 32 * len(table) + 8, np.uint8)
        count = -(-len(table) // GROUP)
        groups, bases = np.zeros(count, np.uint64), np.zeros(count, np.uint64)
        numbers = table.dfs, table.cfs, table.list_ends
        size = _encode(table.text, table.ends, *numbers, self._list_end, out, groups, bases)
        self._terms.append(out[:size].copy())
        self._groups.append(groups + np.uint64(self._size))
        self._bases.append(bases)
        self._count += len(table)
        self._size += size
        if len(table):
            self._list_end = int(table.list_ends[-1])


@kernel
def _encode(text, text_ends, dfs, cfs, list_ends, first_list, out, groups, bases):
    """Encode terms from the start of a group on; their first posting list begins at `first_list`."""
    at, before, begin, list_begin = 0, np.int64(0), np.int64(0), first_list
    for term in range(dfs.size):
        shared, end = 0, np.int64(text_ends[term])
        if term % GROUP == 0:
            groups[term // GROUP] = at
            bases[term // GROUP] = list_begin
        else:
            limit = min(end - begin, begin - before)
            while shared < limit and text[before + shared] == text[begin + shared]:
                shared += 1
        at = put_number(out, at, shared)
        at = put_number(out, at, end - begin - shared)
        for i in range(begin + shared, end):
            out[at] = text[i]
            at += 1
        at = put_number(out, at, dfs[term])
        at = put_number(out, at, cfs[term] - dfs[term])
        at = put_number(out, at, list_ends[term] - list_begin)
        before, begin, list_begin = begin, end, list_ends[term]
    return at
