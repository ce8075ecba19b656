"""Highlighting: the one place where plain text and ranges become HTML."""

from __future__ import annotations

import string
from collections.abc import Iterable

from markupsafe import Markup

from harbor_search.results import Range

__all__ = ["clipped", "escaped", "marked", "marked_html", "merged"]


_BETWEEN_WORDS = string.whitespace + "\u00a0-\u2010\u2011"


def marked(text: str, ranges: Iterable[Range]) -> Markup:
    """`text`, escaped, with `<mark>` around each range; adjacent words share one."""
    return Markup(marked_html(text, ranges))


def marked_html(text: str, ranges: Iterable[Range]) -> str:
    """`marked` as a plain string: a page has dozens, and `Markup` operations are slower."""
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
    """`markupsafe.escape(text)` as a plain string."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&#34;").replace("'", "&#39;")


def merged(text: str, ranges: Iterable[Range]) -> list[Range]:
    """`ranges` clipped to `text` and sorted; those that overlap or have only space or hyphens between are merged."""
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
    """The parts of `ranges` within [start, end), relative to `start`."""
    return [(max(a, start) - start, min(b, end) - start) for a, b in ranges if a < end and b > start]
