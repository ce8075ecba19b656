"""Reading a segment: its columns, posting lists and articles, memory-mapped."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from harbor_search.article import Article
from harbor_search.errors import OperationalError
from harbor_search.store.byte_strings import find_string
from harbor_search.store.columns import ColumnsFile
from harbor_search.store.format import HASH_BYTES, KEYWORD_FIELDS, TEXT_FIELDS
from harbor_search.store.segment.article_record import Display, unpack_article, unpack_tags, unpack_texts
from harbor_search.store.segment.deletions import read_deletions
from harbor_search.store.segment.display import DisplayColumns
from harbor_search.store.segment.field_reader import FieldReader
from harbor_search.store.segment.outlines import OUTLINES, unpack_outlines
from harbor_search.store.segment.stored_articles import Block, BlockCache, DocumentsReader
from harbor_search.store.segment.term_lookup import TermLookup
from harbor_search.store.segment.word_list import WordList, read_words

__all__ = ["SegmentReader"]

Int32s = npt.NDArray[np.int32]
_Unpacked = TypeVar("_Unpacked")
Int64s = npt.NDArray[np.int64]


class SegmentReader:
    """One segment; document numbers count from 0. Deleted documents keep their numbers but are in no posting list."""

    def __init__(self, folder: Path, name: str, deletions: int = 0) -> None:
        """Open it; `deletions` is the number of its deleted documents (0: ignore the file of deletions).

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
        self._lookups: dict[tuple[str, ...], TermLookup] = {}
        self.sections = self._read_sections()
        self._documents = DocumentsReader(folder / f"{name}.documents", self.count)
        spans = ColumnsFile(folder / f"{name}.spans")
        self._spans, self._span_ends = spans.padded("spans"), spans["ends"]
        if self._span_ends.size != self.count:
            raise self._damaged("spans")
        self._layout_ends = self._span_ends.data
        self._display = DisplayColumns(self.columns, self.sections)
        self._body_lengths = self.columns["body/lengths"].data
        self._id_order = self._read_id_order()

    def _read_sections(self) -> list[tuple[str, ...]]:
        try:
            return [tuple(path) for path in json.loads(self.columns["sections"].tobytes())]
        except (ValueError, TypeError) as error:
            raise self._damaged("postings") from error

    def _read_id_order(self) -> tuple[Int32s, npt.NDArray[np.uint8], npt.NDArray[np.uint64]]:
        """The order of ids, the ids and their ends, checked so that look-ups stay within them."""
        order, ids, ends = self.columns["id_order"], self.columns["ids"], self.columns["id_ends"]
        sound = order.size == ends.size == self.count
        if self.count:
            sound &= bool(order.min() >= 0 and order.max() < self.count)
            sound &= bool(np.all(ends[1:] >= ends[:-1]) and ends[-1] == ids.size)
        if not sound:
            raise self._damaged("postings")
        return order, ids, ends

    def lengths(self, field: str) -> npt.NDArray[Any]:
        """The number of tokens in `field` of each document (an unsigned integer type)."""
        return self.columns[f"{field}/lengths"]

    def article(self, document: int) -> Article:
        """The stored article.

        Raises:
            OperationalError: the file is damaged.
        """
        shown = self.display(document)
        try:
            return unpack_article(self._documents[document], shown)
        except ValueError as error:
            raise self._damaged("documents") from error

    def words_of(self, document: int) -> int:
        """The number of words in the body of a document."""
        return self._body_lengths[document]

    def names(self, document: int, blocks: BlockCache) -> tuple[str, ...]:
        """The other names (tags) of an article, read through the block cache.

        Raises:
            OperationalError: the file is damaged.
        """
        return self._unpacked(document, blocks, unpack_tags)

    def texts(self, document: int, blocks: BlockCache) -> list[bytes]:
        """The headings and texts of an article in their order, in UTF-8, read through the block cache.

        Raises:
            OperationalError: the file is damaged.
        """
        return self._unpacked(document, blocks, unpack_texts)

    def _unpacked(self, document: int, blocks: BlockCache, unpack: Callable[[bytes], _Unpacked]) -> _Unpacked:
        block, begin, end = self.record(document, blocks)
        try:
            return unpack(block.data[begin:end])
        except ValueError as error:
            raise self._damaged("documents") from error

    def display(self, document: int) -> Display:
        """What a page of results shows of an article besides passages.

        Raises:
            OperationalError: the file is damaged.
        """
        try:
            return self._display[document]
        except (ValueError, IndexError, OverflowError) as error:
            raise self._damaged("postings") from error

    def record(self, document: int, blocks: BlockCache) -> tuple[Block, int, int]:
        """The block with the record of an article, and where in it the record begins and ends.

        Raises:
            OperationalError: the file is damaged.
        """
        return self._documents.record(document, blocks)

    def block_of(self, document: int) -> int:
        """The number of the block with the record of an article."""
        return self._documents.block_of(document)

    def block_key(self, number: int) -> tuple[int, int]:
        """By what a cache knows the block with this number."""
        return self._documents.key(number)

    def block(self, number: int, blocks: BlockCache) -> Block:
        """The block with this number.

        Raises:
            OperationalError: the file is damaged.
        """
        return self._documents.block(number, blocks)

    def record_in(self, block: Block, number: int, document: int) -> tuple[int, int]:
        """Where the record of an article begins and ends in its block, which has this number.

        Raises:
            OperationalError: the file is damaged.
        """
        return self._documents.record_in(block, number, document)

    def article_id(self, document: int) -> bytes:
        """The article's id, as UTF-8."""
        ends = self.columns["id_ends"]
        start = int(ends[document - 1]) if document else 0
        return self.columns["ids"][start : int(ends[document])].tobytes()

    def ids(self) -> list[bytes]:
        """All ids, as UTF-8, by document number, including those of deleted documents."""
        blob, ends = self.columns["ids"].tobytes(), self.columns["id_ends"].tolist()
        return [blob[start:end] for start, end in zip([0, *ends], ends, strict=False)]

    def content_hash(self, document: int) -> bytes:
        """The hash of the stored article, `HASH_BYTES` bytes."""
        return self.columns["hashes"][document * HASH_BYTES : (document + 1) * HASH_BYTES].tobytes()

    def find(self, article_id: bytes) -> int | None:
        """The document number of the live article with this id; None if there is none."""
        order, ids, ends = self._id_order
        document = int(find_string(ids, ends, order, np.frombuffer(article_id, np.uint8)))
        return document if document >= 0 and self.is_live(document) else None

    def lookup(self, fields: tuple[str, ...]) -> TermLookup:
        """What looks up terms in these text fields."""
        known = self._lookups.get(fields)
        if known is None:
            known = self._lookups[fields] = TermLookup([self.fields[name] for name in fields])
        return known

    def words(self) -> WordList:
        """The distinct words of its texts, including those of deleted documents.

        Raises:
            OperationalError: the word list is damaged.
        """
        return read_words(self.columns)

    def outlines(self) -> list[str]:
        """The outline of each document (see `outlines`), including deleted ones.

        Raises:
            OperationalError: they are damaged.
        """
        if OUTLINES not in self.columns:  # written by an older version
            return [""] * self.count
        return unpack_outlines(self.columns[OUTLINES], self.count)

    def is_live(self, document: int) -> bool:
        """Whether a document is not deleted."""
        return self.deleted is None or not self.deleted[document]

    def release_pages(self) -> None:
        """Release the pages of its files that were read, which count as memory of this process."""
        self.columns.release_pages()
        self._documents.release_pages()

    def stored_articles(self) -> Iterator[bytes]:
        """The records of all articles in document order, including deleted ones."""
        return iter(self._documents)

    def span_bytes(self, first: int, end: int) -> npt.NDArray[np.uint8]:
        """The encoded spans of documents `first` to `end - 1`."""
        start = int(self._span_ends[first - 1]) if first else 0
        return self._spans[start : int(self._span_ends[end - 1])]

    def span_ends(self) -> npt.NDArray[np.uint64]:
        """uint64[documents]: where the spans of each document end."""
        return self._span_ends

    def layout_place(self, document: int) -> tuple[int, int]:
        """Where the layout of a document begins and ends in `layout_buffer`.

        Raises:
            OperationalError: the file is damaged.
        """
        first, end = self._layout_ends[document - 1] if document else 0, self._layout_ends[document]
        if not first <= end <= self._spans.size:
            raise self._damaged("spans")
        return first, end

    @property
    def layout_buffer(self) -> npt.NDArray[np.uint8]:
        """uint8[]: the text layouts of all documents, with padding."""
        return self._spans

    def _damaged(self, suffix: str) -> OperationalError:
        return OperationalError(f"{self.name}.{suffix} is damaged; roll back or rebuild the index")
