"""Passages: from a window of matches to a stretch of text that reads well.

A passage begins at the start of a sentence and ends at the end of one where its length allows; else it is cut between
words and says so by an ellipsis.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from harbor_search.results import Range
from harbor_search.snippets.boundaries import cut_after, cut_before
from harbor_search.snippets.ranges import collapse, merge
from harbor_search.snippets.windows import Match

__all__ = ["Passage", "clean_start", "cut_passage", "mark", "reach_of"]

ELLIPSIS = "\u2026"

_SHORTEST_WITH_ELLIPSIS = 8
"""Characters below which a passage is too short to spend two of them on saying that it is cut."""

_FULL = 0.5
"""Share of the allowed length from which a passage need not be filled up by half a sentence."""


@dataclass(frozen=True, slots=True)
class Passage:
    """text[start:end] of a section's text; `before` and `after` say that it is cut within a sentence there."""

    start: int
    end: int
    before: bool
    after: bool


def reach_of(length: int) -> int:
    """Characters of text in a passage of at most `length` characters: an ellipsis may be needed at both ends."""
    return length - 2 if length >= _SHORTEST_WITH_ELLIPSIS else length


def clean_start(sentences: Sequence[Range], at: int) -> int:
    """The start of the sentence that holds the character `at`."""
    index = bisect_right(sentences, at, key=lambda sentence: sentence[0])
    return sentences[max(index - 1, 0)][0]


def cut_passage(
    text: str, sentences: Sequence[Range], limits: Range, core: Range, *, start: int, reach: int
) -> Passage:
    """A passage of at most `reach` characters inside `limits` that shows text[core], itself not longer than that.

    It begins at `start` where that is the start of a sentence from which `core` is in reach, and with what comes
    before `core` about as long as what comes after it where it is not.
    """
    if start != clean_start(sentences, start) or start < limits[0]:
        margin = reach - (core[1] - core[0])
        earliest = max(limits[0], core[0] - margin // 2)
        start = cut_after(text, earliest, wanted=core[0], lowest=max(limits[0], core[1] - reach))
    end = _end(text, sentences, limits, core, start=start, reach=reach)
    start = _with_sentences_before(sentences, limits, start=start, end=end, reach=reach)
    return Passage(
        start,
        end,
        before=start != clean_start(sentences, start),
        after=not _ends_sentence(sentences, end),
    )


def _end(text: str, sentences: Sequence[Range], limits: Range, core: Range, *, start: int, reach: int) -> int:
    latest = min(limits[1], start + reach)
    index = bisect_right(sentences, latest, key=lambda sentence: sentence[1]) - 1
    clean = sentences[index][1] if index >= 0 else 0
    full = min(limits[1], start + int(reach * _FULL))
    if clean > start and clean >= core[1] and (clean >= full or index == len(sentences) - 1):
        return clean
    cut = cut_before(text, latest, wanted=min(max(core[1], start + 1), latest), lowest=start)
    while cut > start + 1 and text[cut - 1].isspace():
        cut -= 1
    return cut


def _with_sentences_before(sentences: Sequence[Range], limits: Range, *, start: int, end: int, reach: int) -> int:
    """An earlier start for a passage that leaves half its length unused, as at the end of a text."""
    index = bisect_right(sentences, start, key=lambda sentence: sentence[0]) - 1
    if sentences[index][0] != start:
        return start
    while end - start < reach * _FULL and index > 0:
        index -= 1
        if sentences[index][0] < limits[0] or end - sentences[index][0] > reach:
            break
        start = sentences[index][0]
    return start


def _ends_sentence(sentences: Sequence[Range], at: int) -> bool:
    index = bisect_right(sentences, at, key=lambda sentence: sentence[1]) - 1
    return index >= 0 and sentences[index][1] == at


def mark(text: str, passage: Passage, matches: Sequence[Match], *, ellipses: bool) -> tuple[str, tuple[Range, ...]]:
    """The passage as readers see it, and the ranges of the matches that lie in it."""
    inside = [
        (start - passage.start, end - passage.start)
        for start, end, _ in matches[bisect_right(matches, (passage.start, -1, -1)) :]
        if end <= passage.end
    ]
    shown, ranges = collapse(text[passage.start : passage.end], merge(inside))
    if not ellipses:
        return shown, ranges
    shift = len(ELLIPSIS) if passage.before else 0
    moved = tuple((start + shift, end + shift) for start, end in ranges)
    return f"{ELLIPSIS * passage.before}{shown}{ELLIPSIS * passage.after}", moved
