"""`harbor-search update`: a new generation of the index from what changed in its sources."""

from __future__ import annotations

from pathlib import Path

import click

from harbor_search.cli.index_report import update_lines, update_to_dict
from harbor_search.cli.options import Flags, as_json, open_engine
from harbor_search.cli.output import print_json
from harbor_search.cli.progress import progress_bar

__all__ = ["command"]


@click.command("update")
@click.argument("sources", metavar="[SOURCE]...", nargs=-1, type=click.Path(path_type=Path))
@as_json
@click.pass_obj
def command(flags: Flags, /, sources: tuple[Path, ...], json: bool) -> None:
    """Bring the index up to date at the cost of what changed.

    The sources are the whole collection, as for rebuild: new articles enter the index, changed ones are replaced, and
    those that are not there any more leave it. An article that may be one that can no longer be read stays as it
    was, and the report names it. Where nothing has changed, nothing is published. Where there is no index yet, or
    one of another analyzer or format, this is a rebuild.

    \b
    Examples:
      harbor-search update
      harbor-search update articles/ export.jsonl
      harbor-search update --json articles/ > report.json
    """
    from harbor_search.indexing import update

    settings = flags.settings()
    with open_engine(settings) as engine, progress_bar() as progress:
        report = update(engine, sources or (settings.corpus,), settings, progress)
    if json:
        print_json(update_to_dict(report))
    else:
        click.echo("\n".join(update_lines(report)))
