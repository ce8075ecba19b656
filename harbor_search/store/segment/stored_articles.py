"""Stored articles, found by document number.

Articles are records (see `article_record`), compressed with Zstandard in blocks of adjacent documents. An uncompressed
block is `u32 end` for each of its articles, then the articles. The last 256 KB of the first blocks, whose number is in
`dictionary` (u32), are the Zstandard dictionary of all other blocks, so that small blocks compress like large ones.
`first` (u32) has each block's first document and `ends` (u64) where each compressed block ends.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections import OrderedDict, deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import zstandard

from harbor_search.errors import OperationalError
from harbor_search.store.columns import ColumnsFile
from harbor_search.store.format import OtherFormat

__all__ = ["DICTIONARY_BYTES", "Block", "BlockCache", "DocumentsReader", "block_dictionary"]

DICTIONARY_BYTES = 262_144
"""Size of the dictionary, uncompressed: with one twice as large, blocks are hardly smaller."""

_RELEASE_EVERY = 1024
"""Blocks read sequentially before their mapped pages are released: some 8 MB."""


class Block(NamedTuple):
    """An uncompressed block, where each of its articles ends relative to the first, and its entry in a table of blocks
    (`ranking.tables`), as bytes."""

    data: bytes
    ends: memoryview
    entry: bytes


class BlockCache:
    """An LRU cache of uncompressed blocks, bounded in bytes. Thread-safe."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes, self._nbytes = max_bytes, 0
        self._blocks: OrderedDict[tuple[int, int], Block] = OrderedDict()
        self._lock = Lock()

    @property
    def nbytes(self) -> int:
        """The total size of the cached blocks in bytes."""
        return self._nbytes

    def get(self, reader: DocumentsReader, number: int) -> Block | None:
        """A block of a file, if it is cached."""
        return self.find([(id(reader), number)])[0]

    def find(self, keys: Sequence[tuple[int, int]]) -> list[Block | None]:
        """The blocks with these keys (`DocumentsReader.key`), as far as they are cached."""
        blocks = self._blocks
        found = list(map(blocks.get, keys))
        cached = keys if None not in found else [key for key, block in zip(keys, found, strict=True) if block]
        try:  # noqa: SIM105 (`suppress` takes longer than everything else here)
            deque(map(blocks.move_to_end, cached), 0)
        except KeyError:  # evicted by another thread
            pass
        return found

    def keep(self, reader: DocumentsReader, number: int, block: Block) -> None:
        """Add a block, evicting the least recently used ones."""
        with self._lock:
            if len(block.data) > self._max_bytes or (id(reader), number) in self._blocks:
                return
            self._blocks[id(reader), number] = block
            self._nbytes += len(block.data)
            while self._nbytes > self._max_bytes:
                _, oldest = self._blocks.popitem(last=False)
                self._nbytes -= len(oldest.data)


class DocumentsReader:
    """Reads a file written by `stored_articles_writer.DocumentsWriter`."""

    def __init__(self, path: Path, count: int) -> None:
        self._path = path
        self._columns = ColumnsFile(path)
        self._first: npt.NDArray[np.uint32] = self._columns["first"]
        self._firsts = self._first.data
        self._ends: npt.NDArray[np.uint64] = self._columns["ends"]
        self._blocks = self._columns["blocks"]
        if "dictionary" not in self._columns:
            raise OtherFormat(f"{path} was written by an older version of harbor_search; rebuild the index")
        self._dictionary_blocks = int(self._columns["dictionary"][0])
        self._dictionary: zstandard.ZstdCompressionDict | None = None
        self._idle_decompressors: list[zstandard.ZstdDecompressor] = []  # with the dictionary, not in use by a thread
        self._count = count

    def __getitem__(self, document: int) -> bytes:
        """The record of one article.

        Raises:
            OperationalError: the file is damaged.
        """
        number = self.block_of(document)
        block = self._read_block(number)
        begin, end = self.record_in(block, number, document)
        return block.data[begin:end]

    def record(self, document: int, cache: BlockCache) -> tuple[Block, int, int]:
        """The block with the record of an article, and where in it the record begins and ends.

        Raises:
            OperationalError: the file is damaged.
        """
        number = self.block_of(document)
        block = self.block(number, cache)
        return block, *self.record_in(block, number, document)

    def block(self, number: int, cache: BlockCache) -> Block:
        """The block with this number, from the cache or added to it.

        Raises:
            OperationalError: the file is damaged.
        """
        block = cache.get(self, number)
        if block is None:
            block = self._read_block(number)
            cache.keep(self, number, block)
        return block

    def key(self, number: int) -> tuple[int, int]:
        """By what a cache knows the block with this number."""
        return id(self), number

    def block_of(self, document: int) -> int:
        """The number of the block with an article."""
        return bisect_right(self._firsts, document) - 1

    def record_in(self, block: Block, number: int, document: int) -> tuple[int, int]:
        """Where the record of an article begins and ends in its block, which has this number."""
        at = document - self._firsts[number]
        try:
            start = 4 * len(block.ends)
            return start + (block.ends[at - 1] if at else 0), start + block.ends[at]
        except IndexError as error:
            raise self._damaged(error) from error

    def __iter__(self) -> Iterator[bytes]:
        """The records of all articles in order; each block is read once.

        Raises:
            OperationalError: the file is damaged.
        """
        for block in range(self._first.size):
            if block % _RELEASE_EVERY == 0:
                self._columns.release_pages()
            data, ends, _ = self._read_block(block)
            first = start = 4 * len(ends)
            for end in ends:
                yield data[start : first + end]
                start = first + end

    def release_pages(self) -> None:
        """Release the mapped pages that were read."""
        self._columns.release_pages()

    def _read_block(self, number: int) -> Block:
        try:
            data = self._uncompressed(number)
            end = self._firsts[number + 1] if number + 1 < len(self._firsts) else self._count
            count = end - self._firsts[number]
            ends = np.frombuffer(data, "<u4", count)
            entry = struct.pack("=3q", np.frombuffer(data, np.uint8).ctypes.data, len(data), 1)
            return Block(data, ends.data, entry)
        except (zstandard.ZstdError, ValueError, IndexError, MemoryError) as error:
            raise self._damaged(error) from error

    def _uncompressed(self, block: int) -> bytes:
        start = int(self._ends[block - 1]) if block else 0
        compressed = self._blocks[start : int(self._ends[block])].tobytes()
        if block < self._dictionary_blocks or not self._dictionary_blocks:
            return zstandard.ZstdDecompressor().decompress(compressed)
        # Creating one takes as long as decompressing a block.
        try:
            decompressor = self._idle_decompressors.pop()
        except IndexError:
            decompressor = self._decompressor()
        try:
            return decompressor.decompress(compressed)
        finally:
            self._idle_decompressors.append(decompressor)

    def _decompressor(self) -> zstandard.ZstdDecompressor:
        if self._dictionary is None:
            self._dictionary = block_dictionary([self._uncompressed(each) for each in range(self._dictionary_blocks)])
        return zstandard.ZstdDecompressor(dict_data=self._dictionary)

    def _damaged(self, error: Exception) -> OperationalError:
        return OperationalError(f"{self._path} is damaged ({error}); roll back or rebuild the index")


def block_dictionary(blocks: list[bytes]) -> zstandard.ZstdCompressionDict:
    """The dictionary that the first blocks of a file make, uncompressed."""
    # A single article may be longer than the dictionary.
    content = b"".join(blocks)[-DICTIONARY_BYTES:]
    return zstandard.ZstdCompressionDict(content, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
