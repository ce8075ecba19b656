"""Formatting of numbers, dates, paths and counts for the pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache, partial
from typing import Any

from markupsafe import Markup, escape

from harbor_search.results import SearchResults, Tiers
from harbor_search.web.localization import N_, Language

__all__ = [
    "PLACES",
    "articles",
    "bidi",
    "count_line",
    "duration",
    "fields_read",
    "filters",
    "path",
    "period",
    "reading_time",
    "tiers_line",
    "views",
    "visible",
]

PLACES = {
    "title": N_("in the title"),
    "headings": N_("in headings"),
    "lead": N_("in the lead"),
    "body": N_("in the text"),
    "names": N_("in other names"),
    "section": N_("as a section"),
    "tag": N_("as a tag"),
    "date": N_("as a date"),
}
"""Descriptions of fields and filters, by the name used before a colon in queries."""

WORDS_A_MINUTE = 220
"""Silent reading speed of adults for easy text; most studies find between 200 and 240."""


_CONTROLS = {code: "\ufffd" for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n\f\r"}
"""Characters that HTML cannot have, and what browsers show for them."""


def visible(text: str) -> str:
    """`text` without characters that HTML cannot have."""
    return text if text.isprintable() else text.translate(_CONTROLS)


def period(start: date | None, end: date | None, language: Language) -> str:
    """The days from `start` to `end`, either of which may be open; a whole year is shown as its number."""
    if start and end and (start, end) == (date(start.year, 1, 1), date(start.year, 12, 31)):
        return f"{start.year:04}"
    first = language.long_date(start) if start else ""
    last = language.long_date(end) if end else ""
    if first and last:
        return first if first == last else language.gettext("%(start)s to %(end)s", start=first, end=last)
    if first:
        return language.gettext("since %(start)s", start=first)
    return language.gettext("until %(end)s", end=last) if last else ""


def path(section: Sequence[str]) -> str:
    """A section path as breadcrumbs."""
    return " \u203a ".join(section)


def bidi(text: str) -> Markup:
    """`text` isolated, so that its direction does not affect the sentence around it."""
    return Markup("<bdi>") + escape(text) + Markup("</bdi>")


def fields_read(read: Sequence[tuple[str, str]], language: Language) -> list[tuple[str, str]]:
    """The parts of the query that were searched in one field only, each with the field's description."""
    return [(text, language.gettext(PLACES[field])) for text, field in read]


def duration(milliseconds: float, language: Language) -> str:
    """How long a search took, in whole milliseconds."""
    if milliseconds < 1:
        return language.gettext("in under 1 ms")
    return language.gettext("in %(time)s ms", time=language.number(round(milliseconds)))


def views(number: int, language: Language) -> str:
    """How often an article was read."""
    return language.ngettext("%(num)s view", "%(num)s views", number)


def articles(number: int, language: Language) -> str:
    """A number of articles."""
    return language.ngettext("%(num)s article", "%(num)s articles", number)


def reading_time(words: int, language: Language) -> str:
    """The reading time of a text with this many words, at least one minute."""
    return _minutes(max(1, round(words / WORDS_A_MINUTE)), language)


@lru_cache(maxsize=1024)
def _minutes(minutes: int, language: Language) -> str:
    return language.ngettext("%(num)s minute to read", "%(num)s minutes to read", minutes)


def count_line(results: SearchResults, language: Language) -> str:
    """The range and total of the results, "11\u201320 of 66 results"; without a query they are called articles."""
    if not results.query.strip():
        return _articles_line(results, language)
    if not results.total:
        return language.gettext("No results")
    if results.total_pages <= 1 or not results.hits:
        if results.total_relation == "gte":
            return language.gettext("Over %(num)s results", num=language.number(results.total))
        return language.ngettext("%(num)s result", "%(num)s results", results.total)
    if results.total_relation == "gte":
        total = language.number(results.total)
        return language.gettext("%(range)s of over %(num)s results", range=_shown(results, language), num=total)
    return language.ngettext(
        "%(range)s of %(num)s result", "%(range)s of %(num)s results", results.total, range=_shown(results, language)
    )


def tiers_line(tiers: Tiers, language: Language) -> str:
    """How many of the results have all words of the query, and how many only some."""
    if not tiers.all:
        return language.gettext("No article has every word; these have some of them.")
    every = language.ngettext("%(num)s article has every word", "%(num)s articles have every word", tiers.all)
    if tiers.together:
        side = language.ngettext("%(num)s of them side by side", "%(num)s of them side by side", tiers.together)
        every = language.gettext("%(every)s, %(together)s", every=every, together=side)
    some = language.ngettext("%(num)s more has some of them", "%(num)s more have some of them", tiers.some)
    return language.gettext("%(every)s; %(some)s.", every=every, some=some)


def _articles_line(results: SearchResults, language: Language) -> str:
    if not results.total:
        return language.gettext("No articles")
    if results.total_pages <= 1 or not results.hits:
        return language.ngettext("%(num)s article", "%(num)s articles", results.total)
    return language.ngettext(
        "%(range)s of %(num)s article", "%(range)s of %(num)s articles", results.total, range=_shown(results, language)
    )


def _shown(results: SearchResults, language: Language) -> str:
    first = (results.page - 1) * results.per_page + 1
    return f"{language.number(first)}\u2013{language.number(first + len(results.hits) - 1)}"


def filters(language: Language) -> dict[str, Callable[..., Any]]:
    """The Jinja filters, by name."""
    return {
        "articles": lru_cache(maxsize=4096)(partial(articles, language=language)),
        "bidi": bidi,
        "long_date": language.long_date,
        "number": language.number,
        "path": path,
    }
