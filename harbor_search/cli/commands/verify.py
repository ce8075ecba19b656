"""`harbor-search verify`: whether the live generation is sound."""

from __future__ import annotations

import click

from harbor_search.cli.options import Flags, as_json, open_index
from harbor_search.cli.output import counted, print_json
from harbor_search.cli.terminal import plain

__all__ = ["command"]


@click.command("verify")
@as_json
@click.pass_context
def command(context: click.Context, json: bool) -> None:
    """Check the files and counts of what is live.

    The exit code is 1 where something is wrong.

    \b
    Examples:
      harbor-search verify
      harbor-search verify || harbor-search rollback
    """
    from harbor_search.indexing import verify

    flags: Flags = context.obj
    with open_index(flags.settings()) as index:
        generation = index.engine.generation()
        faults = verify(index.engine)
    if json:
        print_json({"generation": generation, "faults": list(faults)})
    elif faults:
        click.echo(f"Generation {generation} has {counted(len(faults), 'fault')}:")
        for fault in faults:
            click.echo(f"  {plain(fault)}")
        click.echo(
            "`harbor-search rollback` returns to the generation before it; `harbor-search rebuild` makes a new one."
        )
    else:
        click.echo(f"Generation {generation} is sound.")
    context.exit(1 if faults else 0)
