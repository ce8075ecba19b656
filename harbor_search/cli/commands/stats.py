"""`harbor-search stats`: figures about the index."""

from __future__ import annotations

import click

from harbor_search.cli.options import Flags, as_json, open_index
from harbor_search.cli.output import generation_line, generation_to_dict, print_json
from harbor_search.cli.terminal import plain

__all__ = ["command"]


@click.command("stats")
@as_json
@click.pass_obj
def command(flags: Flags, /, json: bool) -> None:
    """Show what is live and what is kept beside it.

    \b
    Examples:
      harbor-search stats
      harbor-search stats --json
    """
    with open_index(flags.settings()) as index:
        stats = index.stats()
    if json:
        kept = [generation_to_dict(info) for info in stats.kept]
        print_json({"live": generation_to_dict(stats.live), "kept": kept, "details": dict(stats.details)})
        return
    click.echo(f"Live  {stats.live.name}: {generation_line(stats.live)}")
    for info in stats.kept:
        click.echo(f"Kept  {info.name}: {generation_line(info)}")
    for name, value in stats.details.items():
        click.echo(
            f"      {plain(name)}: {value:,}" if isinstance(value, int) else f"      {name}: {plain(str(value))}"
        )
