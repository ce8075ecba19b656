"""The part of a segment that is made of its texts: the spans file and the text fields' columns of the postings file.

It is a piece of work apart from storing articles, so that another process can do it (`worker_main.py`): a writer may
be pickled at any time, and the copy goes on where it was.
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
from harbor_search.store.indexer.layout import layout_records
from harbor_search.store.indexer.memory import private_bytes, resident_bytes, room_within
from harbor_search.store.indexer.text_postings import TextLists
from harbor_search.store.indexer.texts import Texts, texts_of
from harbor_search.store.indexer.worker_thread import Background
from harbor_search.store.segment.near_duplicates import SIGNATURE

__all__ = ["LEAST_BYTES", "TextWriter", "warm_up"]

LEAST_BYTES = 24_000_000
"""Memory that lists and their words take before a part is written, however little is allowed: hundreds of parts would
cost more to merge."""

_DOCUMENT_BYTES = 8 + 4 * len(TEXT_FIELDS) + 2 * SIGNATURE
"""Kept of each document: where its spans end, the length of each field, its signature."""


class TextWriter:
    """Writes what is made of the texts of the segment `name` in `folder`; `add` batches, then `finish`."""

    def __init__(self, folder: Path, name: str, analyzer: Analyzer, memory_bytes: int, *, signed: bool = True) -> None:
        """`memory_bytes` is what the process may hold, all in all, before a part of the lists is written out.

        `signed` says that signatures are made, by which near-duplicates are known.
        """
        self._postings = folder / f"{name}.postings"
        self._memory, self._least = memory_bytes, LEAST_BYTES
        self._resident: Callable[[], int] = resident_bytes
        self._room = 0
        self._lists = TextLists(folder, name, analyzer, memory_bytes, signed=signed)
        self._spans = ColumnsWriter(folder / f"{name}.spans")
        self._spans.begin("spans", np.uint8)
        self._span_ends = array("q")
        self._span_size = 0

    @property
    def held(self) -> int:
        """The memory that the lists in the making take now."""
        return self._lists.held

    def add(self, texts: Texts, values: int) -> None:
        """Analyse a batch; `values` are the bytes that the documents' values take by now, wherever they are."""
        batch = self._lists.add(texts)
        records, ends = layout_records(batch, texts)
        self._spans.append(records.data)
        self._span_ends.extend((ends + self._span_size).tolist())
        self._span_size += records.size
        growing = self._lists.held + values + _DOCUMENT_BYTES * texts.count
        # Only now are all kernels loaded, whose code is memory that the process will keep.
        self._room = self._room or room_within(self._memory, self._resident() - growing, self._least)
        if self._lists.are_full or (growing > self._room and self._lists.held >= self._least):
            self._lists.write_part()

    def move(self, memory_bytes: int) -> None:
        """Get ready to be pickled for a second process, which may hold `memory_bytes` of its own.

        This copy must not be used any more, but in that process.
        """
        self._memory, self._room = memory_bytes, 0
        self._resident = private_bytes

    def finish(self, background: Background) -> ColumnsWriter:
        """Complete the spans and write the text columns; returns the postings file, which lacks the values still."""
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
    """Load the kernels that analysing a batch takes, so that the first one does not wait for them."""
    articles = [Article("", "a", (Section("b", "", "c d"),), "c d")]
    texts = texts_of(articles, 0, {})
    batch = TextLists(Path(), "", analyzer, 0).add(texts)
    layout_records(batch, texts)
