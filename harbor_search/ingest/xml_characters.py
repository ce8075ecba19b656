"""XML without what it may not hold: parsers that recover from errors drop the text around a control character.

A reference to what is no character (`&#xD83D;`) ends in an error in one library and in no feed at all in another; it
becomes one to `no_characters.STAND_IN`, which is mended in the record.
"""

from __future__ import annotations

import re
from io import BufferedIOBase

from harbor_search.ingest.no_characters import STAND_IN

__all__ = ["CONTROLS_LEFT_OUT", "SoundXml", "sound_xml"]

CONTROLS_LEFT_OUT = "control characters, which XML may not hold, were left out"

_CONTROLS = bytes(each for each in range(0x20) if each not in b"\t\n\r")
_NONE = re.compile(rb"\xef\xbf[\xbe\xbf]")
"""U+FFFE and U+FFFF in UTF-8; in an encoding of one byte a character hardly anything is written so."""

_REFERENCE = re.compile(rb"&#(?:[xX]0*([0-9a-fA-F]+)|0*(\d+));")
_CUT = re.compile(rb"&(?:#[xX]?[0-9a-fA-F]{0,20})?\Z|\xef\xbf?\Z")
_STAND_IN = f"&#{ord(STAND_IN)};".encode()
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
"""How files in UTF-16 begin, in which each letter has a byte that elsewhere is a control."""

_SHIFT = b"\x1b$"
"""How characters of two bytes begin in ISO-2022-JP and its like, which have nothing but ASCII bytes."""


def sound_xml(data: bytes) -> tuple[bytes, bool]:
    """`data` as parsers can read it, and whether control characters were left out."""
    if data.startswith(_WIDE) or (_SHIFT in data and data.isascii()):
        return data, False
    kept = data.translate(None, _CONTROLS)
    kept = _NONE.sub(b"", kept) if b"\xef\xbf" in kept else kept
    is_mended = len(kept) < len(data)
    return (_REFERENCE.sub(_of_character, kept) if b"&#" in kept else kept), is_mended


class SoundXml:
    """A stream of XML as `sound_xml` makes it; `is_mended` as soon as something was left out."""

    def __init__(self, stream: BufferedIOBase) -> None:
        self._stream = stream
        self._rest = b""
        self._is_wide: bool | None = None
        self.is_mended = False

    def read(self, size: int = -1) -> bytes:
        """About `size` bytes; none at the end."""
        while data := self._stream.read(size):
            if self._is_wide is None:
                self._is_wide = data.startswith(_WIDE)
            if self._is_wide:
                return data
            data = self._rest + data
            cut = _CUT.search(data, max(0, len(data) - 32))
            self._rest = data[cut.start() :] if cut else b""
            if found := self._sound(data[: len(data) - len(self._rest)]):
                return found
        rest, self._rest = self._rest, b""
        return self._sound(rest)

    def _sound(self, data: bytes) -> bytes:
        found, is_mended = sound_xml(data)
        self.is_mended |= is_mended
        return found


def _of_character(reference: re.Match[bytes]) -> bytes:
    hexadecimal, decimal = reference.groups()
    digits, base = (hexadecimal, 16) if hexadecimal else (decimal, 10)
    # Larger numbers would take long to read, and are none.
    code = int(digits, base) if len(digits) < 8 else 0
    is_character = code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
    return reference[0] if is_character else _STAND_IN
