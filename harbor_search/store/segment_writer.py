"""Writing a segment: articles in, three files of columns out.

`<name>.documents` has the stored articles, `<name>.spans` the character ranges of their words, `<name>.postings`
everything that is searched. Articles are analysed and inverted in batches as they come. Where the posting lists outgrow
the memory they may take, a part of them is written to a file beside the segment, and the parts are merged at the end:
the segment is the same as with more memory.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import orjson

from harbor_search.analysis import Analyzer
from harbor_search.article import Article, article_to_dict
from harbor_search.store.background import Background
from harbor_search.store.columns import ColumnsWriter
from harbor_search.store.document_values import DocumentValues
from harbor_search.store.documents import DocumentsWriter
from harbor_search.store.fields import HASH_BYTES, TEXT_FIELDS
from harbor_search.store.memory import room_within
from harbor_search.store.span_records import span_records
from harbor_search.store.text_lists import TextLists

__all__ = ["SegmentWriter", "hash_of"]

_TITLE, _HEADINGS, _LEAD, _BODY = range(4)  # as in TEXT_FIELDS

_LIMIT = 512_000_000
"""Bytes that the process may hold where the caller does not say: the default of the setting `memory_mb`."""

LEAST_BYTES = 16_000_000
"""Of lists in the making, however little memory is allowed: thousands of parts would cost more to merge."""

_DOCUMENT_BYTES = 8 + 4 * len(TEXT_FIELDS)
"""Kept of each document beside its values: where its spans end, the length of each field."""


class SegmentWriter:
    """Writes the segment `name` to `folder`: `add` batches of articles, then `finish`; `close` in any case.

    The caller's thread makes articles into values and JSON; a thread of the writer compresses, analyses and inverts the
    batch before at the same time.
    """

    def __init__(self, folder: Path, name: str, analyzer: Analyzer, memory_bytes: int = _LIMIT) -> None:
        """`memory_bytes` is what the process may hold, all in all, before a part of the lists is written out."""
        self.name = name
        self.count = 0
        self._folder = folder
        self._memory = memory_bytes
        self._room = 0
        self._background = Background(name)
        self._values = DocumentValues(analyzer.name)
        self._lists = TextLists(folder, name, analyzer, memory_bytes)
        self._documents = DocumentsWriter(folder / f"{name}.documents")
        self._spans = ColumnsWriter(folder / f"{name}.spans")
        self._spans.begin("spans", np.uint8)
        self._span_ends = array("q")
        self._span_size = 0

    def add(self, articles: Sequence[Article]) -> None:
        """Analyse and store a batch of articles; they are numbered in the order they come."""
        stored: list[bytes] = []
        texts = _Texts([], [], [], [])
        for number, article in enumerate(articles, self.count):
            content = orjson.dumps(article_to_dict(article))
            stored.append(content)
            self._values.add(number, article, _hash(content))
            texts.add(number, article)
        self.count += len(articles)
        self._background.run(self._write, stored, texts, self.count)

    def finish(self) -> None:
        """Make the posting lists and complete the files.

        Raises:
            ValueError: two articles have one id.
        """
        self._background.wait()
        self._background.run(self._close_stored)
        with ColumnsWriter(self._folder / f"{self.name}.postings") as columns:
            self._lists.write(columns, self._background)
            self._values.write(columns)
        self._background.wait()
        self.close()

    def close(self) -> None:
        """End the writer's thread."""
        self._background.close()

    def _write(self, stored: Sequence[bytes], texts: _Texts, count: int) -> None:
        """Store and analyse a batch, after which there are `count` documents."""
        self._documents.add(stored)
        documents, fields = np.array(texts.documents, np.int32), np.array(texts.fields, np.uint8)
        batch = self._lists.add(texts.texts, documents, fields, count)
        records, ends = span_records(batch, texts.sections)
        self._spans.append(records.data)
        self._span_ends.extend((ends + self._span_size).tolist())
        self._span_size += records.size
        growing = self._lists.held + self._values.held + _DOCUMENT_BYTES * count
        # Only now are all kernels loaded, whose code is memory that the process will keep.
        self._room = self._room or room_within(self._memory, growing, LEAST_BYTES)
        if growing > self._room and self._lists.held >= LEAST_BYTES:
            self._lists.write_part()

    def _close_stored(self) -> None:
        self._documents.close()
        self._spans.end()
        self._spans.add("ends", np.array(self._span_ends, np.uint64))
        self._spans.close()


@dataclass(frozen=True, slots=True)
class _Texts:
    """The texts of some documents with the document and field of each, and how many sections each document has."""

    texts: list[str]
    documents: list[int]
    fields: list[int]
    sections: list[int]

    def add(self, number: int, article: Article) -> None:
        """Append the texts of document `number`; the lead comes last as its spans are not kept."""
        body = article.body
        self.texts.append(article.title)
        self.texts.extend([section.heading for section in body])
        self.texts.extend([section.text for section in body])
        self.texts.append(article.lead)
        self.fields.extend((_TITLE, *(_HEADINGS,) * len(body), *(_BODY,) * len(body), _LEAD))
        self.documents.extend((number,) * (2 + 2 * len(body)))
        self.sections.append(len(body))


def hash_of(article: Article) -> bytes:
    """The hash by which a changed article is told from an unchanged one, `HASH_BYTES` bytes."""
    return _hash(orjson.dumps(article_to_dict(article)))


def _hash(stored: bytes) -> bytes:
    return hashlib.blake2b(stored, digest_size=HASH_BYTES).digest()
