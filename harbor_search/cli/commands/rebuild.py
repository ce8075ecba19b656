"""`harbor-search rebuild`: a new generation of the index from its sources."""

from __future__ import annotations

from pathlib import Path

import click

from harbor_search.cli.index_report import report_lines, report_to_dict
from harbor_search.cli.options import Flags, as_json, open_engine
from harbor_search.cli.output import print_json
from harbor_search.cli.progress import progress_bar

__all__ = ["command"]


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
    from harbor_search.indexing import NothingPublished, rebuild

    settings = flags.settings()
    try:
        with open_engine(settings) as engine, progress_bar() as progress:
            report = rebuild(engine, sources or (settings.corpus,), settings, progress)
    except NothingPublished as error:
        if json:
            print_json({**report_to_dict(error.report), "generation": None})
        raise
    if json:
        print_json(report_to_dict(report))
    else:
        click.echo("\n".join(report_lines(report)))
