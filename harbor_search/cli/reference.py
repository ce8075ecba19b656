"""Generates the reference pages of `docs/` from the program: `python -m harbor_search.cli.reference docs`."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from harbor_search.cli.program import PROGRAM, program
from harbor_search.config import Settings

__all__ = ["cli_page", "main", "settings_page"]

GENERATED_NOTE = "<!-- Made by `make docs` from the program itself; a test compares. -->"

COLUMNS = 100
"""Fixed, so that the page does not depend on the terminal."""

SOURCES = """\
A setting comes from, later ones winning: its default, the TOML file that `--config` or `HARBOR_CONFIG` names, the
environment, the command line."""


def cli_page() -> str:
    """The help of every command, as Markdown."""
    helps = (f"## {name}\n\n```text\n{text.rstrip()}\n```" for name, text in _helps())
    return "\n\n".join(["# Command line", GENERATED_NOTE, *helps]) + "\n"


def _helps() -> Iterator[tuple[str, str]]:
    root = _context(program, PROGRAM, None)
    yield PROGRAM, program.get_help(root)
    for name in program.list_commands(root):
        command = program.get_command(root, name)
        if command is not None:
            yield from _help(command, f"{PROGRAM} {name}", name, root)


def _help(command: click.Command, path: str, name: str, parent: click.Context) -> Iterator[tuple[str, str]]:
    """The help of a command, and of those below it."""
    context = _context(command, name, parent)
    yield path, command.get_help(context)
    if isinstance(command, click.Group):
        for below, inner in command.commands.items():
            yield from _help(inner, f"{path} {below}", below, context)


def _context(command: click.Command, name: str, parent: click.Context | None) -> click.Context:
    width = {"terminal_width": COLUMNS, "max_content_width": COLUMNS}
    return command.make_context(name, [], parent, resilient_parsing=True, **width)


def settings_page() -> str:
    """Every setting with its default and the reason for it, as Markdown."""
    rows = ["| setting | environment | default | what and why |", "| --- | --- | --- | --- |"]
    for each in dataclasses.fields(Settings):
        default = f"`{each.default}`" if each.default not in ("", ()) else "empty"
        variable = "only in a file" if each.metadata["file_only"] else f"`HARBOR_{each.name.upper()}`"
        rows.append(f"| `{each.name}` | {variable} | {default} | {each.metadata['reason']} |")
    return "\n\n".join(["# Settings", GENERATED_NOTE, SOURCES, "\n".join(rows)]) + "\n"


def main() -> None:
    """Write the pages to the folder given on the command line."""
    folder = Path(sys.argv[1])
    (folder / "cli.md").write_text(cli_page(), encoding="utf-8")
    (folder / "settings.md").write_text(settings_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
