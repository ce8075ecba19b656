"""Highlighting: plain text and ranges become HTML here, at the last step, and nowhere earlier."""

from __future__ import annotations

import string
from collections.abc import Iterable

from markupsafe import Markup

from harbor_search.results import Range

__all__ = ["clipped", "escaped", "marked", "marked_html", "merged"]


_BETWEEN_WORDS = string.whitespace + "\u00a0-\u2010\u2011"


def marked(text: str, ranges: Iterable[Range]) -> Markup:
    """`text`, escaped, with `<mark>` around each range; neighbouring words share one."""
    return Markup(marked_html(text, ranges))


def marked_html(text: str, ranges: Iterable[Range]) -> str:
    """The same as plain text: a page has dozens, and safe texts take longer."""
    found, html = merged(text, ranges), escaped(text)
    if not found:
        return html
    part = str if html == text else escaped
    parts: list[str] = []
    position = 0
    for start, end in found:
        parts += (part(text[position:start]), "<mark>", part(text[start:end]), "</mark>")
        position = end
    parts.append(part(text[position:]))
    return "".join(parts)


def escaped(text: str) -> str:
    """What `markupsafe.escape` makes of `text`, as plain text."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&#34;").replace("'", "&#39;")


def merged(text: str, ranges: Iterable[Range]) -> list[Range]:
    """`ranges` cut to `text`, ascending, those joined that overlap or have only space or hyphens between them."""
    joined: list[Range] = []
    begin, stop, size = 0, -1, len(text)
    for start, end in sorted(ranges):
        start, end = max(start, 0), min(end, size)
        if start >= end:
            continue
        if stop >= 0 and not text[stop:start].strip(_BETWEEN_WORDS):
            stop = max(stop, end)
            joined[-1] = (begin, stop)
        else:
            begin, stop = start, end
            joined.append((start, end))
    return joined


def clipped(ranges: Iterable[Range], start: int, end: int) -> list[Range]:
    """The parts of `ranges` inside [start, end), counted from `start`."""
    return [(max(a, start) - start, min(b, end) - start) for a, b in ranges if a < end and b > start]
