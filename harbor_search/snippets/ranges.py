"""Ranges: what to mark in a text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from harbor_search.results import Range
from harbor_search.snippets.occurrences import Occurrence

__all__ = ["collapse", "merge", "title_ranges"]


def title_ranges(occurrences: Iterable[Occurrence]) -> tuple[Range, ...]:
    """What to mark in the article's title: half-open, ascending, not overlapping."""
    return merge((each.start, each.end) for each in occurrences if each.field == "title" and each.start >= 0)


def merge(ranges: Iterable[Range]) -> tuple[Range, ...]:
    """`ranges` in ascending order, overlapping ones made one, empty ones left out; touching ones stay apart."""
    merged: list[Range] = []
    for start, end in sorted(ranges):
        if start >= end:
            continue
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def collapse(text: str, ranges: Sequence[Range]) -> tuple[str, tuple[Range, ...]]:
    """`text` with each run of white space as one space, and `ranges` moved accordingly."""
    if text == " ".join(text.split()):
        return text, tuple(ranges)
    characters: list[str] = []
    moved: list[int] = []
    for character in text:
        moved.append(len(characters))
        if not character.isspace():
            characters.append(character)
        elif not characters or characters[-1] != " ":
            characters.append(" ")
    moved.append(len(characters))
    return "".join(characters), tuple((moved[start], moved[end]) for start, end in ranges if moved[start] < moved[end])
