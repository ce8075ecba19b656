"""When merging segments pays.

Each segment costs every query a look-up per word and field; each merge costs time once. Small segments are merged with
their like, so that an article is rewritten a few times in all (its segment at least doubles each time), not with every
update.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["MOST_SEGMENTS", "Merge", "due_merges"]

MOST_SEGMENTS = 8
"""Beyond this many, look-ups in small segments cost a query more than the few long lists of the large ones."""

MOST_DELETED = 0.25
"""Share of a segment's documents that may be deleted: they are decoded and dropped with every list."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Segments, by their place in the index, to be replaced by one; `reason` is for people."""

    segments: tuple[int, ...]
    reason: str


def due_merges(sizes: Sequence[tuple[int, int]]) -> tuple[Merge, ...]:
    """The merges that pay now.

    `sizes` has for each segment the number of its documents and how many of them were deleted. No segment is in two
    merges; one that nothing is left of is in none, as it is simply left out.
    """
    live = {number: count - deleted for number, (count, deleted) in enumerate(sizes) if count > deleted}
    small = _smallest(live)
    merges = [Merge(tuple(sorted(small)), f"there are {len(live)} segments")] if small else []
    for number in live:
        count, deleted = sizes[number]
        if number not in small and deleted > MOST_DELETED * count:
            merges.append(Merge((number,), f"{deleted:,} of its {count:,} articles were deleted"))
    return tuple(merges)


def _smallest(live: dict[int, int]) -> list[int]:
    """The segments to merge where there are too many: the smallest, and each next one that they together outweigh."""
    if len(live) <= MOST_SEGMENTS:
        return []
    ascending = sorted(live, key=lambda number: (live[number], number))
    least = len(live) - MOST_SEGMENTS + 1
    taken, total = ascending[:least], sum(live[number] for number in ascending[:least])
    for number in ascending[least:]:
        if live[number] > total:
            break
        taken.append(number)
        total += live[number]
    return taken
