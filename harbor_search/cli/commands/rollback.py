"""`harbor-search rollback`: back to the generation before the live one."""

from __future__ import annotations

import click

from harbor_search.cli.options import Flags, as_json, open_index
from harbor_search.cli.output import print_generation

__all__ = ["command"]


@click.command("rollback")
@as_json
@click.pass_obj
def command(flags: Flags, /, json: bool) -> None:
    """Make the generation before the live one live again.

    Running servers follow without a restart. How many generations are kept is the setting `keep_generations`.

    \b
    Examples:
      harbor-search rollback
      harbor-search stats        shows what is live and what is kept
    """
    from harbor_search.indexing import rollback

    with open_index(flags.settings()) as index:
        info = rollback(index.engine)
    print_generation(info, "live again", json=json)
