"""Bytes to text as browsers do it: what is broken costs the characters that are broken, and a note."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from harbor_search.ingest.cleaning import visible
from harbor_search.ingest.outcome import Unreadable

__all__ = ["Decoded", "decode"]

_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_BINARY = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b", b"\x7fELF", b"BM\x00")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

FEW_CONTROLS = 2
"""Control characters that come into any text with what was copied from elsewhere."""

MANY_CONTROLS = 0.02
"""Share of the characters from which on it is no text: of pictures and archives a tenth are control characters."""

_ASCII_ONLY = ("iso2022_jp", "utf-7", "hz")
"""Encodings whose texts look like ASCII, which is UTF-8 too."""

_WINDOWS = "cp1252"


class Decoded(NamedTuple):
    """A text and what was mended in it, a sentence each."""

    text: str
    notes: tuple[str, ...] = ()


def decode(data: bytes, declared: str = "") -> Decoded:
    """The text of `data` by its byte order mark, else as UTF-8 where it is valid, else in the codec `declared`.

    What is declared to be UTF-8, or nothing, and is not, is Windows-1252 with a note, or UTF-8 with a few bad bytes,
    whichever leaves more letters whole.

    Raises:
        Unreadable: no bytes, nothing but white space, or binary.
    """
    if not data:
        raise Unreadable("the file is empty")
    if data.startswith(_BINARY):
        raise Unreadable("the file is binary, not text, whatever its name says")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(*_read(data[len(mark) :], encoding))
    if not (declared in _ASCII_ONLY and data.isascii()):
        try:
            return _checked(data.decode("utf-8"))
        except UnicodeDecodeError:
            pass
    if declared and declared != "utf-8":
        return _checked(*_read(data, declared))
    return _checked(*_as_utf8_or_windows(data))


def _read(data: bytes, encoding: str) -> tuple[str, str]:
    """The text, and a note where bytes of it stand for nothing."""
    try:
        return data.decode(encoding), ""
    except UnicodeError:
        text = data.decode(encoding, "replace")
    return text, f"bytes that are no {encoding.upper()} ({text.count(chr(0xFFFD))} times) were left out"


def _as_utf8_or_windows(data: bytes) -> tuple[str, str]:
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    if good > bad:
        return text, f"bytes that are no UTF-8 ({bad} times) were left out"
    first = next(at for at, byte in enumerate(data) if byte >= 0x80)
    note = f"it is not valid UTF-8 (byte 0x{data[first]:02X} at offset {first}) and was read as Windows-1252"
    return data.decode(_WINDOWS, "replace"), note


def _checked(text: str, note: str = "") -> Decoded:
    """`text` without control characters, where it is something to read."""
    notes = [note] if note else []
    if controls := _CONTROLS.findall(text):
        share = len(controls) / len(text)
        allowed = FEW_CONTROLS if "\0" not in controls else 0
        if share > MANY_CONTROLS and len(controls) > allowed:
            what = "NUL bytes" if "\0" in controls else f"control characters such as U+{ord(controls[0]):04X}"
            raise Unreadable(f"the file is binary, not text (it holds {what})")
        text = _CONTROLS.sub("", text)
        notes.append(f"control characters ({len(controls)}) were left out")
    if not visible(text):
        raise Unreadable("the file holds only whitespace")
    return Decoded(text, tuple(notes))
