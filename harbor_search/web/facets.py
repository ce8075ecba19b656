"""Facet choices and active filters for the results page, each with the URL that toggles it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial

from jinja2 import Environment
from markupsafe import Markup

from harbor_search.article import SECTION_SEPARATOR
from harbor_search.config import Settings
from harbor_search.results import SearchResults
from harbor_search.searching import SearchRequest
from harbor_search.web.formatting import articles, path, period
from harbor_search.web.highlighting import escaped
from harbor_search.web.links import ResultLinks, results_link
from harbor_search.web.localization import Language
from harbor_search.web.string_patterns import pattern

__all__ = [
    "Choice",
    "ChoiceItems",
    "Filter",
    "Shelf",
    "active_filters",
    "section_choices",
    "shelves",
    "source_choices",
    "year_choices",
]

Path = tuple[str, ...]

_PARTS = ("choice", "current", "chosen")

_DEEPEST = 3
"""Deepest level with an indentation of its own."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet; the link `address` applies it, or removes it if it is `active`."""

    label: str
    count: int
    address: str
    active: bool
    level: int = 0


@dataclass(frozen=True, slots=True)
class Shelf:
    """A top section and its subsections, for browsing; without a name: the top sections that have no subsections."""

    name: str
    address: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """An active filter; the link `address` removes it and keeps everything else."""

    name: str
    label: str
    address: str


class ChoiceItems:
    """Renders choices as list items."""

    def __init__(self, environment: Environment, language: Language) -> None:
        self._choice, current, chosen = (pattern(environment, "_choice.html", each) for each in _PARTS)
        self._current, self._chosen = current(), chosen()
        self._counts = lru_cache(maxsize=4096)(partial(_counts, language=language))

    def __call__(self, choices: Sequence[Choice]) -> Markup:
        """`choices` in their order."""
        return Markup("".join(map(self._item, choices)))

    def _item(self, each: Choice) -> str:
        current, chosen = (self._current, self._chosen) if each.active else ("", "")
        level, number, said = min(each.level, _DEEPEST), *self._counts(each.count)
        return self._choice(level, escaped(each.address), current, escaped(each.label), number, said, chosen)


def _counts(count: int, language: Language) -> tuple[str, str]:
    """A number of articles as a figure and in words, as HTML."""
    return escaped(language.number(count)), escaped(articles(count, language))


def section_choices(results: SearchResults, search_request: SearchRequest, links: ResultLinks) -> list[Choice]:
    """The section choices as an outline: the top sections, and the subsections of the chosen one.

    A level with a single section is skipped: its subsections are shown instead.
    """
    tree = _Tree(results)
    return _outline(tree, tree.top(), 0, search_request.section, links)


def shelves(results: SearchResults, settings: Settings) -> list[Shelf]:
    """All sections for browsing, grouped by top section; those without subsections come first, in one group."""
    tree = _Tree(results)
    plain, deep = [], []
    for section in tree.below(tree.top()):
        below = tree.below(section)
        if below:
            choices = tuple(_browse(tree, each, settings) for each in below)
            deep.append(Shelf(section[-1], _browse(tree, section, settings).address, choices))
        else:
            plain.append(_browse(tree, section, settings))
    return ([Shelf("", "", tuple(plain))] if plain else []) + deep


class _Tree:
    """The section facet by paths."""

    def __init__(self, results: SearchResults) -> None:
        values = results.facets.get("section", ())
        self.counts = {tuple(each.value.split(SECTION_SEPARATOR)): each.count for each in values}
        self._below: defaultdict[Path, list[Path]] = defaultdict(list)
        for section in self.counts:
            self._below[section[:-1]].append(section)

    def below(self, section: Path) -> list[Path]:
        return self._below.get(section, [])

    def top(self) -> Path:
        """The deepest section that contains all others; () if there are several top sections."""
        top: Path = ()
        while len(below := self.below(top)) == 1 and self.below(below[0]):
            top = below[0]
        return top


def _browse(tree: _Tree, section: Path, settings: Settings) -> Choice:
    address = results_link(SearchRequest(section=section), settings)
    return Choice(section[-1], tree.counts[section], address, active=False)


def _outline(tree: _Tree, parent: Path, level: int, chosen: Path, links: ResultLinks) -> list[Choice]:
    choices: list[Choice] = []
    for section in tree.below(parent):
        active = chosen == section
        address = links(section=(parent if level else ()) if active else section)
        choices.append(Choice(section[-1], tree.counts[section], address, active, level))
        if chosen[: len(section)] == section:
            choices += _outline(tree, section, level + 1, chosen, links)
    return choices


def year_choices(results: SearchResults, search_request: SearchRequest, links: ResultLinks) -> list[Choice]:
    """The year choices, latest first."""
    choices = []
    for each in sorted(results.facets.get("year", ()), key=lambda each: each.value, reverse=True):
        first, last = date(int(each.value), 1, 1), date(int(each.value), 12, 31)
        active = (search_request.date_from, search_request.date_to) == (first, last)
        dates = (None, None) if active else (first, last)
        address = links(date_from=dates[0], date_to=dates[1])
        choices.append(Choice(each.label, each.count, address, active))
    return choices


def source_choices(results: SearchResults, search_request: SearchRequest, links: ResultLinks) -> list[Choice]:
    """The source choices; none if there is only one source."""
    values = results.facets.get("source", ())
    if len(values) < 2 and not search_request.source:
        return []
    chosen = search_request.source
    return [
        Choice(each.label, each.count, links(source="" if each.value == chosen else each.value), each.value == chosen)
        for each in values
    ]


def active_filters(search_request: SearchRequest, links: ResultLinks, language: Language) -> Sequence[Filter]:
    """All filters of the request, in the order of display."""
    filters = []
    if search_request.section:
        filters.append(Filter(language.gettext("Section"), path(search_request.section), links(section=())))
    if search_request.source:
        filters.append(Filter(language.gettext("Source"), search_request.source, links(source="")))
    if search_request.date_from or search_request.date_to:
        days = period(search_request.date_from, search_request.date_to, language)
        filters.append(Filter(language.gettext("Published"), days, links(date_from=None, date_to=None)))
    if search_request.strict:
        filters.append(Filter(language.gettext("Match"), language.gettext("every word"), links(strict=False)))
    if not search_request.fold:
        filters.append(
            Filter(language.gettext("Similar articles"), language.gettext("each on its own"), links(fold=True))
        )
    if not search_request.diverse:
        filters.append(Filter(language.gettext("Same title"), language.gettext("together"), links(diverse=True)))
    return filters
