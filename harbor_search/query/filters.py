"""Fields that narrow a search instead of matching words: `section:`, `tag:`, `date:`."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from harbor_search.errors import UserError
from harbor_search.query.nodes import Dated, Filter, Sectioned, Tagged

__all__ = ["FILTER_FIELDS", "filter_of"]

FILTER_FIELDS = ("section", "tag", "date")
"""What a reader may write before a colon, in any case."""

_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_LIKE_DATES = re.compile(r"\d{4,}(?:-|\.\.|$)|\.\.(?:\d|$)")
"""How what is meant as a date begins, right or wrong; "12/05/2024" and "2pm" are prose after a colon."""

_SEPARATOR = re.compile(r"\s*[>/]\s*")


def filter_of(field: str, value: str, position: int) -> Filter | None:
    """What `field:value` asks for; None where that is no filter but prose ("date: Monday").

    Raises:
        UserError: a date or a range of dates that cannot be; `position` is where it stands.
    """
    value = value.strip()
    if field == "tag":
        return Tagged(value) if value else None
    if field == "section":
        path = tuple(part for part in _SEPARATOR.split(value) if part)
        return Sectioned(path) if path else None
    return _dated(value, position) if _LIKE_DATES.match(value) else None


def _dated(value: str, position: int) -> Dated:
    first, ranged, last = value.partition("..")
    earliest = _day(first, position, end=False) if first else None
    latest = _day(last if ranged else first, position, end=True) if (last or not ranged) else None
    if not first and not last:
        raise UserError("the range of dates has neither beginning nor end", where="q", position=position)
    if earliest and latest and earliest > latest:
        raise UserError(f"the dates {value!r} end before they begin", where="q", position=position)
    return Dated(earliest, latest)


def _day(text: str, position: int, *, end: bool) -> date:
    """The first or last day of a year, month or day."""
    found = _DAY.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        year, month, day = int(found[1]), int(found[2] or (12 if end else 1)), found[3]
        return date(year, month, int(day) if day else (monthrange(year, month)[1] if end else 1))
    except ValueError:
        raise UserError(
            f"{text[:40]!r} is no date: write 2025, 2025-01 or 2025-01-31, or a range such as 2024..2025",
            where="q",
            position=position,
        ) from None
