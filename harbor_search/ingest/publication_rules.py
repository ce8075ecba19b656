"""Which articles a site shows as time goes by: not those dated later than now, nor those that have expired."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from harbor_search.ingest.dates import instant_from, possible_days

__all__ = ["PublicationRules", "Upcoming", "is_later"]

_YEAR = re.compile(r"(?<!\d)((?:19|20|21)\d\d)(?!\d)")


@dataclass(slots=True)
class Upcoming:
    """The first moment still to come at which something that was judged will be judged otherwise; None: none will."""

    first: datetime | None = None

    def note(self, moment: datetime | None) -> None:
        """Such a moment."""
        if moment and (self.first is None or moment < self.first):
            self.first = moment


@dataclass(frozen=True, slots=True)
class PublicationRules:
    """What a site shows: by default neither articles that are dated later than `now` nor those that have expired.

    Times without a zone are in `zone`; None: in the machine's, by its rules of summer time. Judging by them notes in
    `upcoming` when it will end otherwise.
    """

    include_future: bool = False
    include_expired: bool = False
    now: datetime = field(default_factory=lambda: datetime.now().astimezone())
    zone: tzinfo | None = None
    upcoming: Upcoming = field(default_factory=Upcoming, compare=False)

    def moment_of(self, value: object) -> datetime | None:
        """The moment that `value` states, with its zone; None where it states none."""
        moment = instant_from(value, self.zone)
        if moment is None or moment.tzinfo:
            return moment
        try:
            return moment.astimezone()
        except (OverflowError, ValueError):  # on the first or the last day of the calendar
            return moment.replace(tzinfo=UTC)

    def is_later(self, moment: datetime) -> bool:
        """Whether `moment` is after now."""
        if moment > self.now:
            self.upcoming.note(moment)
            return True
        return False


def is_later(value: Any, rules: PublicationRules) -> bool | None:
    """Whether the moment that `value` states, in any of the ways to read it, is after now; None where that is open."""
    if moment := rules.moment_of(value):
        return rules.is_later(moment)
    days = [rules.moment_of(day) for day in possible_days(str(value))]
    known = {rules.is_later(day) for day in days if day}
    if not known:
        years = {*map(int, _YEAR.findall(str(value)))}
        # Within a year it is open whether a moment of that year has come.
        begun, ended = ({year: _has_begun(year + more, rules) for year in years} for more in (0, 1))
        known = {not begun[year] for year in years if begun[year] == ended[year]}
    return known.pop() if len(known) == 1 else None


def _has_begun(year: int, rules: PublicationRules) -> bool:
    moment = rules.moment_of(date(year, 1, 1))
    return moment is not None and not rules.is_later(moment)
