"""The program `harbor-search`: global options and the list of commands."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import NoReturn

import click

from harbor_search.cli.faults import CommandFailed
from harbor_search.cli.lazy import LazyGroup
from harbor_search.cli.options import Flags, setting_option
from harbor_search.cli.process import process
from harbor_search.version import __version__

__all__ = ["COMMANDS", "PROGRAM", "main", "program"]

PROGRAM = "harbor-search"

COMMANDS = {
    name: f"harbor_search.cli.commands.{name}"
    for name in (
        "rebuild",
        "update",
        "watch",
        "search",
        "explain",
        "serve",
        "status",
        "stats",
        "verify",
        "doctor",
        "rollback",
        "backup",
        "restore",
        "written",
        "keys",
        "insights",
        "evaluate",
        "tune",
        "completion",
    )
}


@click.group(
    PROGRAM,
    cls=LazyGroup,
    modules=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done, 1 it could not be done, 2 a mistake in the call.",
)
@click.version_option(__version__, "-V", "--version", prog_name=PROGRAM, message="%(prog)s %(version)s")
@click.option(
    "--config",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Settings in TOML.  [environment: HARBOR_CONFIG]",
)
@setting_option("--index", "index", "DIR", "Folder of the index.")
@click.pass_context
def program(context: click.Context, config: Path | None, index: str | None) -> None:
    """Full-text search for a collection of articles.

    \b
    Examples:
      harbor-search rebuild                 index the articles in corpus/
      harbor-search search "back pain"      ask in the terminal
      harbor-search serve                   search page and JSON endpoint
      harbor-search --index /srv/index stats
    """
    context.obj = Flags(config, Path(index) if index is not None else None)


def main() -> None:
    """Run the program with the arguments of the process and exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        # Characters that the terminal cannot show become `?` instead of a traceback.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    process.take()
    try:
        _require_output()
        program(prog_name=PROGRAM)
    except SystemExit as ending:
        process.leave(ending)
        raise
    except OSError as error:
        # Help could not be written; commands report their own errors.
        _fail(str(error))
    finally:
        process.drop_unwritten()


def _require_output() -> None:
    """Exit if standard output is closed: a file that a command opens would get its descriptor and be printed to."""
    if sys.stdout is None:
        _fail("standard output is closed; to see nothing, send it to /dev/null")


def _fail(message: str) -> NoReturn:
    error = CommandFailed(message)
    error.show()
    raise SystemExit(error.exit_code)
