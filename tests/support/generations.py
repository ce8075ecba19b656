"""Generations by number: their names also tell what was built, which differs each time."""

from __future__ import annotations

__all__ = ["number_of"]


def number_of(name: str) -> str:
    """The number in a generation's name, such as "1" in "1-5e2c9a70b1d4"."""
    number, dash, digest = name.partition("-")
    assert dash and len(digest) == 12, name
    return number
