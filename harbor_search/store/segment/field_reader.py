"""One field of a segment: its terms and their posting lists."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from harbor_search.errors import OperationalError
from harbor_search.store.columns import ColumnsFile
from harbor_search.store.postings.bitpacking import BLOCK
from harbor_search.store.postings.codec import decode_documents, decode_positions, is_sound, locate
from harbor_search.store.postings.dictionary import Dictionary, TermEntry
from harbor_search.store.postings.multi_term import are_sound, count_left, decode_lists
from harbor_search.store.postings.term_weights import add_weights
from harbor_search.store.segment.deletions import Deleted, drop_positions, drop_postings

__all__ = ["FieldReader"]

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]

_NONE_DELETED = np.empty(0, np.bool_)


class FieldReader:
    """The terms of one field of a segment and their posting lists, without the documents that were deleted.

    A term's entry counts them all, as it is what the list is decoded by; `live_df` counts those that are left.
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

    def postings(self, entry: TermEntry, base: int = 0) -> tuple[Int32s, Int32s]:
        """(documents, frequencies) of a term, both int32[documents left]; `base` is added to document numbers.

        Raises:
            OperationalError: the list is damaged.
        """
        documents, frequencies = self._all_postings(entry, base)
        if self._deleted is None:
            return documents, frequencies
        left = drop_postings(documents, frequencies, self._deleted, base)
        return documents[:left], frequencies[:left]

    def _all_postings(self, entry: TermEntry, base: int) -> tuple[Int32s, Int32s]:
        self._require(is_sound(self.buffer, *self._place(entry), self.positional))
        documents, frequencies = np.empty(entry.df, np.int32), np.empty(entry.df, np.int32)
        last, occurrences = decode_documents(
            self.buffer, entry.at, entry.df, entry.cf, self.positional, base, documents, frequencies, 0
        )
        self._require(last < base + self._documents and occurrences == entry.cf)
        return documents, frequencies

    def positions(self, entry: TermEntry, frequencies: Int32s) -> Int32s:
        """All positions of a term, int32[], document after document; `frequencies` are from `postings`."""
        positions = np.empty(entry.cf, np.int32)
        if self._deleted is None:
            decode_positions(self.buffer, entry.at, entry.df, entry.cf, frequencies, 0, positions, 0)
            return positions
        documents, every = self._all_postings(entry, 0)
        decode_positions(self.buffer, entry.at, entry.df, entry.cf, every, 0, positions, 0)
        return positions[: drop_positions(documents, every, positions, self._deleted)]

    def find(self, term: bytes) -> TermEntry | None:
        """The entry of `term`; None where no document that is left has it.

        Raises:
            OperationalError: its list is damaged.
        """
        entry = self.dictionary.find(term)
        return entry if entry is not None and self.live_df(entry) else None

    def add_frequencies(
        self, terms: Sequence[bytes], text: npt.NDArray[np.uint8], ends: Int64s, frequencies: Int64s
    ) -> None:
        """Add to `frequencies` (int64[terms]) how many documents that are left have each of some terms.

        `text` has the terms one behind the other, up to their `ends`: what is asked of several fields is laid out once.

        Raises:
            OperationalError: a list is damaged.
        """
        if self._deleted is None:
            self.dictionary.add_frequencies(text, ends, frequencies)
            return
        every = np.zeros(len(terms), np.int64)
        self.dictionary.add_frequencies(text, ends, every)
        for number in np.flatnonzero(every).tolist():
            entry = self.dictionary.find(terms[number])
            frequencies[number] += 0 if entry is None else self.live_df(entry)

    def add_weights(
        self,
        text: npt.NDArray[np.uint8],
        ends: Int64s,
        documents: Int64s,
        own: tuple[int, int],
        base: int,
        norms: npt.NDArray[np.float32],
        weights: npt.NDArray[np.float64],
    ) -> None:
        """Add to `weights` (float64[terms, documents]) how often each of some terms stands in each of some documents,
        times what an occurrence counts there.

        `text` has the terms one behind the other, up to their `ends`; of `documents` (ascending) those from the first
        of `own` up to the second are of this segment, numbered from `base` on; `norms` (float32[documents]) has what
        counts in each.

        Raises:
            OperationalError: a list is damaged.
        """
        words = self.dictionary
        if words.count:
            lists = words.terms, words.groups, words.bases, words.count, self.buffer
            self._require(add_weights(*lists, text, ends, documents, *own, base, norms, weights))

    def live_df(self, entry: TermEntry) -> int:
        """How many documents with a term are left.

        Raises:
            OperationalError: the list is damaged.
        """
        if self._deleted is None:
            return entry.df
        known = self._live_dfs.get(entry.at)
        if known is None:
            known = self._live_dfs[entry.at] = int(self.postings(entry)[0].size)
        return known

    def positions_in(self, entry: TermEntry, document: int, most: int) -> Int32s:
        """The first `most` positions of a term in one document; none where it does not occur.

        Raises:
            OperationalError: the list is damaged.
        """
        self._require(is_sound(self.buffer, *self._place(entry), True))
        positions = np.empty(most, np.int32)
        found = locate(self.buffer, entry.at, entry.df, entry.cf, document, positions, np.empty(BLOCK, np.int64))
        self._require(found >= 0)
        return positions[:found]

    def live_dfs(self, places: Int64s) -> Int64s:
        """int64[terms]: `live_df` of each of many terms, which are rows of `Entries.places`.

        Raises:
            OperationalError: a list is damaged.
        """
        if self._deleted is None:
            return places[:, 2]
        counts = np.empty(len(places), np.int64)
        self._require(count_left(self.buffer, places, self.positional, self._deleted, counts))
        return counts

    def postings_of_all(
        self, places: Int64s, base: int, starts: Int64s, documents: Int32s, frequencies: Int32s
    ) -> None:
        """Write the postings of many terms, from `starts` (int64[terms]) on; those of deleted documents say 0 times.

        Raises:
            OperationalError: a list is damaged.
        """
        deleted = _NONE_DELETED if self._deleted is None else self._deleted
        end = base + self._documents
        self._require(
            decode_lists(self.buffer, places, self.positional, base, end, deleted, starts, documents, frequencies)
        )

    def require_sound(self, places: Int64s) -> Int64s:
        """`places` (rows as of `Entries.places`) as they are: kernels may look up positions in their lists.

        Raises:
            OperationalError: a list is damaged.
        """
        self._require(are_sound(self.buffer, places))
        return places

    def _place(self, entry: TermEntry) -> tuple[int, int, int, int]:
        return entry.at, entry.size, entry.df, entry.cf

    def _require(self, sound: bool) -> None:
        if not sound:
            raise OperationalError(f"a posting list of {self._name} is damaged; roll back or rebuild the index")
