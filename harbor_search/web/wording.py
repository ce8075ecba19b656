"""Wording: figures, dates and paths as readers of the pages see them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from harbor_search.results import SearchResults
from harbor_search.web.highlighting import marked

__all__ = ["FILTERS", "count_line", "counted", "duration", "long_date", "path", "period"]

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def long_date(day: date) -> str:
    """As the site's pages write dates, whatever the server's locale: January 6, 2025."""
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year:04}"


def period(start: date | None, end: date | None) -> str:
    """The days from `start` to `end`, either of which may be open; a whole year is just its number."""
    if start and end and (start, end) == (date(start.year, 1, 1), date(start.year, 12, 31)):
        return f"{start.year:04}"
    if start and end:
        return long_date(start) if start == end else f"{long_date(start)} to {long_date(end)}"
    if start:
        return f"since {long_date(start)}"
    return f"until {long_date(end)}" if end else ""


def path(section: Sequence[str]) -> str:
    """A section path as breadcrumbs."""
    return " \u203a ".join(section)


def counted(number: int, one: str, many: str) -> str:
    """`number` with the right form of its noun: 1 result, 2,036 results."""
    return f"{number:,} {one if number == 1 else many}"


def duration(milliseconds: float) -> str:
    """How long a search took, no more exact than a reader cares to know."""
    return "under 1 ms" if milliseconds < 1 else f"{milliseconds:,.0f} ms"


def count_line(results: SearchResults) -> str:
    """Which of how many results this page shows: "11\u201320 of 66 results"; without words they are just articles."""
    nouns = ("result", "results") if results.query.strip() else ("article", "articles")
    total = ("over " if results.total_relation == "gte" else "") + counted(results.total, *nouns)
    if not results.total:
        return f"No {nouns[1]}"
    if results.total_pages <= 1 or not results.hits:
        return total
    first = (results.page - 1) * results.per_page + 1
    return f"{first:,}\u2013{first + len(results.hits) - 1:,} of {total}"


FILTERS: dict[str, Callable[..., Any]] = {
    "counted": counted,
    "duration": duration,
    "long_date": long_date,
    "marked": marked,
    "path": path,
}
"""What templates call, by name."""
