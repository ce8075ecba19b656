"""The header of a page of the model site.

Lines in this order, any of which but the title may be missing: the site's name; `Location:HOME > Health > content`;
the section; the title; `January 06, 2025Health2036` (date, section and views run together); a truncated copy of the
lead that begins with the title; the title again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from harbor_search.ingest.cleaning import key
from harbor_search.ingest.headings import could_be_heading
from harbor_search.ingest.stamp import Stamp, parse_stamp

__all__ = ["Header", "parse_header"]

_LOCATION = re.compile(r"location ?: ?(home\b|.*[>\u203a\u00bb])", re.IGNORECASE)
_SEPARATOR = re.compile(r"[>\u203a\u00bb]")
_LOOK = 4
"""Lines among which each part of the header is looked for: one more than a complete page needs."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a page's header says; its body begins at line `end`."""

    title: str
    section: tuple[str, ...]
    published: date | None
    views: int | None
    notes: tuple[str, ...]
    end: int


@dataclass(frozen=True, slots=True)
class _Row:
    """A line that is not blank and its number."""

    number: int
    text: str


def parse_header(lines: Sequence[str]) -> Header:
    """The header that tidy `lines` (at least one of them not blank) begin with."""
    rows = [_Row(number, line) for number, line in enumerate(lines) if line]
    location = next((at for at, row in enumerate(rows[:_LOOK]) if _LOCATION.match(row.text)), None)
    crumbs = () if location is None else _crumbs(rows[location].text)
    first = 0 if location is None else location + 1
    at, stamp = _find_stamp(rows, first, crumbs)
    if at is None and location is None:
        notes = ("the file has no page header: its first line is taken as the title",)
        return Header(rows[0].text, (), None, None, notes, rows[0].number + 1)
    return _assemble(rows, first, crumbs, at, stamp)


def _assemble(rows: list[_Row], first: int, crumbs: tuple[str, ...], at: int | None, stamp: Stamp) -> Header:
    title_at = at - 1 if at is not None else _title_row(rows, first, crumbs)
    if title_at >= len(rows):
        return Header(rows[-1].text, (), None, None, (), rows[-1].number + 1)
    title = rows[title_at].text
    above = rows[title_at - 1].text if title_at > first else ""
    body_at = _skip_copies(rows, title_at + 1 if at is None else at + 1, title)
    return Header(
        title=title,
        section=_path(crumbs, above if above and (first or above == stamp.section) else stamp.section, title),
        published=stamp.published,
        views=stamp.views,
        notes=stamp.notes,
        end=rows[body_at].number if body_at < len(rows) else rows[-1].number + 1,
    )


def _crumbs(line: str) -> tuple[str, ...]:
    """The path of `Location:HOME > Health > Sleep > content` without its ends."""
    names = [name.strip() for name in _SEPARATOR.split(line.partition(":")[2])]
    names = [name for name in names if name]
    if names and names[0].casefold() == "home":
        del names[0]
    if names and names[-1].casefold() == "content":
        names.pop()
    return tuple(names)


def _find_stamp(rows: list[_Row], first: int, crumbs: tuple[str, ...]) -> tuple[int | None, Stamp]:
    """Where below the title the line with date, section and views stands, and what it says."""
    for at in range(first + 1, min(first + _LOOK, len(rows))):
        names = [row.text for row in rows[max(first, at - 2) : at]] + list(reversed(crumbs))
        if stamp := parse_stamp(rows[at].text, names):
            return at, stamp
    return None, Stamp()


def _title_row(rows: list[_Row], first: int, crumbs: tuple[str, ...]) -> int:
    """The row of the title where no date follows it: the line that comes again, else the one below the section."""
    keys = [key(row.text) for row in rows[first : first + _LOOK]]
    for at, each in enumerate(keys[:2]):
        if each in keys[at + 1 : at + 3]:
            return first + at
    if crumbs:
        return first + 1 if keys and keys[0] == key(crumbs[-1]) else first
    return first + 1 if all(could_be_heading(row.text) for row in rows[first : first + 2]) else first


def _path(crumbs: tuple[str, ...], section: str, title: str) -> tuple[str, ...]:
    """The section's path: the breadcrumb, ended by the section's own line where the breadcrumb lacks it."""
    if len(crumbs) > 1 and key(crumbs[-1]) == key(title) and key(crumbs[-1]) != key(section):
        crumbs = crumbs[:-1]
    if section and key(section) not in map(key, crumbs):
        return (*crumbs, *(name.strip() for name in _SEPARATOR.split(section) if name.strip()))
    return crumbs


def _skip_copies(rows: list[_Row], at: int, title: str) -> int:
    """The row below the truncated copy of the lead and the repeated title, where there are any."""
    texts = [row.text for row in rows[at : at + 3]]
    if not texts:
        return at
    if key(texts[0]) == key(title):
        return at + 1
    if not _is_copy(texts, title):
        return at
    return at + 2 if len(texts) > 1 and key(texts[1]) == key(title) else at + 1


def _is_copy(texts: list[str], title: str) -> bool:
    """Whether the first of `texts` begins with `title` and goes on, truncated, as the lead below it does."""
    copy, wanted = key(texts[0]), key(title)
    if len(texts) == 1:
        return copy.startswith(wanted) and could_be_heading(texts[0])
    if key(texts[1]) == wanted:
        return copy.startswith(wanted) or wanted.startswith(copy)
    return copy.startswith(wanted) and (wanted + key(texts[1])).startswith(copy)
