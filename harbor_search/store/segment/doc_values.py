"""Writing doc values (columns with one value per document: ids, titles, dates, sections) and the keyword fields."""

from __future__ import annotations

import json
from array import array
from typing import Any

import numpy as np
import numpy.typing as npt

from harbor_search.article import Article
from harbor_search.store.byte_strings import equals_previous, gather_strings, sorted_order
from harbor_search.store.columns import ColumnsWriter, as_ends
from harbor_search.store.format import KEYWORD_FIELDS, NO_DATE, NO_VIEWS, SAME_AS_ID
from harbor_search.store.postings.dictionary_entries import MAX_TERM_BYTES
from harbor_search.store.postings.field_writer import FieldWriter
from harbor_search.store.schema import keyword_terms, make_schema
from harbor_search.store.segment.outlines import OUTLINES, outline_of, pack_outlines

__all__ = ["DocumentValues"]

_LIST_BYTES = 250  # of a keyword in memory: its bytes, its array of documents and its dictionary slot

Int32s = npt.NDArray[np.int32]


class DocumentValues:
    """Collects the doc values of documents, in document order, and the lists of the keyword fields."""

    def __init__(self, analyzer: str) -> None:
        self._schema = make_schema(analyzer)
        self._ids, self._id_ends = bytearray(), array("q")
        self._titles, self._title_ends = bytearray(), array("q")
        self._urls, self._url_ends = bytearray(), array("q")
        self._hashes = bytearray()
        self._published = array("i")
        self._views = array("q")
        self._outlines: list[str] = []
        self._sections: dict[tuple[str, ...], int] = {}
        self._section_codes = array("i")
        self._keywords: dict[str, dict[bytes, array[int]]] = {field: {} for field in KEYWORD_FIELDS if field != "id"}

    @property
    def nbytes(self) -> int:
        """Memory in use, in bytes, roughly."""
        documents = len(self._ids) + len(self._titles) + len(self._urls) + len(self._hashes) + 40 * len(self._views)
        return documents + _LIST_BYTES * sum(map(len, self._keywords.values()))

    def add(self, number: int, article: Article, content_hash: bytes) -> None:
        """Append the values of document `number`.

        Raises:
            ValueError: its id is longer than a term can be.
        """
        own = article.id.encode()
        if len(own) > MAX_TERM_BYTES:
            raise ValueError(f"the id {article.id[:40]!r}... is longer than {MAX_TERM_BYTES} bytes")
        self._ids += own
        self._id_ends.append(len(self._ids))
        self._titles += article.title.encode()
        self._title_ends.append(len(self._titles))
        self._urls += SAME_AS_ID if article.url == article.id else article.url.encode()
        self._url_ends.append(len(self._urls))
        self._hashes += content_hash
        self._published.append(article.published.toordinal() if article.published else NO_DATE)
        self._views.append(NO_VIEWS if article.views is None else article.views)
        self._outlines.append(outline_of(article))
        self._section_codes.append(self._sections.setdefault(article.section, len(self._sections)))
        for field, term in keyword_terms(self._schema, article):
            self._keywords[field].setdefault(term, array("i")).append(number)

    def write(self, columns: ColumnsWriter) -> None:
        """Write the keyword fields and the columns of values.

        Raises:
            ValueError: two documents have one id.
        """
        ids, ends = np.frombuffer(self._ids, np.uint8), np.array(self._id_ends, np.uint64)
        order = sorted_order(ids, ends)
        twice = np.nonzero(equals_previous(ids, ends, order))[0]
        if twice.size:
            article_id = gather_strings(ids, ends, order[twice[:1]])[0].tobytes().decode()
            raise ValueError(f"two articles have the id {article_id!r}")
        _write_ids(columns, *gather_strings(ids, ends, order), order)
        for field, lists in self._keywords.items():
            _write_keywords(columns, field, lists)
        columns.add("published", np.array(self._published, np.int32))
        columns.add("views", np.array(self._views, np.int64))
        columns.add("section", np.array(self._section_codes, np.int32))
        columns.add("sections", np.frombuffer(json.dumps(list(self._sections)).encode(), np.uint8))
        columns.add("ids", ids)
        columns.add("id_ends", ends)
        columns.add("id_order", order)
        for name, text, text_ends in (("title", self._titles, self._title_ends), ("url", self._urls, self._url_ends)):
            columns.add(f"{name}s", np.frombuffer(text, np.uint8))
            columns.add(f"{name}_ends", as_ends(np.array(text_ends, np.uint64)))
        columns.add("hashes", np.frombuffer(self._hashes, np.uint8))
        columns.add(OUTLINES, pack_outlines(self._outlines))


def _write_ids(
    columns: ColumnsWriter, text: npt.NDArray[np.uint8], ends: npt.NDArray[np.uint64], order: Int32s
) -> None:
    """Write the field of ids, each with one document."""
    ones = np.ones(order.size, np.int64)
    writer = FieldWriter(columns, "id", positional=False)
    writer.add(text, ends, np.arange(order.size + 1), order, ones.astype(np.int32), np.empty(0, np.int32), ones)
    writer.finish()


def _write_keywords(columns: ColumnsWriter, field: str, lists: dict[bytes, array[Any]]) -> None:
    terms = sorted(lists)
    counts = np.fromiter((len(lists[term]) for term in terms), np.int64, len(terms))
    # A writable buffer, as for other fields: the kernel is compiled for one type of array.
    documents = np.frombuffer(bytearray().join(lists[term].tobytes() for term in terms), np.int32)
    ends = np.cumsum(np.fromiter(map(len, terms), np.uint64, len(terms)), dtype=np.uint64)
    writer = FieldWriter(columns, field, positional=False)
    writer.add(
        np.frombuffer(b"".join(terms), np.uint8), ends, np.append(0, np.cumsum(counts)), documents,
        np.ones(documents.size, np.int32), np.empty(0, np.int32), counts,
    )  # fmt: skip
    writer.finish()
