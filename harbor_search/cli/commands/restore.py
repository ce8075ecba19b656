"""`harbor-search restore`: the index from such a file."""

from __future__ import annotations

from pathlib import Path

import click

from harbor_search.cli.options import Flags, as_json, open_index
from harbor_search.cli.output import print_generation
from harbor_search.cli.terminal import plain

__all__ = ["command"]


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--replace",
    is_flag=True,
    help="Written articles, synonyms and pins as they were then, too: what was written since is lost.",
)
@as_json
@click.pass_obj
def command(flags: Flags, /, file: Path, replace: bool, json: bool) -> None:
    """Make the index in FILE, which `backup` wrote, the live one.

    All of it is checked before anything changes. What is live now is kept, and `rollback` returns to it. What was
    written to the service since stays and enters the restored index; what is gone of what was written then comes back.
    The file of an index in OpenSearch has articles: an index is built of them, in a folder too.

    \b
    Examples:
      harbor-search restore /backups/index.tar
      harbor-search restore --replace /backups/index.tar
    """
    from harbor_search.indexing import restore

    settings = flags.settings()
    with open_index(settings) as index:
        info = restore(index.engine, file, settings, replace=replace)
    print_generation(info, f"live, from {plain(str(file))}", json=json)
