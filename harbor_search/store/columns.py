"""A file of named arrays, memory-mapped when read.

Layout: the arrays one after the other, each from a multiple of 64 bytes on; then a JSON directory
`{name: [dtype, count, offset]}`; then a footer of 24 bytes: length of the directory (u64, little-endian), its CRC-32
(u64), and the magic `HARBORC1`. All numbers are little-endian.
"""

from __future__ import annotations

import json
import mmap
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import numpy as np
import numpy.typing as npt

from harbor_search.errors import OperationalError

__all__ = ["SPARE", "ColumnsFile", "ColumnsWriter", "as_ends"]

_MAGIC = b"HARBORC1"
_FOOTER = 24
_ALIGNMENT = 64
SPARE = 8
"""Padding bytes after every array, for kernels that load whole words."""

Array = npt.NDArray[Any]


class ColumnsWriter:
    """Writes arrays to `path`, one after the other; `close` completes the file.

    A writer can be pickled to continue in another process; the original must not write afterwards.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stream: BinaryIO = path.open("xb")
        self._directory: dict[str, tuple[str, int, int]] = {}
        self._at = 0
        self._open: tuple[str, np.dtype[Any], int] | None = None

    def add(self, name: str, values: Array) -> None:
        """Append the one-dimensional array `values` under `name`."""
        self.begin(name, values.dtype)
        little = values.dtype.newbyteorder("<")
        self.append(np.ascontiguousarray(values, little).data.cast("B") if values.size else b"")
        self.end()

    def begin(self, name: str, dtype: npt.DTypeLike) -> None:
        """Start the array `name`, written in pieces by `append` and completed by `end`."""
        self._open = (name, np.dtype(dtype).newbyteorder("<"), self._at)

    def append(self, data: bytes | memoryview) -> None:
        """Write more bytes of the current array."""
        self._stream.write(data)
        self._at += len(data)

    def end(self) -> None:
        """Complete the current array."""
        if self._open is None:
            raise ValueError("no array was begun")
        name, dtype, start = self._open
        self._directory[name] = (dtype.str, (self._at - start) // dtype.itemsize, start)
        self.append(bytes(SPARE + -(self._at + SPARE) % _ALIGNMENT))
        self._open = None

    def close(self) -> None:
        """Write the directory and close the file."""
        directory = json.dumps(self._directory, separators=(",", ":")).encode()
        self.append(directory)
        self.append(len(directory).to_bytes(8, "little") + zlib.crc32(directory).to_bytes(8, "little") + _MAGIC)
        self._stream.close()

    def abandon(self) -> None:
        """Close the file without completing it: it is not used, or another process completes it."""
        self._stream.close()

    def __getstate__(self) -> dict[str, Any]:
        self._stream.flush()
        return {name: value for name, value in vars(self).items() if name != "_stream"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._stream = self._path.open("r+b")
        self._stream.seek(self._at)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self.close()
        else:
            self.abandon()


class ColumnsFile(Mapping[str, Array]):
    """Read-only, memory-mapped arrays of a file written by `ColumnsWriter`, by name."""

    def __init__(self, path: Path) -> None:
        """Map `path`.

        Raises:
            OperationalError: the file is missing, truncated, or in another format.
        """
        try:
            with path.open("rb") as stream:
                self._map = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise OperationalError(f"cannot open {path}: {error}; rebuild the index") from error
        self._buffer = np.frombuffer(self._map, np.uint8)
        self._directory = self._read_directory(path)

    def _read_directory(self, path: Path) -> dict[str, tuple[str, int, int]]:
        footer = bytes(self._buffer[-_FOOTER:])
        size, checksum = int.from_bytes(footer[:8], "little"), int.from_bytes(footer[8:16], "little")
        text = bytes(self._buffer[-_FOOTER - size : -_FOOTER]) if size + _FOOTER <= self._buffer.size else b""
        if footer[16:] != _MAGIC or zlib.crc32(text) != checksum:
            raise OperationalError(f"{path} is damaged or cut short; roll back or rebuild the index")
        return {name: (str(kind), int(count), int(at)) for name, (kind, count, at) in json.loads(text).items()}

    def __getitem__(self, name: str) -> Array:
        kind, count, at = self._directory[name]
        return np.frombuffer(self._map, kind, count, at)

    def padded(self, name: str) -> npt.NDArray[np.uint8]:
        """The uint8 array `name` and its `SPARE` padding bytes, as `bitpacking.unpack` requires."""
        _, count, at = self._directory[name]
        return np.frombuffer(self._map, np.uint8, count + SPARE, at)

    def release_pages(self) -> None:
        """Release the mapped pages that were read, which count as memory of this process until the system needs it.

        The arrays stay valid; pages are mapped again when they are read.
        """
        if hasattr(self._map, "madvise"):
            self._map.madvise(mmap.MADV_DONTNEED)

    def __iter__(self) -> Iterator[str]:
        return iter(self._directory)

    def __len__(self) -> int:
        return len(self._directory)


def as_ends(ends: npt.NDArray[np.uint64]) -> Array:
    """Ascending `ends` as uint32 where they fit, which takes half the bytes."""
    return ends.astype(np.uint32) if not ends.size or int(ends[-1]) < 1 << 32 else ends
