"""A page of results as lines for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from harbor_search.article import SECTION_SEPARATOR
from harbor_search.cli.explanation_lines import reason_lines
from harbor_search.cli.terminal import plain, wrapped

if TYPE_CHECKING:
    from harbor_search.results import FacetValue, Hit, SearchResults, Snippet

__all__ = ["elsewhere_lines", "results_lines"]

INDENT = 4
MOST_NAMED = 10


def results_lines(results: SearchResults, *, colour: bool, columns: int | None, folded: bool = True) -> list[str]:
    """`results` as text: titles, sections and dates, passages with their headings; lines of at most `columns`.

    Near-duplicates that are not `folded` are results of their own, and how many there are need not be said.
    """
    lines = _summary(results)
    first = (results.page - 1) * results.per_page + 1
    for number, hit in enumerate(results.hits, start=first):
        lines += ["", *_hit(number, hit if folded else replace(hit, similar=0), colour, columns)]
    if results.hits and results.page < results.total_pages:
        lines += ["", f"Page {results.page} of {results.total_pages:,}; --page {results.page + 1} shows the next."]
    return lines


def elsewhere_lines(results: SearchResults, chosen: Sequence[str]) -> list[str]:
    """Where the articles are that a search found without one of its filters: sections or sources by other names.

    `chosen` are the filters by the names of their facets, each of which was counted as if its filter were not there.
    """
    found = ((name, results.facets.get(name, ())) for name in chosen)
    return [f"Without --{name} there are articles in: {plain(_names(values))}." for name, values in found if values]


def _names(values: Sequence[FacetValue]) -> str:
    more = f" and {len(values) - MOST_NAMED:,} more" if len(values) > MOST_NAMED else ""
    return ", ".join(each.value for each in values[:MOST_NAMED]) + more


def _summary(results: SearchResults) -> list[str]:
    query = plain(results.query).strip()
    words = f" for: {query}" if query else ""
    if not results.total:
        lines = [f"No article{words}."]
        lines += ["Fewer or other words find more; --section, --source, --from and --to leave articles out."]
    else:
        bound = "at least " if results.total_relation == "gte" else ""
        noun = "article" if results.total == 1 else "articles"
        lines = [
            f"{bound}{results.total:,} {noun}{words}".capitalize() if bound else f"{results.total:,} {noun}{words}"
        ]
        if not results.hits:
            lines += [f"There is no page {results.page}; the last is {results.total_pages:,}."]
    return lines + _applied(results)


def _applied(results: SearchResults) -> list[str]:
    lines = [
        f"Searched for {plain(after)!r} instead of {plain(word)!r}." for word, after in results.applied.corrections
    ]
    lines += _other_names(results)
    if results.did_you_mean:
        lines.append(f"Did you mean: {plain(', '.join(results.did_you_mean))}?")
    if results.tiers and results.tiers.some and results.total:
        lines.append(f"{results.tiers.all:,} with all of the words, {results.tiers.some:,} with some.")
    if results.by_meaning:
        lines.append(f"{results.by_meaning:,} by meaning alone (--strict: by words).")
    if results.applied.dropped:
        lines.append(f"Left out of the query: {plain(', '.join(results.applied.dropped))}")
    if results.applied.absent:
        lines.append(f"No article has: {plain(', '.join(results.applied.absent))}")
    if results.applied.fields:
        read = ", ".join(f"{plain(text)!r} ({field})" for text, field in results.applied.fields)
        lines.append(f"Looked for in one field alone: {read}; with a space after the colon it is text.")
    if results.partial:
        lines.append("Time ran out: there may be better results than these.")
    return lines


def _other_names(results: SearchResults) -> list[str]:
    found = (*results.applied.spellings, *results.applied.synonyms)
    names = dict.fromkeys(plain(name) for _, name in found)
    return [f"Also searched for: {', '.join(names)} (--literal: only for what was typed)."] if names else []


def _hit(number: int, hit: Hit, colour: bool, columns: int | None) -> list[str]:
    room = columns - INDENT if columns is not None else None
    title = wrapped(hit.title, hit.title_ranges, colour=colour, columns=room) or ["(no title)"]
    lines = [f"{number:>2}. {title[0]}", *(" " * INDENT + line for line in title[1:])]
    below = wrapped(_place(hit), colour=False, columns=room)
    lines += [" " * INDENT + (click.style(line, dim=True) if colour else line) for line in below]
    for snippet in hit.snippets:
        lines += [" " * INDENT + line for line in _snippet(snippet, colour, room)]
    if hit.explanation is not None:
        lines += [" " * INDENT + line for line in reason_lines(hit.explanation)]
    return lines


def _place(hit: Hit) -> str:
    similar = f"{hit.similar:,} similar (--all-similar shows them)" if hit.similar else ""
    repeats = "a result before has the same title" if hit.repeats else ""
    parts = [
        SECTION_SEPARATOR.join(hit.section),
        hit.date.isoformat() if hit.date else "",
        hit.url or hit.id,
        similar,
        repeats,
    ]
    return " | ".join(part for part in parts if part)


def _snippet(snippet: Snippet, colour: bool, room: int | None) -> list[str]:
    prefix = f"{snippet.heading}: " if snippet.heading else ""
    ranges = [(start + len(prefix), end + len(prefix)) for start, end in snippet.ranges]
    return wrapped(prefix + snippet.text, ranges, colour=colour, columns=room)
