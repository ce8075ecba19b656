"""The merge policy.

Each segment costs every query a dictionary look-up per term and field; a merge costs time once. Small segments are
merged with segments of similar size, so that an article is rewritten a few times in all (its segment at least doubles
each time), not with every update.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["MAX_SEGMENTS", "Merge", "due_merges"]

MAX_SEGMENTS = 8
"""With more segments, look-ups in the small ones cost a query more than the long lists of the large ones."""

MAX_DELETED_SHARE = 0.25
"""Share of a segment's documents that may be deleted: queries decode their postings only to drop them."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Segments, by their place in the index, to be merged into one; `reason` is for log messages."""

    segments: tuple[int, ...]
    reason: str


def due_merges(sizes: Sequence[tuple[int, int]]) -> tuple[Merge, ...]:
    """The merges that are worthwhile now; no segment is in two of them.

    `sizes` has for each segment (documents, deleted documents). Segments without live documents are in no merge: the
    caller drops them.
    """
    live = {number: count - deleted for number, (count, deleted) in enumerate(sizes) if count > deleted}
    small = _smallest(live)
    merges = [Merge(tuple(sorted(small)), f"there are {len(live)} segments")] if small else []
    for number in live:
        count, deleted = sizes[number]
        if number not in small and deleted > MAX_DELETED_SHARE * count:
            merges.append(Merge((number,), f"{deleted:,} of its {count:,} articles were deleted"))
    return tuple(merges)


def _smallest(live: dict[int, int]) -> list[int]:
    """The segments to merge if there are too many: the smallest, then each next one not larger than all so far."""
    if len(live) <= MAX_SEGMENTS:
        return []
    ascending = sorted(live, key=lambda number: (live[number], number))
    excess = len(live) - MAX_SEGMENTS + 1
    merged, total = ascending[:excess], sum(live[number] for number in ascending[:excess])
    for number in ascending[excess:]:
        if live[number] > total:
            break
        merged.append(number)
        total += live[number]
    return merged
