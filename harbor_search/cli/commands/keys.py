"""`harbor-search keys`: keys for those who write articles or look at what is searched for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from harbor_search.cli.options import Flags, as_json
from harbor_search.cli.output import print_json
from harbor_search.cli.terminal import plain

if TYPE_CHECKING:
    from harbor_search.keys import Key, Keys

__all__ = ["command"]


@click.group("keys")
def command() -> None:
    """Make, list and revoke keys.

    A key lets a program write articles, or lets somebody see what is searched for. It is shown once, when it is made:
    the index folder has a hash of it only. A server that runs knows a new key, or that one is revoked, with the
    next request.

    \b
    Examples:
      harbor-search keys create "our CMS" --scope articles:write
      harbor-search keys list
      harbor-search keys revoke 1f3a9c2e
    """


@command.command("create")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, metavar="SCOPE", help="What it is good for; may be given again.")
@as_json
@click.pass_obj
def create(flags: Flags, /, name: str, scopes: tuple[str, ...], json: bool) -> None:
    """Make a key called NAME and print it.

    Scopes: articles:write (write and delete articles), insights (see what is searched for, and act on it).
    """
    key, secret = _keys(flags).create(name, scopes)
    if json:
        print_json(_to_dict(key) | {"secret": secret})
    else:
        click.echo(secret)
        click.echo("This is the only time that the key is shown.", err=True)


@command.command("list")
@as_json
@click.pass_obj
def list_(flags: Flags, /, json: bool) -> None:
    """List the keys, without their secrets."""
    keys = _keys(flags).all().values()
    if json:
        print_json({"keys": [_to_dict(key) for key in keys]})
        return
    for key in keys:
        click.echo(f"{key.id}  {key.created[:10]}  {', '.join(key.scopes):<24}  {plain(key.name)}")
    if not keys:
        click.echo("There are no keys; `harbor-search keys create NAME --scope SCOPE` makes one.", err=True)


@command.command("revoke")
@click.argument("key")
@click.pass_obj
def revoke(flags: Flags, /, key: str) -> None:
    """Revoke the key with the number KEY; `harbor-search keys list` has the numbers."""
    gone = _keys(flags).revoke(key)
    click.echo(f"{gone.id} ({plain(gone.name)}) is revoked.")


def _keys(flags: Flags) -> Keys:
    from harbor_search.keys import KEYS, Keys

    return Keys(flags.settings().index / KEYS)


def _to_dict(key: Key) -> dict[str, object]:
    return {"id": key.id, "name": key.name, "scopes": list(key.scopes), "created": key.created}
