"""Days as articles state them, read without guessing: ISO 8601 or a month's name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, tzinfo
from email.utils import parsedate_to_datetime
from itertools import islice

__all__ = ["MONTHS", "day_from", "day_of", "instant_from", "possible_days"]

_NAMES = (
    "january february march april may june july august september october november december",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "januari februari maart april mei juni juli augustus september oktober november december",
)


def _months() -> dict[str, int]:
    """Full names in the languages above and the short names of English, the only ones that are alike everywhere."""
    found = {name: number for names in _NAMES for number, name in enumerate(names.split(), 1)}
    short = {name[:3]: number for number, name in enumerate(_NAMES[0].split(), 1)}
    return found | short | {"sept": 9}


MONTHS = _months()

_ISO = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|(\d{2})(\d{2}))(?!\d)")
_WEEK = re.compile(r"(\d{4})-?W(\d{2})(?:-?([1-7]))?(?!-?\d)")
_DAY_OF_YEAR = re.compile(r"(\d{4})-(\d{3})(?!\d)")
_MONTH = re.compile(r"(\d{4})(?:[-/.](\d{1,2}))?")
_MONTH_FIRST = re.compile(
    r"(?:[^\W\d_]{2,10}\.?,? )?([^\W\d_]{3,10})\.? (?:(\d{1,2})(?:st|nd|rd|th)?,? )?(\d{4})(?!\d)"
)
_DAY_FIRST = re.compile(
    r"(?:[^\W\d_]{2,10}\.?,? )?(\d{1,2})(?:st|nd|rd|th|er|º)?\.?[ -](?:de )?"
    r"([^\W\d_]{3,10})\.?,?[ -](?:de )?(\d{4})(?!\d)"
)
_HAN = re.compile(r"(\d{4}) ?[年년] ?(\d{1,2}) ?[月월](?: ?(\d{1,2}) ?[日일])?")
_YEAR_LAST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?!\d)")

EPOCH_DIGITS = {9: 1, 10: 1, 12: 1000, 13: 1000}
"""Digits of a moment since 1970 and how many of its units make a second; eight digits are a day of ISO 8601."""


def day_from(text: str) -> date | None:
    """The day that `text` begins with ("2025-01-06T10:00Z", "January 6, 2025", "Mon, 06 Jan 2025"), else None.

    A month or a year alone is its first day. Forms that differ between countries (01/06/2025) are not guessed at.
    """
    first, second = [*islice(possible_days(text), 2), None, None][:2]
    return first if second is None or second == first else None


def possible_days(text: str) -> Iterator[date]:
    """The days that `text` may mean: none, one, or two where countries differ."""
    text = _by_months(" ".join(text.split()))
    if last := _YEAR_LAST.match(text):
        a, b, year = int(last[1]), int(last[3]), int(last[4])
        # Only days come before months where dots part them.
        readings = [day_of(year, b, a)] if last[2] == "." else [day_of(year, a, b), day_of(year, b, a)]
        yield from filter(None, readings)
    elif stated := _stated(text):
        year, month, day = stated
        if found := day_of(year, month, day):
            yield found


def instant_from(value: object, zone: tzinfo | None) -> datetime | None:
    """The moment that `value` states, its day's beginning where it has no time; in `zone` where it names none."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=zone)
    text = _by_months(" ".join(str(value).split()))
    if units := _epoch(text):
        return datetime.fromtimestamp(units, UTC)
    day = day_from(text)
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
        if moment.date() == day:
            return instant_from(moment, zone)
    return instant_from(day, zone) if day else None


def day_of(year: int, month: int, day: int) -> date | None:
    """The day, or None where the calendar has none such."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _by_months(text: str) -> str:
    """`text` with the day it begins with by month where it is one by weeks (2024-W05-3) or of the year (2024-123)."""
    week, of_year = _WEEK.match(text), _DAY_OF_YEAR.match(text)
    try:
        if week:
            day = date.fromisocalendar(int(week[1]), int(week[2]), int(week[3] or 1))
            return f"{day.isoformat()}{text[week.end() :]}"
        if of_year:
            day = datetime.strptime(of_year[0], "%Y-%j").date()
            # Of a year of 365 days the last one of a leap year is the first of the next.
            return f"{day.isoformat()}{text[of_year.end() :]}" if day.year == int(of_year[1]) else text
    except ValueError:  # no such week or day: no date
        pass
    return text


def _stated(text: str) -> tuple[int, int, int] | None:
    """Year, month and day by the numbers or names in `text`; the month is 0 where it has no such name."""
    if iso := _ISO.match(text):
        return int(iso[1]), int(iso[3] or iso[5]), int(iso[4] or iso[6])
    if month := _MONTH.fullmatch(text):
        return int(month[1]), int(month[2] or 1), 1
    if found := _MONTH_FIRST.match(text):
        return int(found[3]), MONTHS.get(found[1].lower(), 0), int(found[2] or 1)
    if found := _DAY_FIRST.match(text):
        return int(found[3]), MONTHS.get(found[2].lower(), 0), int(found[1])
    if found := _HAN.match(text):
        return int(found[1]), int(found[2]), int(found[3] or 1)
    return None


def _epoch(text: str) -> float | None:
    if text.isascii() and text.isdecimal() and len(text) in EPOCH_DIGITS:
        return int(text) / EPOCH_DIGITS[len(text)]
    return None
