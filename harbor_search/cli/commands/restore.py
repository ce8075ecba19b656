"""`harbor-search restore`: the index from such a file."""

from __future__ import annotations

from pathlib import Path

import click

from harbor_search.cli.options import Flags, as_json, open_engine
from harbor_search.cli.output import print_generation
from harbor_search.cli.terminal import plain

__all__ = ["command"]


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@as_json
@click.pass_obj
def command(flags: Flags, /, file: Path, json: bool) -> None:
    """Make the index in FILE, which `backup` wrote, the live one.

    All of it is checked before anything changes. What is live now is kept, and `rollback` returns to it.

    \b
    Examples:
      harbor-search restore /backups/index.tar
    """
    from harbor_search.indexing import restore

    with open_engine(flags.settings()) as engine:
        info = restore(engine, file)
    print_generation(info, f"live, from {plain(str(file))}", json=json)
