"""What mistakes cost: slips of the finger and spellings by ear are more likely than others.

The scale is edits: 1 is any letter for any other. The classes are those that studies of misspellings find again and
again (K. Kukich, Techniques for automatically correcting words in text, ACM Computing Surveys 1992): neighbours on the
keyboard, vowels for vowels, consonants that sound alike, one letter of a pair, two letters the wrong way round; and
hardly ever the first letter.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

__all__ = ["DELETE", "FIRST", "HEARD_LESS", "HEARD_SHARE", "INSERT", "SWAP", "substitution_costs"]

SWAP = 0.7
"""Two neighbours in the wrong order."""

FIRST = 0.4
"""More for a mistake in the first letter."""

DELETE = (0.45, 0.75, 0.95)
"""A letter was left out: one of a pair, a vowel or an h, any other."""

INSERT = (0.45, 0.85, 0.9)
"""A letter too many: one typed twice, a vowel or an h, any other."""

HEARD_LESS, HEARD_SHARE = 0.35, 0.6
"""Edits less that a word costs which sounds the same, and the share of its cost that counts where it has three edits or
more: each mistake of who writes by ear is one and the same."""

_ANY, _NEIGHBOUR, _VOWEL, _SOUND = 1.0, 0.8, 0.7, 0.65

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_VOWELS = "aeiouy"
_SOUNDS = ("ckqs", "sz", "fv", "gj", "dt", "bp", "mn", "iy", "vw", "uw", "sc", "cz", "xz")


@lru_cache(maxsize=1)
def substitution_costs() -> npt.NDArray[np.float32]:
    """float32[26, 26]: the cost of typing one letter for another."""
    costs = np.full((26, 26), _ANY, np.float32)
    for one, other in _neighbours():
        _lower(costs, one, other, _NEIGHBOUR)
    for group, cost in ((_VOWELS, _VOWEL), *((group, _SOUND) for group in _SOUNDS)):
        for one in group:
            for other in group:
                _lower(costs, one, other, cost)
    np.fill_diagonal(costs, 0.0)
    return costs


def _neighbours() -> list[tuple[str, str]]:
    """Letters whose keys touch: in a row, and in the row below, which is set off by half a key."""
    found = []
    for row, letters in enumerate(_ROWS):
        found += list(zip(letters, letters[1:], strict=False))
        below = _ROWS[row + 1] if row + 1 < len(_ROWS) else ""
        for at, letter in enumerate(letters):
            found += [(letter, below[near]) for near in (at - 1, at) if 0 <= near < len(below)]
    return found


def _lower(costs: npt.NDArray[np.float32], one: str, other: str, cost: float) -> None:
    a, b = ord(one) - 97, ord(other) - 97
    costs[a, b] = costs[b, a] = min(cost, float(costs[a, b]))
