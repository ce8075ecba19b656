"""The distinct terms of a segment in the making, numbered from 0 in order of appearance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from harbor_search.analysis.strings import SPARE, StringTable, add, find, key_of
from harbor_search.compiled import kernel

__all__ = ["TermNumbers"]

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Ends = npt.NDArray[np.uint64]


class TermNumbers:
    """Numbers for byte strings without NUL."""

    def __init__(self) -> None:
        self._terms = StringTable()

    def __len__(self) -> int:
        return self._terms.count

    @property
    def held(self) -> int:
        """The memory that is used."""
        return self._terms.held

    def of(self, terms: Sequence[bytes]) -> Int32s:
        """int32[terms]: the number of each, new ones for those that are new."""
        text = np.frombuffer(b"".join([*terms, bytes(SPARE)]), np.uint8)
        ends = np.cumsum(np.fromiter(map(len, terms), np.int64, len(terms)))
        return self.of_parts(text, np.concatenate([np.zeros(1, np.int64), ends[:-1]])[: ends.size], ends)

    def of_parts(self, text: Bytes, starts: Int64s, ends: Int64s) -> Int32s:
        """The same for parts of `text`, behind the last of which `SPARE` bytes more can be read."""
        known = self._terms
        known.make_room(starts.size, int((ends - starts).sum()))
        numbers = np.empty(starts.size, np.int32)
        known.count = _intern(text, starts, ends, known.table, known.pool, known.ends, known.count, numbers)
        return numbers

    def texts(self) -> tuple[Bytes, Ends]:
        """The terms by number: their bytes (uint8), one behind the other, and where each ends (uint64)."""
        return self._terms.pool[: self._terms.size], self._terms.ends[1 : len(self) + 1].view(np.uint64)


@kernel
def _intern(text, starts, ends, table, pool, term_ends, count, numbers):  # type: ignore[no-untyped-def]
    """Number parts of `text`; returns how many strings are known now."""
    for i in range(starts.size):
        size = ends[i] - starts[i]
        key = key_of(text, starts[i], size)
        number, slot = find(table, pool, term_ends, key, text, starts[i], size)
        if number < 0:
            number = count
            count = add(table, pool, term_ends, count, slot, key, text, starts[i], size)
        numbers[i] = number
    return count
