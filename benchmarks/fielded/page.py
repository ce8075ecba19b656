"""A page of results, and what is the same for every engine that makes one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["SNIPPET_LENGTH", "TITLE_WEIGHT", "Page", "PageEngine", "PageHit"]

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


class PageEngine:
    """What an engine is to the harness (`protocol.Engine`) whose every answer is a whole page."""

    def top(self, parsed: Any, k: int) -> Page:
        """The page of the `k` best."""
        raise NotImplementedError

    def top_counted(self, parsed: Any, k: int) -> Page:
        """The same: a page says how many match."""
        return self.top(parsed, k)

    def count(self, parsed: Any) -> int:
        """How many match, as the shortest page says."""
        return self.top(parsed, 1).total

    def hits(self, answer: Page) -> list[tuple[str, float]]:
        """Ids and scores, best first."""
        return [(hit.id, hit.score) for hit in answer.hits]
