"""The encoding of a file that is too large to be held whole, by how it begins."""

from __future__ import annotations

import codecs
import gzip
import zlib
from contextlib import suppress
from io import BufferedIOBase

__all__ = ["WINDOWS", "beginning_of", "encoding_of"]

WINDOWS = "cp1252"

_BEGINNING = 1 << 20
"""Bytes from which the encoding is told."""

_PIECE = 1 << 16


def beginning_of(stream: BufferedIOBase) -> bytes:
    """What can be read of the beginning: where a compressed file breaks off is told when it is read to there."""
    read = bytearray()
    with suppress(EOFError, zlib.error, gzip.BadGzipFile):
        while len(read) < _BEGINNING and (piece := stream.read(_PIECE)):
            read += piece
    return bytes(read)


def encoding_of(beginning: bytes) -> str:
    """Of UTF-8 with a mark, UTF-16 and the encoding of a system, which all are written; a wrong byte costs itself."""
    if beginning[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(beginning)
    except UnicodeDecodeError:
        bad = beginning.decode("utf-8", "replace").count("\ufffd")
        good = sum(each >= 0xC2 for each in beginning) - bad
        return WINDOWS if bad > good else "utf-8-sig"
    return "utf-8-sig"
