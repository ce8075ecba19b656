"""Ranges: what to mark in a text."""

from __future__ import annotations

from collections.abc import Iterable

from harbor_search.results import Range
from harbor_search.snippets.occurrences import Occurrence

__all__ = ["merge", "title_ranges"]


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
