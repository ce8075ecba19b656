"""`harbor-search update`: a new generation of the index from what changed in its sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from harbor_search.cli.index_report import update_lines
from harbor_search.cli.index_run import recorded
from harbor_search.cli.options import Flags, as_json, open_index, sources_of
from harbor_search.cli.output import print_json
from harbor_search.cli.progress import progress_bar

if TYPE_CHECKING:
    from harbor_search.reports import UpdateReport

__all__ = ["command"]


@click.command("update")
@click.argument("sources", metavar="[SOURCE]...", nargs=-1)
@click.option("--allow-removals", is_flag=True, help="Let any number of articles leave the index, this once.")
@as_json
@click.pass_obj
def command(flags: Flags, /, sources: tuple[str, ...], allow_removals: bool, json: bool) -> None:
    """Bring the index up to date at the cost of what changed.

    The sources are the whole collection, as for rebuild: new articles enter the index, changed ones are replaced, and
    those that are not there any more leave it. An article that may be one that can no longer be read stays as it
    was, and the report names it. More than a share of them (the setting `max_removed`) leave only with
    --allow-removals, as it may be that a copy of the articles broke off; of those that say themselves that they have
    expired or are not public, all may. Where nothing has changed, nothing is published. Where there is no index yet, or
    one of another analyzer or format, this is a rebuild.

    \b
    Examples:
      harbor-search update
      harbor-search update articles/ export.jsonl
      harbor-search update --json articles/ > report.json
    """
    from harbor_search.indexing import update_to_dict

    settings = flags.settings(max_removed="1" if allow_removals else None)
    chosen = sources_of(settings, sources)

    def run() -> UpdateReport:
        with open_index(settings) as index, progress_bar() as progress:
            return index.update_from(chosen, progress)

    report = recorded("update", settings.index, [*map(str, chosen)], run, update_to_dict, json=json)
    if json:
        print_json(update_to_dict(report))
    else:
        click.echo("\n".join(update_lines(report)))
