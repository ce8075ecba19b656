"""Maps errors to messages and exit codes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import click

from harbor_search.cli.terminal import plain
from harbor_search.errors import HarborError, UserError

__all__ = ["INTERRUPTED", "CommandFailed", "InvalidUsage", "errors_reported"]

INTERRUPTED = 130
"""The exit code that shells report for a program killed by SIGINT (128 + 2)."""

OPTIONS = {"per_page": "-n", "date_from": "--from", "date_to": "--to", "q": "QUERY"}
"""Command line options, by the names of parameters that errors use."""


class CommandFailed(click.ClickException):
    """An error, shown as one line on standard error: the command failed."""

    exit_code = 1

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the line, without control characters from file names and queries."""
        click.echo(f"harbor-search: error: {plain(self.format_message())}", file=file, err=file is None)


class InvalidUsage(CommandFailed):
    """An error that the caller must correct."""

    exit_code = 2


@contextmanager
def errors_reported() -> Iterator[None]:
    """Convert the exceptions of a command to a message and an exit code."""
    try:
        yield
    except UserError as error:
        raise InvalidUsage(_with_cure(error)) from error
    except HarborError as error:
        raise CommandFailed(str(error)) from error
    except KeyboardInterrupt:
        click.echo("harbor-search: interrupted", err=True)
        raise click.exceptions.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        # The reader of our output is gone (`| head`); click ends the program silently.
        raise
    except OSError as error:
        raise CommandFailed(str(error)) from error


def _with_cure(error: UserError) -> str:
    message = str(error)
    if error.where in OPTIONS:
        message += f" ({OPTIONS[error.where]})"
    if error.choices and not all(choice in message for choice in error.choices):
        message += f"; valid: {', '.join(error.choices)}"
    return message
