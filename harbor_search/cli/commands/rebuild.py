"""`harbor-search rebuild`: a new generation of the index from its sources."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from harbor_search.cli.options import Flags, as_json, open_engine
from harbor_search.cli.output import counted, print_json
from harbor_search.cli.progress import progress_bar
from harbor_search.cli.terminal import plain, size

if TYPE_CHECKING:
    from harbor_search.results import IndexReport, Refusal

__all__ = ["command"]

NAMED = 20
"""Items named in a report before it says how many more there are; `--json` names all."""


@click.command("rebuild")
@click.argument("sources", metavar="[SOURCE]...", nargs=-1, type=click.Path(path_type=Path))
@as_json
@click.pass_obj
def command(flags: Flags, /, sources: tuple[Path, ...], json: bool) -> None:
    """Build the index anew and make it live.

    SOURCE is a folder or file of articles: pages as text, Markdown, HTML or JSON Lines. Without one, the setting
    `corpus` says where they are. Searches go on from the live index until the new one is verified; where
    anything stops the rebuild, the live index stays as it was.

    \b
    Examples:
      harbor-search rebuild
      harbor-search rebuild articles/ export.jsonl
      harbor-search rebuild --json articles/ > report.json
    """
    from harbor_search.indexing import rebuild

    settings = flags.settings()
    with open_engine(settings) as engine, progress_bar() as progress:
        report = rebuild(engine, sources or (settings.corpus,), settings, progress)
    if json:
        print_json(report_to_dict(report))
    else:
        click.echo("\n".join(report_lines(report)))


def report_to_dict(report: IndexReport) -> dict[str, Any]:
    """The report as JSON-ready values."""
    names = ("generation", "read", "indexed", "refused", "skipped", "noted", "seconds", "bytes")
    values = dataclasses.asdict(report)
    return {name: list(values[name]) if isinstance(values[name], tuple) else values[name] for name in names}


def report_lines(report: IndexReport) -> list[str]:
    """The report for people."""
    return [
        f"Generation {report.generation} is live: {counted(report.indexed, 'article')}, {size(report.bytes)}, "
        f"in {report.seconds:.1f} s.",
        f"  read     {report.read:,}",
        f"  indexed  {report.indexed:,}",
        *_named("refused", "not in the index", report.refused),
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
