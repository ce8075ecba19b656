"""Text for terminals: control characters removed, lines wrapped, matches highlighted."""

from __future__ import annotations

import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from harbor_search.results import Range

__all__ = ["colourful", "plain", "size", "width", "wrapped"]

BIDIRECTIONAL = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C}
"""Marks that reorder the rest of a line, by which an article could make a terminal show false text."""

MAX_COLUMNS = 100
"""Columns; longer lines of prose are hard to follow on a wide terminal."""


def plain(text: str) -> str:
    """`text` with every control character replaced by one space, so that offsets are preserved."""
    return "".join(" " if _is_control(character) else character for character in text)


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or ord(character) in BIDIRECTIONAL


def colourful() -> bool:
    """Whether standard output is a terminal that wants styles (https://no-color.org, TERM=dumb)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width() -> int | None:
    """Columns to wrap at; None if output goes to a file or program, where lines are not wrapped."""
    return min(shutil.get_terminal_size().columns, MAX_COLUMNS) if sys.stdout.isatty() else None


def size(count: int) -> str:
    """A number of bytes with its unit: `1.2 MB`."""
    amount = float(count)
    for unit in ("bytes", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def wrapped(text: str, ranges: Sequence[Range] = (), *, colour: bool, columns: int | None) -> list[str]:
    """`text` wrapped to lines of at most `columns` columns (None: one line), with `ranges` highlighted."""
    safe = plain(text)
    lines: list[list[str]] = [[]]
    used = 0
    for start, end in _pieces(safe, columns):
        needed = _columns(safe[start:end])
        if columns is not None and lines[-1] and used + 1 + needed > columns:
            lines.append([])
        used = needed if not lines[-1] else used + 1 + needed
        lines[-1].append(_styled(safe, start, end, ranges) if colour else safe[start:end])
    return [" ".join(line) for line in lines]


def _pieces(text: str, columns: int | None) -> Iterator[Range]:
    """The ranges of words; a word wider than a line is split."""
    for word in re.finditer(r"\S+", text):
        start, end = word.span()
        while columns is not None and _columns(text[start:end]) > columns:
            cut = start + 1
            while _columns(text[start : cut + 1]) <= columns:
                cut += 1
            yield start, cut
            start = cut
        yield start, end


def _columns(text: str) -> int:
    """The width of `text` in a terminal: two columns for East Asian wide characters, none for combining ones."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text
    )


def _styled(text: str, start: int, end: int, ranges: Sequence[Range]) -> str:
    parts = []
    at = start
    for first, last in sorted(ranges):
        first, last = max(first, at), min(last, end)
        if first < last:
            parts += [text[at:first], click.style(text[first:last], bold=True, fg="yellow")]
            at = last
    return "".join([*parts, text[at:end]])
