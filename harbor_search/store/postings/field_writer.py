"""Writing the posting lists and the dictionary of one field of a segment."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from harbor_search.store.columns import ColumnsWriter
from harbor_search.store.postings.dictionary_writer import DictionaryWriter, TermTable
from harbor_search.store.postings.encoding import encode, upper_bound

__all__ = ["FieldWriter"]

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]


class FieldWriter:
    """Writes the columns of `field`: `add` terms in ascending order, then `finish`. No other column may be open."""

    def __init__(self, columns: ColumnsWriter, field: str, *, positional: bool) -> None:
        self._columns, self._field, self._positional = columns, field, positional
        self._dictionary = DictionaryWriter()
        self._size = 0
        columns.begin(f"{field}/postings", np.uint8)

    def add(
        self,
        text: npt.NDArray[np.uint8],
        ends: npt.NDArray[np.uint64],
        starts: Int64s,
        documents: Int32s,
        frequencies: Int32s,
        positions: Int32s,
        occurrences: Int64s,
    ) -> None:
        """Append terms with their lists.

        Args:
            text, ends: the terms, as in `TermTable`.
            starts: int64[terms + 1], where each term's postings start in the next two.
            documents, frequencies: int32[postings].
            positions: int32[], in the order of postings; empty where the field has none.
            occurrences: int64[terms].
        """
        out = np.empty(upper_bound(ends.size, documents.size, positions.size), np.uint8)
        list_ends = np.empty(ends.size, np.int64)
        size = encode(starts, documents, frequencies, positions, self._positional, out, list_ends)
        self._columns.append(out[:size].data)
        self._dictionary.add(TermTable(text, ends, np.diff(starts), occurrences, list_ends + self._size))
        self._size += size

    def finish(self) -> None:
        """Write the dictionary."""
        self._columns.end()
        for name, values in self._dictionary.columns().items():
            self._columns.add(f"{self._field}/{name}", values)
