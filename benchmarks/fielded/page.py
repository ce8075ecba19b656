"""A page of results, the same for every engine."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SNIPPET_LENGTH", "TITLE_WEIGHT", "Page", "PageHit"]

TITLE_WEIGHT = 4
SNIPPET_LENGTH = 240
"""Characters, where an engine lets one say so."""


@dataclass(frozen=True)
class PageHit:
    """One document of a page."""

    id: str
    title: str
    snippet: str
    score: float


@dataclass(frozen=True)
class Page:
    """The best documents, how many match in all, and how many of these in each section and year."""

    hits: list[PageHit]
    total: int
    sections: dict[str, int]
    years: dict[str, int]
