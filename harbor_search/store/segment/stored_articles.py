"""Stored articles, found by document number.

Articles are records (see `stored_form`) in blocks that are compressed together (Zstandard): neighbours share words. A
block, uncompressed, is
`u32 end` for each of its articles, then the articles. What the first blocks hold, as many of them as `dictionary` (u32)
says, is the dictionary of all others, its last 256 KB that is: a collection shares words too, and so small blocks
compress like large ones. `first` (u32) has each block's first document and `ends` (u64) where each compressed block
ends.
"""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from itertools import accumulate
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import zstandard

from harbor_search.errors import OperationalError
from harbor_search.store.columns import ColumnsFile, ColumnsWriter
from harbor_search.store.format import OtherFormat

__all__ = ["Block", "DecodedBlocks", "DocumentsReader", "DocumentsWriter"]

BLOCK_BYTES = 16_384
"""Uncompressed bytes of a block at most, but for longer articles: ten hits decompress ten blocks, so they must be
small; and large enough to gain. For a larger one Zstandard would copy the dictionary's tables, which takes longer than
looking into them."""

DICTIONARY_BYTES = 262_144
"""Uncompressed bytes that make a dictionary: with twice as many, blocks are hardly smaller."""

_LEVEL = 3
"""Of Zstandard: with a dictionary, lower levels are faster and give larger blocks."""

_END_BYTES = 4
"""Of each article in a block, besides its own."""

_FORGET_EVERY = 1024
"""Blocks read in order before their pages are let go: some 8 MB."""

_AT_ONCE = 128
"""Blocks compressed in one call and written in one: the interpreter lock is given back and asked for once, not for
each of them."""


class DocumentsWriter:
    """Appends articles, in document order, to the file `path`."""

    def __init__(self, path: Path) -> None:
        self._columns = ColumnsWriter(path)
        self._columns.begin("blocks", np.uint8)
        self._compressor = _compressor(None)
        self._learned: list[bytes] | None = []  # blocks for the dictionary; None when it is made
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
                blocks.append(self._block())
            self._pending.append(article)
            self._size += size
            if len(blocks) == _AT_ONCE:
                self._write(blocks)
                blocks = []
        self._write(blocks)

    def close(self) -> None:
        """Write what is pending and complete the file."""
        if self._pending:
            self._write([self._block()])
        self._columns.end()
        self._columns.add("dictionary", np.array([self._dictionary_blocks], np.uint32))
        self._columns.add("first", np.array(self._first, np.uint32))
        self._columns.add("ends", np.array(self._ends, np.uint64))
        self._columns.close()

    def _block(self) -> bytes:
        """What is pending as a block."""
        pending = self._pending
        self._first.append(self._count)
        self._count += len(pending)
        self._pending, self._size = [], 0
        return struct.pack(f"<{len(pending)}I", *accumulate(map(len, pending))) + b"".join(pending)

    def _write(self, blocks: list[bytes]) -> None:
        while blocks and self._learned is not None:
            self._learned.append(blocks[0])
            self._compress(blocks[:1])
            blocks = blocks[1:]
            if sum(map(len, self._learned)) >= DICTIONARY_BYTES:
                self._dictionary_blocks = len(self._learned)
                self._compressor = _compressor(_dictionary(self._learned))
                self._learned = None
        if blocks:
            self._compress(blocks)

    def _compress(self, blocks: list[bytes]) -> None:
        compressed = self._compressor.multi_compress_to_buffer([*blocks])
        written = [compressed[number].tobytes() for number in range(len(compressed))]
        end = self._ends[-1] if self._ends else 0
        self._ends.extend(end + size for size in accumulate(map(len, written)))
        self._columns.append(b"".join(written))


class Block(NamedTuple):
    """A block, uncompressed: where each of its articles ends, counted from the first, and where it is in memory."""

    data: bytes
    ends: memoryview
    address: int


class DecodedBlocks:
    """Blocks that were uncompressed last, within a bound in bytes. Threads may share it."""

    def __init__(self, most_bytes: int) -> None:
        self._most, self._held = most_bytes, 0
        self._blocks: OrderedDict[tuple[int, int], Block] = OrderedDict()
        self._lock = Lock()

    @property
    def held(self) -> int:
        """The bytes of the blocks that are kept."""
        return self._held

    def get(self, reader: DocumentsReader, number: int) -> Block | None:
        """A block of a file, if it is here."""
        key = (id(reader), number)
        block = self._blocks.get(key)
        if block is not None:
            try:  # noqa: SIM105 (`suppress` takes longer than all else here)
                self._blocks.move_to_end(key)
            except KeyError:  # another thread has let it go
                pass
        return block

    def keep(self, reader: DocumentsReader, number: int, block: Block) -> None:
        """Keep a block, in the place of those that were not asked for longest."""
        with self._lock:
            if len(block.data) > self._most or (id(reader), number) in self._blocks:
                return
            self._blocks[id(reader), number] = block
            self._held += len(block.data)
            while self._held > self._most:
                _, oldest = self._blocks.popitem(last=False)
                self._held -= len(oldest.data)


