"""Days as articles state them, read without guessing: ISO 8601 or a month's English name."""

from __future__ import annotations

import re
from datetime import date

__all__ = ["day_from", "day_of"]

_NAMES = "january february march april may june july august september october november december".split()
MONTHS = {name[:length]: number for number, name in enumerate(_NAMES, 1) for length in (3, len(name))} | {"sept": 9}

_ISO = re.compile(r"(\d{4})([-/.]?)(\d{2})\2(\d{2})(?!\d)")
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?!\d)")
_DAY_FIRST = re.compile(r"(?:[^\W\d_]{3,9},? )?(\d{1,2})(?:st|nd|rd|th)?\.? ([^\W\d_]{3,9})\.?,? (\d{4})(?!\d)")


def day_from(text: str) -> date | None:
    """The day that `text` begins with ("2025-01-06T10:00Z", "January 6, 2025", "Mon, 06 Jan 2025"), else None.

    Forms that differ between countries (01/06/2025) are not guessed at.
    """
    text = " ".join(text.split())
    if iso := _ISO.match(text):
        return day_of(int(iso[1]), int(iso[3]), int(iso[4]))
    if found := _MONTH_FIRST.match(text):
        return day_of(int(found[3]), MONTHS.get(found[1].lower(), 0), int(found[2]))
    if found := _DAY_FIRST.match(text):
        return day_of(int(found[3]), MONTHS.get(found[2].lower(), 0), int(found[1]))
    return None


def day_of(year: int, month: int, day: int) -> date | None:
    """The day, or None where the calendar has none such."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
