"""Writing stored articles; what the file holds is told in `stored_articles`."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterable
from itertools import accumulate
from pathlib import Path

import numpy as np
import zstandard

from harbor_search.store.columns import ColumnsWriter
from harbor_search.store.segment.stored_articles import DICTIONARY_BYTES, block_dictionary

__all__ = ["BLOCK_BYTES", "DocumentsWriter"]

BLOCK_BYTES = 16_384
"""Maximum uncompressed size of a block, unless an article is longer. Ten hits decompress ten blocks, so they must be
small, but large enough to compress well. For larger blocks Zstandard would copy the dictionary's tables, which takes
longer than using them in place."""

_LEVEL = 3
"""Compression level: lower ones are faster and give larger blocks."""

_END_BYTES = 4
"""Bytes of each article in a block besides its record."""

_BLOCKS_PER_WRITE = 128
"""Blocks compressed and written with one call each: the interpreter lock is released once, not for each block."""


class DocumentsWriter:
    """Appends articles, in document order, to the file `path`."""

    def __init__(self, path: Path) -> None:
        self._columns = ColumnsWriter(path)
        self._columns.begin("blocks", np.uint8)
        self._compressor = _compressor(None)
        self._dictionary_source: list[bytes] | None = []  # blocks for the dictionary; None once it is built
        self._dictionary_blocks = 0
        self._pending: list[bytes] = []
        self._size = 0
        self._count = 0
        self._first = array("I")
        self._ends = array("Q")

    def add(self, articles: Iterable[bytes]) -> None:
        """Append the records of some articles."""
        blocks: list[bytes] = []
        for article in articles:
            size = len(article) + _END_BYTES
            if self._pending and self._size + size > BLOCK_BYTES:
                blocks.append(self._read_block())
            self._pending.append(article)
            self._size += size
            if len(blocks) == _BLOCKS_PER_WRITE:
                self._write(blocks)
                blocks = []
        self._write(blocks)

    def close(self) -> None:
        """Write what is pending and complete the file."""
        if self._pending:
            self._write([self._read_block()])
        self._columns.end()
        self._columns.add("dictionary", np.array([self._dictionary_blocks], np.uint32))
        self._columns.add("first", np.array(self._first, np.uint32))
        self._columns.add("ends", np.array(self._ends, np.uint64))
        self._columns.close()

    def _read_block(self) -> bytes:
        """The pending articles as an uncompressed block."""
        pending = self._pending
        self._first.append(self._count)
        self._count += len(pending)
        self._pending, self._size = [], 0
        return struct.pack(f"<{len(pending)}I", *accumulate(map(len, pending))) + b"".join(pending)

    def _write(self, blocks: list[bytes]) -> None:
        while blocks and self._dictionary_source is not None:
            self._dictionary_source.append(blocks[0])
            self._compress(blocks[:1])
            blocks = blocks[1:]
            if sum(map(len, self._dictionary_source)) >= DICTIONARY_BYTES:
                self._dictionary_blocks = len(self._dictionary_source)
                self._compressor = _compressor(block_dictionary(self._dictionary_source))
                self._dictionary_source = None
        if blocks:
            self._compress(blocks)

    def _compress(self, blocks: list[bytes]) -> None:
        compressed = self._compressor.multi_compress_to_buffer([*blocks])
        written = [compressed[number].tobytes() for number in range(len(compressed))]
        end = self._ends[-1] if self._ends else 0
        self._ends.extend(end + size for size in accumulate(map(len, written)))
        self._columns.append(b"".join(written))


def _compressor(dictionary: zstandard.ZstdCompressionDict | None) -> zstandard.ZstdCompressor:
    if dictionary is not None:
        dictionary.precompute_compress(level=_LEVEL)
    return zstandard.ZstdCompressor(level=_LEVEL, dict_data=dictionary, write_checksum=True)
