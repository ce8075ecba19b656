"""Reading a segment: its columns, posting lists and articles, memory-mapped."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from harbor_search.analysis.spans import decode_spans
from harbor_search.article import Article
from harbor_search.errors import OperationalError
from harbor_search.store.byte_order import place_of
from harbor_search.store.columns import SPARE, ColumnsFile
from harbor_search.store.fields import HASH_BYTES, KEYWORD_FIELDS, TEXT_FIELDS
from harbor_search.store.indexer.inversion import POSITION_GAP
from harbor_search.store.postings.codec import decode_documents, decode_positions, is_sound, locate
from harbor_search.store.postings.dictionary import Dictionary, TermEntry
from harbor_search.store.postings.multi_term import count_left, decode_lists, locate_any
from harbor_search.store.segment.deletions import Deleted, drop_positions, drop_postings, read_deletions
from harbor_search.store.segment.stored_articles import DocumentsReader
from harbor_search.store.segment.stored_form import unpack_article

__all__ = ["FieldPlaces", "FieldReader", "SegmentReader"]

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]

_NONE_DELETED = np.empty(0, np.bool_)

_DAMAGED = "the places of words in an article are damaged; roll back or rebuild the index"


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
        found = locate(self.buffer, entry.at, entry.df, entry.cf, document, positions)
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
        behind = base + self._documents
        self._require(
            decode_lists(self.buffer, places, self.positional, base, behind, deleted, starts, documents, frequencies)
        )

    def positions_of_any(self, places: Int64s, document: int, most: int) -> Int32s:
        """The first `most` positions of each of many terms in one document, term by term.

        Raises:
            OperationalError: a list is damaged.
        """
        positions = np.empty(most * len(places), np.int32)
        found = locate_any(self.buffer, places, document, most, positions)
        self._require(found >= 0)
        return positions[:found]

    def _place(self, entry: TermEntry) -> tuple[int, int, int, int]:
        return entry.at, entry.size, entry.df, entry.cf

    def _require(self, sound: bool) -> None:
        if not sound:
            raise OperationalError(f"a posting list of {self._name} is damaged; roll back or rebuild the index")


class FieldPlaces:
    """The character ranges of all words of one field of a document."""

    def __init__(self, counts: Sequence[int], starts: Int64s, ends: Int64s) -> None:
        """`counts` are the words in each of the field's texts, `starts` and `ends` their characters in it."""
        self._starts, self._ends = starts, ends
        words = np.array(counts, np.int64)
        self._first_word = np.cumsum(words) - words
        # As in inversion: a gap before every text but those before which the field has no word.
        gaps = np.where(self._first_word > 0, POSITION_GAP, 0)
        self._first_position = self._first_word + np.cumsum(gaps)

    def of(self, positions: Int32s) -> tuple[Int64s, Int64s, Int64s]:
        """For each position: the index of its text within the field, and where its word starts and ends in that.

        Raises:
            OperationalError: the field has no such position.
        """
        if positions.size and not self._starts.size:
            raise OperationalError(_DAMAGED)
        texts = np.searchsorted(self._first_position, positions, "right") - 1
        words = self._first_word[texts] + positions - self._first_position[texts]
        if words.size and int(words.max()) >= self._starts.size:
            raise OperationalError(_DAMAGED)
        return texts, self._starts[words], self._ends[words]


