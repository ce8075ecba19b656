"""A command group that imports a command's module when somebody asks for that command."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from harbor_search.cli.faults import reported

__all__ = ["LazyGroup"]


class LazyGroup(click.Group):
    """Commands by name, each the attribute `command` of its module; errors leave as one line and an exit code.

    Command modules import the engine's libraries inside their functions, so that help and completion stay instant.
    """

    def __init__(self, *args: Any, modules: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order they were given: the order in which people meet the commands."""
        return list(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, None where there is none."""
        if cmd_name not in self._modules:
            return None
        command: click.Command = import_module(self._modules[cmd_name]).command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for, under the one mapping of errors to exit codes."""
        with reported():
            return super().invoke(ctx)
