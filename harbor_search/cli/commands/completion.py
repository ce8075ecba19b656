"""`harbor-search completion`: the script that lets a shell complete commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

__all__ = ["command"]

SHELLS = ("bash", "zsh", "fish")


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print the completion script for a shell.

    \b
    Examples:
      harbor-search completion bash > ~/.local/share/bash-completion/completions/harbor-search
      harbor-search completion zsh > ~/.zfunc/_harbor-search
      harbor-search completion fish > ~/.config/fish/completions/harbor-search.fish
    """
    completion = get_completion_class(shell)
    if completion is None:
        raise click.UsageError(f"this version of click completes nothing for {shell}")
    root = context.find_root()
    click.echo(completion(root.command, {}, "harbor-search", "_HARBOR_SEARCH_COMPLETE").source())
