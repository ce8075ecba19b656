"""The text of a part of an HTML page, with its headings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from harbor_search.ingest.body import Part
from harbor_search.ingest.html_boxes import is_box

__all__ = ["parts_of"]

_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_POINTS = frozenset(("li",))
_LINES = frozenset("dt dd tr caption option label legend".split()) | _POINTS
_CELLS = frozenset(("td", "th"))
_BREAKS = frozenset(("br",))
_BLOCKS = frozenset(
    "p ul ol dl table thead tbody tfoot blockquote pre div section article main aside figure figcaption details summary"
    " address form fieldset hr header footer hgroup center menu dir nav body".split()
)
_CAPTIONS = frozenset("caption figcaption wp-caption-text image-caption".split())
"""Classes of what stands below a picture, in whatever element."""

_GAPS = ("", " ", " | ", "\n", "\n\n")
"""What may part two texts, the less to the greater."""

_VERBATIM = frozenset(("pre",))
_SPACE = re.compile(r"\s+")


def parts_of(element: Any) -> list[Part]:
    """Headings with the text below them, in the order of the page; the first heading may be empty.

    What stands in boxes with headings of their own comes after the text that goes on around them.
    """
    writer = _Writer()
    _write(element, writer, "\n\n", verbatim=element.tag in _VERBATIM)
    return [Part(heading, "".join(pieces), anchor) for heading, anchor, pieces in writer.parts]


@dataclass(slots=True)
class _Writer:
    """Parts as they are written, the place of the `current` one, and the gap that the next text must keep from it."""

    parts: list[tuple[str, str, list[str]]] = field(default_factory=lambda: [("", "", [])])
    current: int = 0
    gap: str = ""
    marker: str = ""

    def text(self, text: str) -> None:
        if self.gap or self.marker:
            text = text.lstrip()
        if text:
            self.parts[self.current][2].append(f"{self.gap}{self.marker}{text}")
            self.gap = self.marker = ""

    def part_from(self, gap: str) -> None:
        """Keep `gap` from what was written, or more where more was asked for."""
        self.gap = max(self.gap, gap, key=_GAPS.index)

    def heading(self, heading: str, anchor: str) -> None:
        self.parts.append((heading, anchor, []))
        self.current = len(self.parts) - 1
        self.gap = self.marker = ""

    def leave_box(self, before: int) -> None:
        """Go on with the part `before` a box, unless its last heading stands in a box alone, above its text."""
        if self.parts[self.current][2]:
            self.current = before


def _write(element: Any, writer: _Writer, gap: str, *, verbatim: bool) -> None:
    """Write what is in `element`, where blocks keep `gap` from each other."""
    writer.text(_text(element.text, verbatim))
    for child in element:
        if isinstance(child.tag, str):
            _write_child(child, writer, gap, verbatim=verbatim or child.tag in _VERBATIM)
        writer.text(_text(child.tail, verbatim))


def _write_child(child: Any, writer: _Writer, gap: str, *, verbatim: bool) -> None:
    tag = child.tag
    if tag in _HEADINGS and gap == "\n\n":
        if heading := " ".join(_line(child).split()):
            writer.heading(heading, child.get("id") or "")
    elif tag in _CELLS:
        # Not below the gap of a row: empty cells at its beginning say nothing.
        writer.part_from(" | " if writer.gap in ("", " ") else "")
        _write(child, writer, " ", verbatim=verbatim)
    elif tag in _LINES:
        inner = " " if gap == " " else "\n"
        writer.part_from(inner)
        writer.marker = "- " if tag in _POINTS and gap != " " else ""
        _write(child, writer, inner, verbatim=verbatim)
        writer.part_from(inner)
        writer.marker = ""
    else:
        around = gap if tag in _BLOCKS or tag in _HEADINGS or "-" in tag else _around_inline(child, gap)
        before = writer.current
        writer.part_from(around)
        _write(child, writer, gap, verbatim=verbatim)
        if writer.current != before and is_box(child):
            writer.leave_box(before)
        writer.part_from(around)


def _around_inline(child: Any, gap: str) -> str:
    """What parts an element within a line from its neighbours: nothing, but for breaks and links set side by side."""
    if child.tag in _BREAKS:
        return " " if gap == " " else "\n"
    if _CAPTIONS & set((child.get("class") or "").split()):
        return gap
    previous = child.getprevious()
    side_by_side = child.tag in ("a", "button") and previous is not None and previous.tag == child.tag
    return " " if side_by_side and not previous.tail else ""


def _line(element: Any) -> str:
    """The text of a heading, what would be on lines of its own parted by a space."""
    writer = _Writer()
    _write(element, writer, " ", verbatim=False)
    return " ".join("".join(pieces) for _, _, pieces in writer.parts)


def _text(text: str | None, verbatim: bool) -> str:
    if not text or verbatim:
        return text or ""
    return _SPACE.sub(" ", text)
