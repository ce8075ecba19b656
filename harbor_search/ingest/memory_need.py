"""How much memory reading a file will take, told before anything is parsed: a tree takes many times its page's size."""

from __future__ import annotations

__all__ = ["bytes_to_read"]

_PER_BYTE = {".html": 28, ".htm": 28, ".xhtml": 28}
"""Bytes of memory for each of a file, copies of its text in all stages: on pages of 4 MB 17 were measured where the page
marks its main part, and 28 where that is looked for."""

_PER_BYTE_OF_OTHERS = 20
"""The same of Markdown."""

_PER_TAG = 500
"""Bytes for each sign of less in a page, nearly all of which begin or end an element: measured on 600,000 tags."""

_PER_ATTRIBUTE = 200


def bytes_to_read(data: bytes, suffix: str) -> int:
    """About how many bytes of memory it takes to read `data`, a file whose name ends with `suffix`."""
    per_byte = _PER_BYTE.get(suffix)
    if per_byte is None:
        return len(data) * _PER_BYTE_OF_OTHERS
    return len(data) * per_byte + data.count(b"<") * _PER_TAG + data.count(b'="') * _PER_ATTRIBUTE
