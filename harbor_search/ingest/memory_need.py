"""How much memory reading a file will take, told before anything is parsed: a tree takes many times its page's size."""

from __future__ import annotations

import re

__all__ = ["bytes_to_read"]

_PAGES = (".html", ".htm", ".xhtml")
_MARKDOWN = (".md", ".markdown", ".mdx", ".mdown", ".mkd", ".qmd", ".rmd")

_PER_BYTE = (6, 8, 12)
"""Bytes of memory for each of a page, copies of its text in all stages, as a character of it takes one, two or four."""

_ASKED = 1_000_000
_PER_BYTE_ASKED = 22
"""The same beside it for as many of a page's bytes as libraries are asked about, which copy it (`is_large`)."""

_PER_TAG = 350
"""For each sign of less in a page, nearly all of which begin or end an element: measured on 270,000 tags."""

_PER_ATTRIBUTE = 200

_PER_BYTE_OF_OTHERS = 6

_PER_LINE = 800
"""For each line of Markdown: 620 were measured where they wrap, 780 where each is a paragraph."""

_PER_BLOCK = 2_000
"""Beside it for a heading, and an item of a list: 1,300 to 1,900."""

_PER_CELL = 900

_PER_MARK = 700
"""For each sign of Markdown, a tag or an entity within a line: 420 to 780 were measured."""

_BLOCK = re.compile(rb"^[ \t>]*(?:[-+*#]|\d+[.)])", re.MULTILINE)
_WIDE = tuple(bytes([first]) for first in range(0xF0, 0xF5))
"""Each begins a character outside of the basic plane, as emoji are; with one in it each of a text takes four bytes."""


def bytes_to_read(data: bytes, suffix: str) -> int:
    """About how many bytes of memory it takes to read `data`, a file whose name ends with `suffix`."""
    width = 0 if data.isascii() else 2 if any(first in data for first in _WIDE) else 1
    if suffix in _PAGES:
        text = len(data) * _PER_BYTE[width] + min(len(data), _ASKED) * _PER_BYTE_ASKED * (2 if width == 2 else 1)
        return text + data.count(b"<") * _PER_TAG + data.count(b'="') * _PER_ATTRIBUTE
    least = len(data) * _PER_BYTE_OF_OTHERS
    if suffix in _MARKDOWN:
        blocks = sum(1 for _ in _BLOCK.finditer(data))
        marks = sum(map(data.count, (b"*", b"_", b"`", b"[", b"~", b"\\", b"<", b"&")))
        least += data.count(b"\n") * _PER_LINE + blocks * _PER_BLOCK + data.count(b"|") * _PER_CELL + marks * _PER_MARK
    return least
