"""Writing what a segment derives from its texts: the spans file and the text fields of the postings file.

This is separate from storing articles, so that a second process can do it (`worker_main.py`): a writer can be pickled
at any time, and the copy continues.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from pathlib import Path

import numpy as np

from harbor_search.analysis import Analyzer
from harbor_search.article import Article, Section
from harbor_search.store.columns import ColumnsWriter
from harbor_search.store.format import TEXT_FIELDS
from harbor_search.store.inversion.memory import memory_left, private_bytes, resident_bytes
from harbor_search.store.inversion.text_layout_writer import encode_text_layouts
from harbor_search.store.inversion.text_postings import TextPostings
from harbor_search.store.inversion.texts import Texts, texts_of
from harbor_search.store.inversion.worker_thread import BackgroundThread
from harbor_search.store.segment.near_duplicates import SIGNATURE

__all__ = ["MIN_POSTINGS_BYTES", "TextWriter", "warm_up"]

MIN_POSTINGS_BYTES = 24_000_000
"""Bytes of postings before a flush, however little memory is allowed: merging hundreds of parts would cost more."""

_DOCUMENT_BYTES = 8 + 4 * len(TEXT_FIELDS) + 2 * SIGNATURE
"""Bytes kept for each document: the end of its spans, the length of each field, its signature."""


class TextWriter:
    """Writes the text part of the segment `name` in `folder`: `add` batches, then `finish`."""

    def __init__(
        self, folder: Path, name: str, analyzer: Analyzer, memory_bytes: int, *, with_signatures: bool = True
    ) -> None:
        """`memory_bytes` is what the whole process may use before the posting lists are flushed to a file.

        `with_signatures`: compute MinHash signatures, by which near-duplicates are found.
        """
        self._postings = folder / f"{name}.postings"
        self._memory, self._min_bytes = memory_bytes, MIN_POSTINGS_BYTES
        self._resident: Callable[[], int] = resident_bytes
        self._budget = 0
        self._lists = TextPostings(folder, name, analyzer, memory_bytes, with_signatures=with_signatures)
        self._spans = ColumnsWriter(folder / f"{name}.spans")
        self._spans.begin("spans", np.uint8)
        self._span_ends = array("q")
        self._span_size = 0

    @property
    def nbytes(self) -> int:
        """Memory used by the posting lists, in bytes."""
        return self._lists.nbytes

    def add(self, texts: Texts, values: int) -> None:
        """Analyse a batch; `values` is the size in bytes of the doc values so far, in whichever process they are."""
        batch = self._lists.add(texts)
        records, ends = encode_text_layouts(batch, texts)
        self._spans.append(records.data)
        self._span_ends.extend((ends + self._span_size).tolist())
        self._span_size += records.size
        growing = self._lists.nbytes + values + _DOCUMENT_BYTES * texts.count
        # Measured after the first batch, when all kernels are loaded: the process keeps the memory of their code.
        self._budget = self._budget or memory_left(self._memory, self._resident() - growing, self._min_bytes)
        if self._lists.are_full or (growing > self._budget and self._lists.nbytes >= self._min_bytes):
            self._lists.flush()

    def move(self, memory_bytes: int) -> None:
        """Prepare to be pickled for a second process, which may use `memory_bytes` of its own.

        Afterwards only the copy in that process may be used.
        """
        self._memory, self._budget = memory_bytes, 0
        self._resident = private_bytes

    def finish(self, background: BackgroundThread) -> ColumnsWriter:
        """Complete the spans file and write the text fields; returns the postings file, still without doc values."""
        background.run(self._close_spans)
        columns = ColumnsWriter(self._postings)
        try:
            self._lists.write(columns, background)
            background.wait()
        except BaseException:
            columns.abandon()
            raise
        return columns

    def _close_spans(self) -> None:
        self._spans.end()
        self._spans.add("ends", np.array(self._span_ends, np.uint64))
        self._spans.close()


def warm_up(analyzer: Analyzer) -> None:
    """Load the kernels for analysing a batch, so that the first one does not wait for them."""
    articles = [Article("", "a", (Section("b", "", "c d"),), "c d")]
    texts = texts_of(articles, 0, {})
    batch = TextPostings(Path(), "", analyzer, 0).add(texts)
    encode_text_layouts(batch, texts)
