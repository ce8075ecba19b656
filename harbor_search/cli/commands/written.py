"""`harbor-search written`: what was written to the service, and giving ids back to the sources."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import click

from harbor_search.cli.options import Flags, as_json
from harbor_search.cli.output import counted, print_json
from harbor_search.cli.terminal import plain
from harbor_search.errors import UserError

if TYPE_CHECKING:
    from harbor_search.journal import Journal

__all__ = ["command"]


@click.group("written")
def command() -> None:
    """List what was written to the service, or release it.

    What was written or deleted through the service counts more than what the sources have under its id.

    \b
    Examples:
      harbor-search written list
      harbor-search written release food/iron
    """


@command.command("list")
@as_json
@click.pass_obj
def list_(flags: Flags, /, json: bool) -> None:
    """List the ids that were written or deleted, the last change last."""
    journal = _journal(flags)
    entries = []
    if journal is not None:
        with closing(journal):
            entries = [(each.id, "deleted" if each.record is None else "written") for each in journal.since("")]
    if json:
        print_json({"articles": [{"id": article_id, "state": state} for article_id, state in entries]})
        return
    for article_id, state in entries:
        click.echo(f"{state}  {plain(article_id)}")
    if not entries:
        click.echo("Nothing was written to the service.", err=True)


@command.command("release")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.pass_obj
def release(flags: Flags, /, ids: tuple[str, ...]) -> None:
    """Forget what was written or deleted under each ID: from the next rebuild or update on, the sources count again.

    An article that only was written leaves the index then; one that was deleted, and that a source has, comes back.
    """
    journal = _journal(flags)
    unknown = list(ids)
    if journal is not None:
        with closing(journal):
            unknown = [each for each in ids if not journal.forget(each)]
    if released := len(ids) - len(unknown):
        click.echo(f"{counted(released, 'article')} released; the next rebuild or update asks the sources.")
    if unknown:
        raise UserError(f"nothing was written or deleted under the id {unknown[0]!r}", where="ID")


def _journal(flags: Flags) -> Journal | None:
    from harbor_search.indexing import journal_path
    from harbor_search.journal import Journal

    return Journal.open_existing(journal_path(flags.settings()))
