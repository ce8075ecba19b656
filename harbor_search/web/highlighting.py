"""Highlighting: plain text and ranges become HTML here, at the last step, and nowhere earlier."""

from __future__ import annotations

import string
from collections.abc import Iterable

from markupsafe import Markup

from harbor_search.results import Range

__all__ = ["clipped", "marked", "merged"]


_BETWEEN_WORDS = string.whitespace + "\u00a0-\u2010\u2011"


def marked(text: str, ranges: Iterable[Range]) -> Markup:
    """`text`, escaped, with `<mark>` around each range; neighbouring words share one."""
    html: list[str] = []
    position = 0
    for start, end in merged(text, ranges):
        html += [_escaped(text[position:start]), "<mark>", _escaped(text[start:end]), "</mark>"]
        position = end
    html.append(_escaped(text[position:]))
    return Markup("".join(html))


def _escaped(text: str) -> str:
    """What `markupsafe.escape` makes of `text`, as plain text: a page has hundreds, and safe texts take longer."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&#34;").replace("'", "&#39;")


def merged(text: str, ranges: Iterable[Range]) -> list[Range]:
    """`ranges` cut to `text`, ascending, those joined that overlap or have only space or hyphens between them."""
    joined: list[Range] = []
    for start, end in sorted((max(0, start), min(end, len(text))) for start, end in ranges):
        if start >= end:
            continue
        if joined and not text[joined[-1][1] : start].strip(_BETWEEN_WORDS):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def clipped(ranges: Iterable[Range], start: int, end: int) -> list[Range]:
    """The parts of `ranges` inside [start, end), counted from `start`."""
    return [(max(a, start) - start, min(b, end) - start) for a, b in ranges if a < end and b > start]
