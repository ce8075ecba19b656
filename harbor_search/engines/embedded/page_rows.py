"""Rows of numbers: what the kernel of a page takes for each hit, and what it writes of it."""

from __future__ import annotations

__all__ = [
    "ANCHOR_AT",
    "DOCUMENT",
    "HEADING_AT",
    "HIT_WIDTH",
    "JSON",
    "JSON_MARKS",
    "JSON_SCORE",
    "JSON_SIZE",
    "LAYOUT",
    "TITLE",
    "TITLE_SIZE",
]
__all__ += ["LAYOUT_END", "NAMED", "PASSAGES", "RANGES_END", "RECORD", "RECORD_END", "ROW_WIDTH", "SEGMENT"]
__all__ += ["TEXT_AT", "TEXT_END", "TITLE_END", "TITLE_WIDTH"]

SEGMENT, DOCUMENT, LAYOUT, LAYOUT_END, RECORD, RECORD_END, TITLE, TITLE_SIZE = range(8)
JSON, JSON_MARKS, JSON_SCORE, JSON_SIZE = range(8, 12)
"""Of a hit: its segment and number there; where its layout and its record (in its block) begin and end; where the
characters of its title (int32) are in memory, and how many; where its JSON is as far as it is the same for all queries,
after how many bytes its marks and its score belong, and how many it has."""

HIT_WIDTH = JSON_SIZE + 1

TITLE_END, PASSAGES, NAMED = range(3)
"""Of what is written of a hit: where the ranges of its title end, how many passages it has, whether only its names
have a word."""

TITLE_WIDTH = NAMED + 1

HEADING_AT, ANCHOR_AT, TEXT_AT, TEXT_END, RANGES_END = range(5)
"""Of each of its passages, after that: where in the block its section's heading begins, and anchor and text; where its
text and its ranges end. They begin where those before them end, of the first one after the ranges of the title."""

ROW_WIDTH = RANGES_END + 1