class SegmentReader:
    """One segment; document numbers count from 0. Deleted documents keep theirs, and no posting list has them."""

    def __init__(self, folder: Path, name: str, deletions: int = 0) -> None:
        """Open it; `deletions` is how many of its documents were deleted, if that is to be heeded.

        Raises:
            OperationalError: a file is missing or damaged.
        """
        self.name = name
        self.columns = ColumnsFile(folder / f"{name}.postings")
        self.count = int(self.columns["published"].size)
        self.live_count = self.count - deletions
        self.deleted = read_deletions(folder, name, self.count, deletions)
        self.fields = {
            field: FieldReader(self.columns, name, field, positional=field in TEXT_FIELDS, deleted=self.deleted)
            for field in (*TEXT_FIELDS, *KEYWORD_FIELDS)
        }
        self.sections = self._read_sections()
        self._documents = DocumentsReader(folder / f"{name}.documents", self.count)
        spans = ColumnsFile(folder / f"{name}.spans")
        self._spans, self._span_ends = spans.padded("spans"), spans["ends"]
        self._id_order = self._read_id_order()

    def _read_sections(self) -> list[tuple[str, ...]]:
        try:
            return [tuple(path) for path in json.loads(self.columns["sections"].tobytes())]
        except (ValueError, TypeError) as error:
            raise self._damaged("postings") from error

    def _read_id_order(self) -> tuple[Int32s, npt.NDArray[np.uint8], npt.NDArray[np.uint64]]:
        """The order of ids, the ids and their ends, so that looking one up stays within them."""
        order, ids, ends = self.columns["id_order"], self.columns["ids"], self.columns["id_ends"]
        sound = order.size == ends.size == self.count
        if self.count:
            sound &= bool(order.min() >= 0 and order.max() < self.count)
            sound &= bool(np.all(ends[1:] >= ends[:-1]) and ends[-1] == ids.size)
        if not sound:
            raise self._damaged("postings")
        return order, ids, ends

    def lengths(self, field: str) -> npt.NDArray[Any]:
        """Tokens in `field` of each document (an unsigned integer type)."""
        return self.columns[f"{field}/lengths"]

    def article(self, document: int) -> Article:
        """The stored article.

        Raises:
            OperationalError: the file is damaged.
        """
        try:
            return unpack_article(self._documents[document])
        except ValueError as error:
            raise self._damaged("documents") from error

    def article_id(self, document: int) -> bytes:
        """The article's id, as UTF-8."""
        ends = self.columns["id_ends"]
        start = int(ends[document - 1]) if document else 0
        return self.columns["ids"][start : int(ends[document])].tobytes()

    def ids(self) -> list[bytes]:
        """All ids, as UTF-8, by document number; those of deleted documents too."""
        blob, ends = self.columns["ids"].tobytes(), self.columns["id_ends"].tolist()
        return [blob[start:end] for start, end in zip([0, *ends], ends, strict=False)]

    def content_hash(self, document: int) -> bytes:
        """The hash of the stored article, `HASH_BYTES` bytes."""
        return self.columns["hashes"][document * HASH_BYTES : (document + 1) * HASH_BYTES].tobytes()

    def find(self, article_id: bytes) -> int | None:
        """The document number of the article with this id, None where it is not there or was deleted."""
        order, ids, ends = self._id_order
        document = int(place_of(ids, ends, order, np.frombuffer(article_id, np.uint8)))
        return document if document >= 0 and self.is_live(document) else None

    def is_live(self, document: int) -> bool:
        """Whether a document was not deleted."""
        return self.deleted is None or not self.deleted[document]

    def forget(self) -> None:
        """Let go of the pages of its files that were read, which count as memory of this process."""
        self.columns.forget()
        self._documents.forget()

    def stored_articles(self) -> Iterator[bytes]:
        """The JSON of all articles by document number; those of deleted documents too."""
        return iter(self._documents)

    def span_bytes(self, first: int, behind: int) -> npt.NDArray[np.uint8]:
        """The spans of documents `first` to `behind - 1`, as they are stored."""
        start = int(self._span_ends[first - 1]) if first else 0
        return self._spans[start : int(self._span_ends[behind - 1])]

    def span_ends(self) -> npt.NDArray[np.uint64]:
        """uint64[documents]: where the spans of each document end."""
        return self._span_ends

    def places(self, document: int, field: str) -> FieldPlaces:
        """Where the words of a document's "title", "headings" or "body" stand.

        Raises:
            OperationalError: the file is damaged.
        """
        at, end = int(self._span_ends[document - 1]) if document else 0, int(self._span_ends[document])
        if not 0 <= at <= end <= self._spans.size - SPARE:
            raise self._damaged("spans")
        header, at = self._header(at, end)
        sections = (len(header) - 1) // 2
        first, behind = {
            "title": (0, 1),
            "headings": (1, 1 + sections),
            "body": (1 + sections, 1 + 2 * sections),
        }[field]
        starts, ends = decode_spans(self._spans, at, end, np.array(header[:behind], np.int64), sum(header[:first]))
        return FieldPlaces(header[first:behind], starts, ends)

    def _header(self, at: int, end: int) -> tuple[list[int], int]:
        sections, at = self._number(at, end)
        counts = []
        for _ in range(1 + 2 * sections):
            count, at = self._number(at, end)
            counts.append(count)
        return counts, at

    def _number(self, at: int, end: int) -> tuple[int, int]:
        value, shift = 0, 0
        while at < end and shift < 35:
            byte = int(self._spans[at])
            value |= (byte & 127) << shift
            at += 1
            if byte < 128:
                return value, at
            shift += 7
        raise self._damaged("spans")

    def _damaged(self, suffix: str) -> OperationalError:
        return OperationalError(f"{self.name}.{suffix} is damaged; roll back or rebuild the index")
