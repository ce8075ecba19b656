"""How much memory reading a file will take, told before anything is parsed: a tree takes many times its page's size."""

from __future__ import annotations

__all__ = ["bytes_to_read"]

_PAGES = (".html", ".htm", ".xhtml")
_MARKDOWN = (".md", ".markdown", ".mdx", ".mdown", ".mkd", ".qmd", ".rmd")

_PER_BYTE = 28
"""Bytes of memory for each of a page, copies of its text in all stages: 17 were measured where the page marks its main
part, and 28 where that is looked for."""

_PER_TAG = 500
"""For each sign of less in a page, nearly all of which begin or end an element: measured on 600,000 tags."""

_PER_ATTRIBUTE = 200

_PER_BYTE_OF_OTHERS = 6

_PER_LINE = 2_200
"""For each line of Markdown, which may be an item of a list: measured on 200,000."""

_PER_MARK = 700
"""For each sign of Markdown within a line, such as that of emphasis."""


def bytes_to_read(data: bytes, suffix: str) -> int:
    """About how many bytes of memory it takes to read `data`, a file whose name ends with `suffix`."""
    if suffix in _PAGES:
        return len(data) * _PER_BYTE + data.count(b"<") * _PER_TAG + data.count(b'="') * _PER_ATTRIBUTE
    least = len(data) * _PER_BYTE_OF_OTHERS
    if suffix in _MARKDOWN:
        return least + data.count(b"\n") * _PER_LINE + sum(map(data.count, (b"*", b"_", b"`", b"["))) * _PER_MARK
    return least
