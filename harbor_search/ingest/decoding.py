"""Bytes to text, without guessing."""

from __future__ import annotations

import codecs
import re

from harbor_search.ingest.cleaning import visible
from harbor_search.ingest.outcome import Unreadable

__all__ = ["check_text", "decode", "decode_as"]

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def decode(data: bytes) -> str:
    """The text that `data` holds as UTF-8, or as UTF-16 where it begins with that byte order mark.

    Raises:
        Unreadable: empty, nothing but whitespace, binary, or in another encoding.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return decode_as(data, "utf-16")
    return decode_as(data, "utf-8-sig")


def decode_as(data: bytes, encoding: str) -> str:
    """The text that `data` holds in `encoding`; raises as `decode` does."""
    if not data:
        raise Unreadable("the file is empty")
    if b"\0" in data and encoding != "utf-16":
        raise Unreadable("the file is binary, not text (it holds NUL bytes)")
    try:
        text = data.decode(encoding)
    except UnicodeError as error:
        raise Unreadable(_complaint(error, data, encoding)) from None
    return check_text(text)


def check_text(text: str) -> str:
    """`text` itself, where it is something to read.

    Raises:
        Unreadable: nothing but whitespace, or control characters that no text has.
    """
    if not visible(text):
        raise Unreadable("the file holds only whitespace")
    if control := _CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        raise Unreadable(f"the file is binary, not text (control character U+{ord(control[0]):04X} in line {line})")
    return text


def _complaint(error: UnicodeError, data: bytes, encoding: str) -> str:
    name = encoding.removesuffix("-sig").upper()
    where = ""
    if isinstance(error, UnicodeDecodeError):
        where = f" (byte 0x{data[error.start]:02X} at offset {error.start})" if error.start < len(data) else ""
    return f"the file is not valid {name}{where}; convert it to UTF-8"
