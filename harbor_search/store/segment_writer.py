"""Writing a segment: articles in, three files of columns out.

`<name>.documents` has the stored articles, `<name>.spans` the character ranges of their words, `<name>.postings`
everything that is searched. Articles are analysed in batches as they come; posting lists are made once, at the end, by
counting sorts over the tokens kept in memory (4 bytes each).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import orjson

from harbor_search.analysis import Analyzer
from harbor_search.analysis.batches import Batch, Vocabulary
from harbor_search.article import Article, article_to_dict
from harbor_search.store.columns import ColumnsWriter
from harbor_search.store.documents import DocumentsWriter
from harbor_search.store.field_writer import FieldWriter
from harbor_search.store.fields import HASH_BYTES, KEYWORD_FIELDS, NO_DATE, NO_VIEWS, TEXT_FIELDS
from harbor_search.store.inversion import count_postings, fill_postings
from harbor_search.store.schema import keyword_terms, make_schema

__all__ = ["SegmentWriter", "hash_of"]

_T = TypeVar("_T", bound=np.generic)

_TITLE, _HEADINGS, _LEAD, _BODY = range(4)  # as in TEXT_FIELDS


class SegmentWriter:
    """Writes the segment `name` to `folder`; `add` batches of articles, then `finish`."""

    def __init__(self, folder: Path, name: str, analyzer: Analyzer) -> None:
        self.name = name
        self.count = 0
        self.tokens = 0
        self._folder = folder
        self._analyzer = analyzer
        self._schema = make_schema(analyzer.name)
        self._vocabulary = Vocabulary()
        self._batches: list[npt.NDArray[np.int32]] = []
        self._counts: list[npt.NDArray[np.int32]] = []
        self._text_documents: list[npt.NDArray[np.int32]] = []
        self._text_fields: list[npt.NDArray[np.uint8]] = []
        self._keywords: dict[str, dict[bytes, list[int]]] = {field: {} for field in KEYWORD_FIELDS}
        self._published: list[int] = []
        self._views: list[int] = []
        self._sections: dict[tuple[str, ...], int] = {}
        self._section_codes: list[int] = []
        self._ids: list[bytes] = []
        self._hashes: list[bytes] = []
        self._documents = DocumentsWriter(folder / f"{name}.documents")
        self._spans = ColumnsWriter(folder / f"{name}.spans")
        self._spans.begin("spans", np.uint8)
        self._span_ends: list[int] = []
        self._span_size = 0

    def add(self, articles: Sequence[Article]) -> None:
        """Analyse and store a batch of articles; they are numbered in the order they come."""
        texts: list[str] = []
        documents: list[int] = []
        fields: list[int] = []
        for number, article in enumerate(articles, self.count):
            self._add_values(number, article)
            own = _texts_of(article)
            texts += [text for _, text in own]
            fields += [field for field, _ in own]
            documents += [number] * len(own)
        batch = self._vocabulary.tokenize(texts)
        self._add_spans(articles, batch)
        self._batches.append(batch.tokens)
        self._counts.append(batch.counts)
        self._text_documents.append(np.array(documents, np.int32))
        self._text_fields.append(np.array(fields, np.uint8))
        self.count += len(articles)
        self.tokens += batch.tokens.size

    def finish(self) -> None:
        """Make the posting lists and complete the files."""
        self._documents.close()
        self._spans.end()
        self._spans.add("ends", np.array(self._span_ends, np.uint64))
        self._spans.close()
        with ColumnsWriter(self._folder / f"{self.name}.postings") as columns:
            self._write_text_fields(columns)
            for field, lists in self._keywords.items():
                _write_keywords(columns, field, lists)
            self._write_values(columns)

    def _add_values(self, number: int, article: Article) -> None:
        stored = orjson.dumps(article_to_dict(article))
        self._documents.add(stored)
        self._hashes.append(_hash(stored))
        self._ids.append(article.id.encode())
        self._published.append(article.published.toordinal() if article.published else NO_DATE)
        self._views.append(article.views if article.views is not None else NO_VIEWS)
        self._section_codes.append(self._sections.setdefault(article.section, len(self._sections)))
        for field, term in keyword_terms(self._schema, article):
            self._keywords[field].setdefault(term, []).append(number)

    def _add_spans(self, articles: Sequence[Article], batch: Batch) -> None:
        """Write, article by article, the spans of all texts but the lead, which is part of the body."""
        counts, ends = batch.counts.tolist(), batch.span_ends.tolist()
        spans = batch.spans.tobytes()
        at, start, pieces = 0, 0, []
        for article in articles:
            marked = 1 + 2 * len(article.body)
            end = ends[at + marked - 1]
            record = _header(len(article.body), counts[at : at + marked]) + spans[start:end]
            pieces.append(record)
            self._span_size += len(record)
            self._span_ends.append(self._span_size)
            at += marked + 1
            start = ends[at - 1]
        self._spans.append(b"".join(pieces))

    def _write_text_fields(self, columns: ColumnsWriter) -> None:
        terms = [term.encode("utf-8", "surrogatepass") for term in self._analyzer.terms(self._vocabulary.texts())]
        ordered = sorted(set(terms))
        places = {term: place for place, term in enumerate(ordered)}
        ranks = np.fromiter((places[term] for term in terms), np.int32, len(terms))
        texts = _Texts(
            _joined(self._batches, np.int32),
            _joined(self._counts, np.int32),
            _joined(self._text_documents, np.int32),
            _joined(self._text_fields, np.uint8),
        )
        for number, field in enumerate(TEXT_FIELDS):
            texts.write(columns, number, field, ranks, ordered, self.count)

    def _write_values(self, columns: ColumnsWriter) -> None:
        columns.add("published", np.array(self._published, np.int32))
        columns.add("views", np.array(self._views, np.int64))
        columns.add("section", np.array(self._section_codes, np.int32))
        columns.add("sections", np.frombuffer(json.dumps(list(self._sections)).encode(), np.uint8))
        columns.add("ids", np.frombuffer(b"".join(self._ids), np.uint8))
        columns.add("id_ends", np.cumsum([len(each) for each in self._ids], dtype=np.uint64))
        order = sorted(range(self.count), key=self._ids.__getitem__)
        columns.add("id_order", np.array(order, np.int32))
        columns.add("hashes", np.frombuffer(b"".join(self._hashes), np.uint8))


def hash_of(article: Article) -> bytes:
    """The hash by which a changed article is told from an unchanged one, `HASH_BYTES` bytes."""
    return _hash(orjson.dumps(article_to_dict(article)))


def _hash(stored: bytes) -> bytes:
    return hashlib.blake2b(stored, digest_size=HASH_BYTES).digest()


class _Texts:
    """All tokens of a segment with the texts they are from."""

    def __init__(
        self,
        tokens: npt.NDArray[np.int32],
        counts: npt.NDArray[np.int32],
        documents: npt.NDArray[np.int32],
        fields: npt.NDArray[np.uint8],
    ) -> None:
        self._tokens, self._counts, self._documents, self._fields = tokens, counts, documents, fields

    def write(
        self,
        columns: ColumnsWriter,
        number: int,
        field: str,
        ranks: npt.NDArray[np.int32],
        terms: list[bytes],
        documents: int,
    ) -> None:
        """Write the posting lists, dictionary and lengths of one field."""
        postings, occurrences = np.zeros(len(terms), np.int64), np.zeros(len(terms), np.int64)
        texts = (self._tokens, ranks, self._counts, self._documents, self._fields, number)
        count_postings(*texts, postings, occurrences)
        starts, firsts = _starts(postings), _starts(occurrences)
        listed = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.int32)
        positions = np.empty(firsts[-1], np.int32)
        fill_postings(*texts, starts[:-1].copy(), firsts[:-1].copy(), *listed, positions)
        kept = np.nonzero(postings)[0]
        _write_lists(
            columns, field, [terms[i] for i in kept.tolist()], _starts(postings[kept]), *listed, positions,
            occurrences[kept], positional=True,
        )  # fmt: skip
        own = self._fields == number
        lengths = np.bincount(self._documents[own], self._counts[own], documents)
        columns.add(f"{field}/lengths", lengths.astype(np.min_scalar_type(int(lengths.max(initial=0)))))


def _texts_of(article: Article) -> list[tuple[int, str]]:
    """The (field number, text) pairs of an article; the lead comes last as its spans are not kept."""
    return [
        (_TITLE, article.title),
        *((_HEADINGS, section.heading) for section in article.body),
        *((_BODY, section.text) for section in article.body),
        (_LEAD, article.lead),
    ]


def _header(sections: int, counts: list[int]) -> bytes:
    """The number of sections and the token counts of title, headings and texts, as LEB128."""
    out = bytearray()
    for value in (sections, *counts):
        while value >= 128:
            out.append(value & 127 | 128)
            value >>= 7
        out.append(value)
    return bytes(out)


def _write_keywords(columns: ColumnsWriter, field: str, lists: dict[bytes, list[int]]) -> None:
    terms = sorted(lists)
    counts = np.fromiter((len(lists[term]) for term in terms), np.int64, len(terms))
    documents = np.array([number for term in terms for number in lists[term]], np.int32)
    _write_lists(
        columns, field, terms, _starts(counts), documents, np.ones(documents.size, np.int32), np.empty(0, np.int32),
        counts, positional=False,
    )  # fmt: skip


def _write_lists(
    columns: ColumnsWriter,
    field: str,
    terms: list[bytes],
    starts: npt.NDArray[np.int64],
    documents: npt.NDArray[np.int32],
    frequencies: npt.NDArray[np.int32],
    positions: npt.NDArray[np.int32],
    occurrences: npt.NDArray[np.int64],
    *,
    positional: bool,
) -> None:
    writer = FieldWriter(columns, field, positional=positional)
    ends = np.cumsum(np.fromiter(map(len, terms), np.uint64, len(terms)), dtype=np.uint64)
    text = np.frombuffer(b"".join(terms), np.uint8)
    writer.add(text, ends, starts, documents, frequencies, positions, occurrences)
    writer.finish()


def _starts(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    starts = np.zeros(counts.size + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    return starts


def _joined(pieces: list[npt.NDArray[_T]], dtype: type[_T]) -> npt.NDArray[_T]:
    return np.concatenate(pieces) if pieces else np.empty(0, dtype)
