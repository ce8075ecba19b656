"""Formats the reports of rebuilds and updates for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from harbor_search.cli.output import counted
from harbor_search.cli.terminal import plain, size

if TYPE_CHECKING:
    from harbor_search.indexing import Run
    from harbor_search.reports import IndexReport, Refusal, UpdateReport

__all__ = ["report_lines", "run_lines", "update_lines"]

MAX_NAMED = 20
"""Items listed in a report before it only counts the rest; `--json` lists all."""

KEPT = "not in the sources any more; may be among the refused"


NUMBERS = ("read", "indexed", "added", "changed", "removed")

MEANINGS = {
    "kept": KEPT,
    "refused": "could not be read",
    "noted": "indexed, with a fault mended",
    "skipped": "not articles",
}


def report_lines(report: IndexReport) -> list[str]:
    """The report for people."""
    return [
        _live(report),
        f"  read     {report.read:,}",
        f"  indexed  {report.indexed:,}",
        *_folded(report),
        *_next_change(report),
        *_problems(report, "not in the index"),
    ]


def update_lines(report: UpdateReport) -> list[str]:
    """The report on an update for people."""
    index = report.index
    unchanged = f"Nothing has changed: generation {index.generation} stays live, {counted(index.indexed, 'article')}."
    return [
        _live(index) if report.published else unchanged,
        *([f"Everything was indexed anew: {plain(report.rebuilt)}."] if report.rebuilt else []),
        f"  read     {index.read:,}",
        f"  added    {report.added:,}",
        f"  changed  {report.changed:,}",
        f"  removed  {report.removed:,}",
        *_folded(index),
        *_next_change(index),
        *(_named("kept", KEPT, report.kept) if report.kept else []),
        *_problems(index, "could not be read"),
    ]


def _folded(report: IndexReport) -> list[str]:
    """The number of near-duplicates that results fold; nothing if there are none."""
    found = report.near_duplicates
    return [f"  similar  {found:,} (nearly the same as another; results show them as one)"] if found else []


def _next_change(report: IndexReport) -> list[str]:
    """When the next article is due to be published or to expire; nothing if none is."""
    if not report.next_change:
        return []
    try:
        at = report.next_change.astimezone()
    except OverflowError:  # the last day of the calendar, which says "never", is in the year 10000 here
        return []
    return [f"  next     {at:%Y-%m-%d %H:%M} (an article is published or expires then)"]


def _live(report: IndexReport) -> str:
    return (
        f"Generation {report.generation} is live: {counted(report.indexed, 'article')}, {size(report.bytes)}, "
        f"in {report.seconds:.1f} s."
    )


def run_lines(run: Run) -> list[str]:
    """What a kept run did, for people."""
    report = run.report
    outcome = f"stopped: {plain(run.error)}" if run.error else f"generation {report['generation']}"
    took = (run.ended - run.began).total_seconds()
    return [
        f"Last {run.command}: {run.ended:%Y-%m-%d %H:%M} UTC, after {took:.1f} s, {outcome}",
        f"  sources  {', '.join(map(plain, run.sources))}",
        *(f"  {name:8} {report[name]:,}" for name in NUMBERS if name in report),
        *(line for name, meaning in MEANINGS.items() for line in _listed(report, name, meaning)),
    ]


def _listed(report: Mapping[str, Any], name: str, meaning: str) -> list[str]:
    items = [(each["source"], each["reason"]) for each in report.get(name, ())]
    return _told(name, meaning, items) if name in report else []


def _problems(report: IndexReport, refused: str) -> list[str]:
    return [
        *_named("refused", refused, report.refused),
        *_named("noted", MEANINGS["noted"], report.noted),
        *_named("skipped", MEANINGS["skipped"], report.skipped),
    ]


def _named(label: str, meaning: str, items: Iterable[Refusal]) -> list[str]:
    return _told(label, meaning, [(each.source, each.reason) for each in items])


def _told(label: str, meaning: str, items: list[tuple[str, str]]) -> list[str]:
    if not items:
        return [f"  {label:8} 0"]
    lines = [f"  {label:8} {len(items):,} ({meaning})"]
    lines += [f"    {plain(source)}: {plain(reason)}" for source, reason in items[:MAX_NAMED]]
    if len(items) > MAX_NAMED:
        lines.append(f"    and {len(items) - MAX_NAMED:,} more (--json names all)")
    return lines
