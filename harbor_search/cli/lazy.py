"""A command group that imports a command's module on use."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from harbor_search.cli.faults import errors_reported

__all__ = ["LazyGroup"]


class LazyGroup(click.Group):
    """Commands by name, each the attribute `command` of its module; errors become one line and an exit code.

    Command modules import the engine's libraries inside their functions, so that help and completion are instant.
    """

    def __init__(self, *args: Any, modules: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the given order: the order in which people meet the commands."""
        return list(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command with this name; None if there is none."""
        if cmd_name not in self._modules:
            return None
        command: click.Command = import_module(self._modules[cmd_name]).command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the requested command and convert its errors to exit codes."""
        with errors_reported():
            return super().invoke(ctx)
