"""One field of a segment: its terms and their posting lists."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from harbor_search.errors import OperationalError
from harbor_search.store.columns import ColumnsFile
from harbor_search.store.postings.bitpacking import BLOCK
from harbor_search.store.postings.codec import decode_documents, decode_positions, is_sound, locate
from harbor_search.store.postings.dictionary import Dictionary, TermEntry
from harbor_search.store.postings.multi_term import are_sound, count_live, decode_lists
from harbor_search.store.segment.deletions import Deleted, drop_positions, drop_postings

__all__ = ["FieldReader"]

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]

_NONE_DELETED = np.empty(0, np.bool_)


class FieldReader:
    """The terms of one field of a segment and their posting lists, without deleted documents.

    The df of a term's entry includes deleted documents, as it is needed for decoding the list; `live_df` does not.
    """

    def __init__(
        self, columns: ColumnsFile, segment: str, field: str, *, positional: bool, deleted: Deleted | None = None
    ) -> None:
        self.positional = positional
        self._deleted = deleted
        self._live_dfs: dict[int, int] = {}
        self._name = f"field {field} of segment {segment}"
        self._documents = int(columns["published"].size)
        self.buffer = columns.padded(f"{field}/postings")
        count = int(columns[f"{field}/count"][0])
        if count > columns[f"{field}/terms"].size:  # an entry takes some bytes
            raise OperationalError(f"the dictionary of {self._name} is damaged; roll back or rebuild the index")
        self.dictionary = Dictionary(
            columns.padded(f"{field}/terms"), columns[f"{field}/groups"], columns[f"{field}/bases"], count
        )

    @property
    def all_live(self) -> bool:
        """Whether no document is deleted, so that all numbers of documents are as entries have them."""
        return self._deleted is None

    def postings(self, entry: TermEntry, base: int = 0) -> tuple[Int32s, Int32s]:
        """(documents, frequencies) of a term, both int32[live_df]; `base` is added to document numbers.

        Raises:
            OperationalError: the list is damaged.
        """
        documents, frequencies = self._all_postings(entry, base)
        if self._deleted is None:
            return documents, frequencies
        left = drop_postings(documents, frequencies, self._deleted, base)
        return documents[:left], frequencies[:left]

    def _all_postings(self, entry: TermEntry, base: int) -> tuple[Int32s, Int32s]:
        self.require(is_sound(self.buffer, *self._place(entry), self.positional))
        documents, frequencies = np.empty(entry.df, np.int32), np.empty(entry.df, np.int32)
        last, occurrences = decode_documents(
            self.buffer, entry.at, entry.df, entry.cf, self.positional, base, documents, frequencies, 0
        )
        self.require(last < base + self._documents and occurrences == entry.cf)
        return documents, frequencies

    def positions(self, entry: TermEntry, frequencies: Int32s) -> Int32s:
        """All positions of a term, int32[], in document order; `frequencies` are those of `postings`."""
        positions = np.empty(entry.cf, np.int32)
        if self._deleted is None:
            decode_positions(self.buffer, entry.at, entry.df, entry.cf, frequencies, 0, positions, 0)
            return positions
        documents, all_frequencies = self._all_postings(entry, 0)
        decode_positions(self.buffer, entry.at, entry.df, entry.cf, all_frequencies, 0, positions, 0)
        return positions[: drop_positions(documents, all_frequencies, positions, self._deleted)]

    def find(self, term: bytes) -> TermEntry | None:
        """The entry of `term`; None if no live document has it.

        Raises:
            OperationalError: its list is damaged.
        """
        entry = self.dictionary.find(term)
        return entry if entry is not None and self.live_df(entry) else None

    def live_df(self, entry: TermEntry) -> int:
        """The number of live documents with a term.

        Raises:
            OperationalError: the list is damaged.
        """
        if self._deleted is None:
            return entry.df
        df = self._live_dfs.get(entry.at)
        if df is None:
            df = self._live_dfs[entry.at] = int(self.postings(entry)[0].size)
        return df

    def live_counts(self, places: Int64s) -> Int64s:
        """int64[terms]: `live_df` of some terms, given as rows of `TermEntry`s; of those without postings 0.

        Raises:
            OperationalError: a list is damaged.
        """
        if self._deleted is None:
            return places[:, 2]
        entries = (TermEntry(*place) for place in places.tolist())
        return np.array([self.live_df(each) if each.df else 0 for each in entries], np.int64)

    def positions_in(self, entry: TermEntry, document: int, limit: int) -> Int32s:
        """The first `limit` positions of a term in one document; empty if it does not occur.

        Raises:
            OperationalError: the list is damaged.
        """
        self.require(is_sound(self.buffer, *self._place(entry), True))
        positions = np.empty(limit, np.int32)
        found = locate(self.buffer, entry.at, entry.df, entry.cf, document, positions, np.empty(BLOCK, np.int64))
        self.require(found >= 0)
        return positions[:found]

    def live_dfs(self, places: Int64s) -> Int64s:
        """int64[terms]: `live_df` of many terms, given as rows of `TermEntries.places`.

        Raises:
            OperationalError: a list is damaged.
        """
        if self._deleted is None:
            return places[:, 2]
        counts = np.empty(len(places), np.int64)
        self.require(count_live(self.buffer, places, self.positional, self._deleted, counts))
        return counts

    def postings_of_all(
        self, places: Int64s, base: int, starts: Int64s, documents: Int32s, frequencies: Int32s
    ) -> None:
        """Write the postings of many terms, each from its `starts` (int64[terms]) on; frequency 0 marks deletions.

        Raises:
            OperationalError: a list is damaged.
        """
        deleted = _NONE_DELETED if self._deleted is None else self._deleted
        end = base + self._documents
        self.require(
            decode_lists(self.buffer, places, self.positional, base, end, deleted, starts, documents, frequencies)
        )

    def require_sound(self, places: Int64s) -> Int64s:
        """Check that kernels can safely look up positions in these lists; returns `places` (as in `TermEntries`).

        Raises:
            OperationalError: a list is damaged.
        """
        self.require(are_sound(self.buffer, places))
        return places

    def require_sound_entry(self, entry: TermEntry) -> None:
        """The same for the list of one term.

        Raises:
            OperationalError: the list is damaged.
        """
        self.require(is_sound(self.buffer, *self._place(entry), True))

    def _place(self, entry: TermEntry) -> tuple[int, int, int, int]:
        return entry.at, entry.size, entry.df, entry.cf

    def require(self, sound: bool, /) -> None:
        """Refuse a list that is not sound.

        Raises:
            OperationalError: it is not.
        """
        if not sound:
            raise OperationalError(f"a posting list of {self._name} is damaged; roll back or rebuild the index")
