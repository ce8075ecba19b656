"""The one mapping from errors to what the terminal shows and the exit code says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import click

from harbor_search.cli.terminal import plain
from harbor_search.errors import HarborError, UserError

__all__ = ["INTERRUPTED", "CouldNot", "Mistake", "reported"]

INTERRUPTED = 130
"""What shells report for a program that ended by SIGINT (128 + 2)."""

OPTIONS = {"per_page": "-n", "date_from": "--from", "date_to": "--to", "q": "QUERY"}
"""What parameters are called here, where errors name them as every interface's requests do."""


class CouldNot(click.ClickException):
    """An error as one line on standard error: nothing was done."""

    exit_code = 1

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the line; control characters from file names and queries do not reach the terminal."""
        click.echo(f"harbor-search: error: {plain(self.format_message())}", file=file, err=file is None)


class Mistake(CouldNot):
    """The same, where the caller must change the call."""

    exit_code = 2


@contextmanager
def reported() -> Iterator[None]:
    """Turn what a command raises into a line and an exit code."""
    try:
        yield
    except UserError as error:
        raise Mistake(_with_cure(error)) from error
    except HarborError as error:
        raise CouldNot(str(error)) from error
    except KeyboardInterrupt:
        click.echo("harbor-search: interrupted", err=True)
        raise click.exceptions.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        # The reader of our output left (`| head`); click ends the program without a word.
        raise
    except OSError as error:
        raise CouldNot(str(error)) from error


def _with_cure(error: UserError) -> str:
    message = str(error)
    if error.where in OPTIONS:
        message += f" ({OPTIONS[error.where]})"
    if error.choices and not all(choice in message for choice in error.choices):
        message += f"; valid: {', '.join(error.choices)}"
    return message
