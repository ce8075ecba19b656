"""The text of a section as paragraphs and lists, with matches marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from harbor_search.results import Range
from harbor_search.web.highlighting import clipped, marked

__all__ = ["Block", "blocks"]

_BULLET = re.compile(r"[ \t]*[-*\u2022\u2013][ \t]+(?=\S)")
_LINE = re.compile(r"[^\n]+")
_BLANK = re.compile(r"\n[^\S\n]*\n\s*")


@dataclass(frozen=True, slots=True)
class Block:
    """A "paragraph", whose `lines` are separated by line breaks, or a "list", whose `lines` are its items."""

    kind: str
    lines: tuple[Markup, ...]


def blocks(text: str, ranges: Sequence[Range]) -> tuple[Block, ...]:
    """`text` split at blank lines into blocks; lines that start with a bullet become list items."""
    return tuple(block for start, end in _paragraphs(text) for block in _paragraph(text, start, end, ranges))


def _paragraphs(text: str) -> Iterator[Range]:
    start = 0
    for gap in _BLANK.finditer(text):
        if gap.start() > start:
            yield start, gap.start()
        start = gap.end()
    if text[start:].strip():
        yield start, len(text)


def _paragraph(text: str, start: int, end: int, ranges: Iterable[Range]) -> Iterator[Block]:
    spans = [(line.start(), line.end()) for line in _LINE.finditer(text, start, end)]
    for is_item, group in groupby(spans, key=lambda span: bool(_BULLET.match(text, *span))):
        lines = tuple(_line(text, span, is_item, ranges) for span in group)
        yield Block("list" if is_item else "paragraph", lines)


def _line(text: str, span: Range, is_item: bool, ranges: Iterable[Range]) -> Markup:
    start, end = span
    bullet = _BULLET.match(text, start, end) if is_item else None
    start = bullet.end() if bullet else start
    return marked(text[start:end], clipped(ranges, start, end))
