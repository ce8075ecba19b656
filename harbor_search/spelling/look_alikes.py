"""Medicines whose names look or sound alike: a mistake between two can harm, so we never make it for a reader."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

__all__ = ["are_look_alikes", "is_listed", "look_alikes_of"]


def are_look_alikes(one: str, other: str) -> bool:
    """Whether two different words (in lower case) are names that are taken for each other."""
    return other in look_alikes_of(one)


def look_alikes_of(word: str) -> frozenset[str]:
    """The names that a name (in lower case) is taken for; none for other words."""
    return _look_alikes().get(word, frozenset())


def is_listed(word: str) -> bool:
    """Whether a word (in lower case) is such a name."""
    return word in _look_alikes()


@lru_cache(maxsize=1)
def _look_alikes() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    text = resources.files(__package__).joinpath("look_alikes.txt").read_text("utf-8")
    for line in text.splitlines():
        names = set() if line.startswith("#") else set(line.split())
        for name in names:
            found.setdefault(name, set()).update(names - {name})
    return {name: frozenset(others) for name, others in found.items()}
