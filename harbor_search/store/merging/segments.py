"""Merging several segments into one, without their deleted documents.

Nothing is analysed again: stored articles, spans, columns and posting lists are copied with new document numbers. The
result is the segment that `SegmentWriter` would have written from the live articles in the same order.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import compress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from harbor_search.store.columns import ColumnsWriter, as_ends
from harbor_search.store.format import HASH_BYTES, KEYWORD_FIELDS, TEXT_FIELDS
from harbor_search.store.postings.merging import FieldPostings, merge_field
from harbor_search.store.segment.id_order import id_order
from harbor_search.store.segment.near_duplicates import SIGNATURE, SIGNATURES
from harbor_search.store.segment.outlines import OUTLINES, pack_outlines
from harbor_search.store.segment.reader import SegmentReader
from harbor_search.store.segment.stored_articles_writer import DocumentsWriter
from harbor_search.store.segment.word_list import joined_words, write_words

__all__ = ["merge_segments"]

Int32s = npt.NDArray[np.int32]


def merge_segments(readers: Sequence[SegmentReader], folder: Path, name: str) -> int:
    """Write the live articles of `readers` as the segment `name` in `folder`; returns their number.

    Memory is bounded by the doc values (dates, ids, ...) and the longest posting list.

    Raises:
        OperationalError: a file of a segment is damaged.
    """
    _merge_documents(readers, folder / f"{name}.documents")
    _merge_spans(readers, folder / f"{name}.spans")
    numbers = _new_numbers(readers)
    with ColumnsWriter(folder / f"{name}.postings") as columns:
        for field in TEXT_FIELDS:
            merge_field(columns, field, _lists(readers, field), numbers)
            lengths = _live_values(readers, [reader.lengths(field) for reader in readers])
            columns.add(f"{field}/lengths", lengths.astype(np.min_scalar_type(int(lengths.max(initial=0)))))
        if all(SIGNATURES in reader.columns for reader in readers):
            signatures = [reader.columns[SIGNATURES].reshape(-1, SIGNATURE) for reader in readers]
            columns.add(SIGNATURES, _live_values(readers, signatures).reshape(-1))
        write_words(columns, joined_words([reader.words() for reader in readers]))
        for field in KEYWORD_FIELDS:
            merge_field(columns, field, _lists(readers, field), numbers)
        _merge_values(columns, readers, numbers)
        columns.add(OUTLINES, pack_outlines(_outlines(readers)))
    return sum(reader.live_count for reader in readers)


def _lists(readers: Sequence[SegmentReader], field: str) -> list[FieldPostings]:
    positional = field in TEXT_FIELDS
    return [FieldPostings.of(reader.columns, field, positional=positional) for reader in readers]


def _new_numbers(readers: Sequence[SegmentReader]) -> list[Int32s]:
    """For each segment int32[documents]: their new numbers, -1 for deleted ones."""
    found, first = [], 0
    for reader in readers:
        live = _live(reader)
        numbers = np.cumsum(live, dtype=np.int32) + np.int32(first - 1)
        found.append(np.where(live, numbers, np.int32(-1)).astype(np.int32))
        first += reader.live_count
    return found


def _live(reader: SegmentReader) -> npt.NDArray[np.bool_]:
    return np.ones(reader.count, np.bool_) if reader.deleted is None else ~reader.deleted


def _live_values(readers: Sequence[SegmentReader], values: Sequence[npt.NDArray[Any]]) -> npt.NDArray[Any]:
    """The values of the live documents of all segments, concatenated."""
    return np.concatenate([each[_live(reader)] for reader, each in zip(readers, values, strict=True)])


def _live_runs(reader: SegmentReader) -> Iterator[tuple[int, int]]:
    """The runs [first, end) of consecutive live documents."""
    edges = np.flatnonzero(np.diff(_live(reader).astype(np.int8), prepend=0, append=0)).tolist()
    return zip(edges[::2], edges[1::2], strict=True)


def _merge_documents(readers: Sequence[SegmentReader], path: Path) -> None:
    writer = DocumentsWriter(path)
    for reader in readers:
        writer.add(compress(reader.stored_articles(), _live(reader).tolist()))
    writer.close()


def _merge_spans(readers: Sequence[SegmentReader], path: Path) -> None:
    with ColumnsWriter(path) as columns:
        columns.begin("spans", np.uint8)
        for reader in readers:
            for first, stop in _live_runs(reader):
                columns.append(reader.span_bytes(first, stop).data)
        columns.end()
        sizes = _live_values(readers, [np.diff(reader.span_ends(), prepend=np.uint64(0)) for reader in readers])
        columns.add("ends", np.cumsum(sizes, dtype=np.uint64))


def _merge_values(columns: ColumnsWriter, readers: Sequence[SegmentReader], numbers: Sequence[Int32s]) -> None:
    for name in ("published", "views"):
        columns.add(name, _live_values(readers, [reader.columns[name] for reader in readers]))
    codes, paths = _sections(readers)
    columns.add("section", codes)
    columns.add("sections", np.frombuffer(json.dumps(paths).encode(), np.uint8))
    ids, id_ends = _texts(readers, "id")
    columns.add("ids", ids)
    columns.add("id_ends", id_ends)
    order = np.concatenate(numbers)[id_order(readers)]
    columns.add("id_order", order[order >= 0])
    for name in ("title", "url"):
        texts, text_ends = _texts(readers, name)
        columns.add(f"{name}s", texts)
        columns.add(f"{name}_ends", as_ends(text_ends))
    hashes = [reader.columns["hashes"].reshape(-1, HASH_BYTES) for reader in readers]
    columns.add("hashes", _live_values(readers, hashes).reshape(-1))


def _outlines(readers: Sequence[SegmentReader]) -> list[str]:
    return [line for reader in readers for line in compress(reader.outlines(), _live(reader).tolist())]


def _texts(readers: Sequence[SegmentReader], name: str) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint64]]:
    """The texts of a column of live documents, and where each ends."""
    sizes = [np.diff(reader.columns[f"{name}_ends"], prepend=np.uint64(0)).astype(np.int64) for reader in readers]
    texts = [
        reader.columns[f"{name}s"][np.repeat(_live(reader), each)] for reader, each in zip(readers, sizes, strict=True)
    ]
    return np.concatenate(texts), np.cumsum(_live_values(readers, sizes), dtype=np.uint64)


def _sections(readers: Sequence[SegmentReader]) -> tuple[Int32s, list[tuple[str, ...]]]:
    """The code of each document's section path, and the paths by code, in order of first appearance."""
    path_codes: dict[tuple[str, ...], int] = {}
    codes = []
    for reader in readers:
        own = reader.columns["section"][_live(reader)]
        found, first = np.unique(own, return_index=True)
        table = np.zeros(len(reader.sections), np.int32)
        for code in found[np.argsort(first)].tolist():
            table[code] = path_codes.setdefault(reader.sections[code], len(path_codes))
        codes.append(table[own])
    return np.concatenate(codes), list(path_codes)
