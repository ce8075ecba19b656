"""`harbor-search status`: what the last rebuild or update did."""

from __future__ import annotations

import click

from harbor_search.cli.index_report import run_lines
from harbor_search.cli.options import Flags, as_json
from harbor_search.cli.output import print_json

__all__ = ["command"]


@click.command("status")
@as_json
@click.pass_obj
def command(flags: Flags, /, json: bool) -> None:
    """Show the report of the last rebuild or update.

    All of it stands in the file last-run.json of the index folder: everything that was refused, skipped or noted,
    each with the reason.

    \b
    Examples:
      harbor-search status
      harbor-search status --json | jq .report.refused
    """
    from harbor_search.indexing import last_run, run_to_dict

    run = last_run(flags.settings().index)
    if json:
        print_json(run_to_dict(run))
    else:
        click.echo("\n".join(run_lines(run)))
