"""How far a word is from another."""

from __future__ import annotations

__all__ = ["edits_between"]


def edits_between(one: str, other: str, most: int) -> int | None:
    """How many edits `other` is from `one`, transpositions of neighbours counting as one; None: more than `most`."""
    if not other or abs(len(one) - len(other)) > most:
        return None
    before: list[int] = []
    above = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, counterpart in enumerate(other, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != counterpart))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == counterpart:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, above = above, row
    return above[-1] if above[-1] <= most else None
