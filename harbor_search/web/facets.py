"""Facets: the choices beside the results, and the filters in force, each with the address that changes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for

from harbor_search.article import SECTION_SEPARATOR
from harbor_search.config import Settings
from harbor_search.results import FacetValue, SearchResults
from harbor_search.searching import SearchRequest
from harbor_search.web.parameters import search_values
from harbor_search.web.wording import path, period

__all__ = [
    "Choice",
    "Filter",
    "Shelf",
    "active_filters",
    "results_address",
    "section_choices",
    "shelves",
    "year_choices",
]

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet; following `address` applies it, or takes it away where it is `active`."""

    label: str
    count: int
    address: str
    active: bool
    level: int = 0


@dataclass(frozen=True, slots=True)
class Shelf:
    """A section and those below it, for looking around; without a name, sections that have none below."""

    name: str
    address: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter in force; following `address` removes it and keeps everything else."""

    name: str
    label: str
    address: str


def results_address(asked: SearchRequest, settings: Settings, **changes: object) -> str:
    """Where the results page for `asked` is, after `changes` to its attributes."""
    return url_for("pages.results", **search_values(asked, settings, **changes))


def section_choices(results: SearchResults, asked: SearchRequest, settings: Settings) -> list[Choice]:
    """The sections to choose from as an outline: the top ones, and what lies below the one that is chosen.

    A level with a single section is no choice: the sections below it are shown in its place.
    """
    values = _by_path(results)
    return _outline(values, _top(values), 0, asked, settings)


def shelves(results: SearchResults, settings: Settings) -> list[Shelf]:
    """All sections for a reader who looks around: under each top section those below it; first, those without any."""
    values = _by_path(results)
    top = _top(values)
    plain, deep = [], []
    for section in _children(values, top):
        below = _children(values, section)
        if below:
            choices = tuple(_browse(values, each, settings) for each in below)
            deep.append(Shelf(section[-1], _browse(values, section, settings).address, choices))
        else:
            plain.append(_browse(values, section, settings))
    return ([Shelf("", "", tuple(plain))] if plain else []) + deep


def _browse(values: dict[Path, FacetValue], section: Path, settings: Settings) -> Choice:
    address = results_address(SearchRequest(section=section), settings)
    return Choice(section[-1], values[section].count, address, active=False)


def _by_path(results: SearchResults) -> dict[Path, FacetValue]:
    return {tuple(each.value.split(SECTION_SEPARATOR)): each for each in results.facets.get("section", ())}


def _top(values: dict[Path, FacetValue]) -> Path:
    """The section that everything lies in, as long as it leaves no choice."""
    top: Path = ()
    while len(below := _children(values, top)) == 1 and _children(values, below[0]):
        top = below[0]
    return top


def _outline(
    values: dict[Path, FacetValue], parent: Path, level: int, asked: SearchRequest, settings: Settings
) -> list[Choice]:
    choices: list[Choice] = []
    for section in _children(values, parent):
        active = asked.section == section
        address = results_address(asked, settings, section=parent if active and level else () if active else section)
        choices.append(Choice(section[-1], values[section].count, address, active, level))
        if asked.section[: len(section)] == section:
            choices += _outline(values, section, level + 1, asked, settings)
    return choices


def _children(values: dict[Path, FacetValue], parent: Path) -> list[Path]:
    return [section for section in values if section[:-1] == parent]


def year_choices(results: SearchResults, asked: SearchRequest, settings: Settings) -> list[Choice]:
    """The years to choose from, latest first."""
    choices = []
    for each in sorted(results.facets.get("year", ()), key=lambda each: each.value, reverse=True):
        first, last = date(int(each.value), 1, 1), date(int(each.value), 12, 31)
        active = (asked.date_from, asked.date_to) == (first, last)
        dates = (None, None) if active else (first, last)
        address = results_address(asked, settings, date_from=dates[0], date_to=dates[1])
        choices.append(Choice(each.label, each.count, address, active))
    return choices


def active_filters(asked: SearchRequest, settings: Settings) -> Sequence[Filter]:
    """Everything that narrows the results besides the words."""
    filters = []
    if asked.section:
        filters.append(Filter("Section", path(asked.section), results_address(asked, settings, section=())))
    if asked.date_from or asked.date_to:
        address = results_address(asked, settings, date_from=None, date_to=None)
        filters.append(Filter("Published", period(asked.date_from, asked.date_to), address))
    if asked.strict:
        filters.append(Filter("Match", "every word", results_address(asked, settings, strict=False)))
    return filters