class DocumentsReader:
    """Reads what `DocumentsWriter` wrote."""

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
        self._idle: list[zstandard.ZstdDecompressor] = []  # with the dictionary; those that no thread uses now
        self._count = count

    def __getitem__(self, document: int) -> bytes:
        """The record of one article.

        Raises:
            OperationalError: the file is damaged.
        """
        number = self.block_of(document)
        block = self._block(number)
        begin, end = self.record_in(block, number, document)
        return block.data[begin:end]

    def record(self, document: int, decoded: DecodedBlocks) -> tuple[Block, int, int]:
        """The block that has the record of an article, and where in it that begins and ends.

        Raises:
            OperationalError: the file is damaged.
        """
        number = self.block_of(document)
        block = self.block(number, decoded)
        return block, *self.record_in(block, number, document)

    def block(self, number: int, decoded: DecodedBlocks) -> Block:
        """The block of this number, kept in `decoded`.

        Raises:
            OperationalError: the file is damaged.
        """
        block = decoded.get(self, number)
        if block is None:
            block = self._block(number)
            decoded.keep(self, number, block)
        return block

    def block_of(self, document: int) -> int:
        """The number of the block that has an article."""
        return bisect_right(self._firsts, document) - 1

    def record_in(self, block: Block, number: int, document: int) -> tuple[int, int]:
        """Where in its block, which has this number, the record of an article begins and ends."""
        at = document - self._firsts[number]
        try:
            start = 4 * len(block.ends)
            return start + (block.ends[at - 1] if at else 0), start + block.ends[at]
        except IndexError as error:
            raise self._damaged(error) from error

    def __iter__(self) -> Iterator[bytes]:
        """The records of all articles in order, each block being read once.

        Raises:
            OperationalError: the file is damaged.
        """
        for block in range(self._first.size):
            if block % _FORGET_EVERY == 0:
                self._columns.forget()
            data, ends, _ = self._block(block)
            first = start = 4 * len(ends)
            for end in ends:
                yield data[start : first + end]
                start = first + end

    def forget(self) -> None:
        """Let go of the pages that were read."""
        self._columns.forget()

    def _block(self, number: int) -> Block:
        try:
            data = self._uncompressed(number)
            end = self._firsts[number + 1] if number + 1 < len(self._firsts) else self._count
            count = end - self._firsts[number]
            ends = np.frombuffer(data, "<u4", count)
            return Block(data, ends.data, np.frombuffer(data, np.uint8).ctypes.data)
        except (zstandard.ZstdError, ValueError, IndexError, MemoryError) as error:
            raise self._damaged(error) from error

    def _uncompressed(self, block: int) -> bytes:
        start = int(self._ends[block - 1]) if block else 0
        compressed = self._blocks[start : int(self._ends[block])].tobytes()
        if block < self._dictionary_blocks or not self._dictionary_blocks:
            return zstandard.ZstdDecompressor().decompress(compressed)
        # Making one takes as long as uncompressing a block.
        try:
            decompressor = self._idle.pop()
        except IndexError:
            decompressor = self._decompressor()
        try:
            return decompressor.decompress(compressed)
        finally:
            self._idle.append(decompressor)

    def _decompressor(self) -> zstandard.ZstdDecompressor:
        if self._dictionary is None:
            self._dictionary = _dictionary([self._uncompressed(each) for each in range(self._dictionary_blocks)])
        return zstandard.ZstdDecompressor(dict_data=self._dictionary)

    def _damaged(self, error: Exception) -> OperationalError:
        return OperationalError(f"{self._path} is damaged ({error}); roll back or rebuild the index")


def _compressor(dictionary: zstandard.ZstdCompressionDict | None) -> zstandard.ZstdCompressor:
    if dictionary is not None:
        dictionary.precompute_compress(level=_LEVEL)
    return zstandard.ZstdCompressor(level=_LEVEL, dict_data=dictionary, write_checksum=True)


def _dictionary(blocks: list[bytes]) -> zstandard.ZstdCompressionDict:
    # An article among them may be longer than all of that.
    content = b"".join(blocks)[-DICTIONARY_BYTES:]
    return zstandard.ZstdCompressionDict(content, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
