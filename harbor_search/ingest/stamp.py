"""The line `January 06, 2025Health2036`: date, section and view count run together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from harbor_search.ingest.dates import MONTHS, day_of
from harbor_search.ingest.fields import count

__all__ = ["Stamp", "parse_stamp"]

MAX_NAME = 80
"""Characters of a section's name and a count; more is a sentence that begins with a date."""

_DATED = re.compile(r"([^\W\d_]{3,12})\.? (\d{1,3})(?:st|nd|rd|th)?(?:, ?| )(\d{4})(.*)")
_COUNT = re.compile(r"[0-9][0-9, ]*")
_TAIL = re.compile(r"(.*?[^\W\d_][)\].]?) ?([0-9][0-9,]*)?")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the line says."""

    published: date | None = None
    section: str = ""
    views: int | None = None
    notes: tuple[str, ...] = ()


def parse_stamp(line: str, names: Sequence[str]) -> Stamp | None:
    """What `line` says, or None where it is not such a line; `names` are what the section may be called.

    The section's name may end in digits, so the views begin where a known name ends. Where no name is known they are
    the digits after the last letter.
    """
    dated = _DATED.fullmatch(line)
    rest = (dated[4] if dated else line).strip()
    known = _split_known(rest, names)
    if dated is None:
        return Stamp(None, *known) if known and known[1] is not None else None
    month = MONTHS.get(dated[1].lower())
    if known is None and (month is None or not _runs_on(dated[4])):
        return None
    published = day_of(int(dated[3]), month or 0, int(dated[2]))
    notes = [] if published else [f"the calendar has no {line.removesuffix(dated[4])}: the article has no date"]
    split = known or _split_unknown(rest)
    if split is None:
        notes.append(f"{rest!r} cannot be parted into section and views: the article has neither from this line")
    return Stamp(published, *(split or ("", None)), tuple(notes))


def _runs_on(rest: str) -> bool:
    """Whether what follows the year can be a section's name: a sentence would go on after a space."""
    return not rest.startswith(" ") and len(rest) <= MAX_NAME and not rest.endswith((".", "!", "?"))


def _split_known(rest: str, names: Sequence[str]) -> tuple[str, int | None] | None:
    """The section and the views, where `rest` is one of `names` and a count or nothing."""
    for name in sorted(filter(None, names), key=len, reverse=True):
        if rest[: len(name)].casefold() == name.casefold():
            after = rest[len(name) :].strip()
            if not after or _COUNT.fullmatch(after):
                return name, count(after)
    return None


def _split_unknown(rest: str) -> tuple[str, int | None] | None:
    if not rest or _COUNT.fullmatch(rest):
        return "", count(rest)
    tail = _TAIL.fullmatch(rest)
    return (tail[1], count(tail[2] or "")) if tail else None
