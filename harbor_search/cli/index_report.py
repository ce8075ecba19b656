"""How reports on what was indexed are printed."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from harbor_search.cli.output import counted
from harbor_search.cli.terminal import plain, size

if TYPE_CHECKING:
    from harbor_search.results import IndexReport, Refusal, UpdateReport

__all__ = ["report_lines", "report_to_dict", "update_lines", "update_to_dict"]

NAMED = 20
"""Items named in a report before it says how many more there are; `--json` names all."""

KEPT = "not in the sources any more; may be among the refused"


def report_to_dict(report: IndexReport) -> dict[str, Any]:
    """The report as JSON-ready values."""
    names = ("generation", "read", "indexed", "refused", "skipped", "noted", "seconds", "bytes")
    values = dataclasses.asdict(report)
    return {name: list(values[name]) if isinstance(values[name], tuple) else values[name] for name in names}


def report_lines(report: IndexReport) -> list[str]:
    """The report for people."""
    return [
        _live(report),
        f"  read     {report.read:,}",
        f"  indexed  {report.indexed:,}",
        *_problems(report, "not in the index"),
    ]


def update_to_dict(report: UpdateReport) -> dict[str, Any]:
    """The report on an update as JSON-ready values."""
    counts = {name: getattr(report, name) for name in ("added", "changed", "removed")}
    kept = [dataclasses.asdict(each) for each in report.kept]
    return {**report_to_dict(report.index), **counts, "kept": kept, "rebuilt": report.rebuilt}


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
        *(_named("kept", KEPT, report.kept) if report.kept else []),
        *_problems(index, "could not be read"),
    ]


def _live(report: IndexReport) -> str:
    return (
        f"Generation {report.generation} is live: {counted(report.indexed, 'article')}, {size(report.bytes)}, "
        f"in {report.seconds:.1f} s."
    )


def _problems(report: IndexReport, refused: str) -> list[str]:
    return [
        *_named("refused", refused, report.refused),
        *_named("noted", "indexed, with a fault mended", report.noted),
        *_named("skipped", "not articles", report.skipped),
    ]


def _named(label: str, meaning: str, items: tuple[Refusal, ...]) -> list[str]:
    if not items:
        return [f"  {label:8} 0"]
    lines = [f"  {label:8} {len(items):,} ({meaning})"]
    lines += [f"    {plain(item.source)}: {plain(item.reason)}" for item in items[:NAMED]]
    if len(items) > NAMED:
        lines.append(f"    and {len(items) - NAMED:,} more (--json names all)")
    return lines
