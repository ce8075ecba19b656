"""`harbor-search backup`: the live index as one file."""

from __future__ import annotations

from pathlib import Path

import click

from harbor_search.cli.options import Flags, as_json, open_index
from harbor_search.cli.output import print_generation
from harbor_search.cli.terminal import plain

__all__ = ["command"]


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@as_json
@click.pass_obj
def command(flags: Flags, /, file: Path, json: bool) -> None:
    """Write the live index to FILE.

    With it goes what no rebuild brings back: articles written to the service, accepted synonyms and pins; keys stay
    where they are. Of an index in OpenSearch the file has the articles. All of it is checked on the way. Searches and
    writes go on, and a rebuild or update meanwhile does not touch what is written. What stood at FILE is replaced in
    one step, or stays where it cannot be done.

    \b
    Examples:
      harbor-search backup /backups/index.tar
    """
    from harbor_search.indexing import backup

    settings = flags.settings()
    with open_index(settings) as index:
        info = backup(index.engine, file, settings)
    print_generation(info, f"in {plain(str(file))}", json=json)
