"""Command line options shared by commands, and the settings made of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from harbor_search.config import Settings
from harbor_search.config_loading import load_settings

if TYPE_CHECKING:
    from harbor_search.index import Index
    from harbor_search.ingest import Source

__all__ = ["Flags", "as_json", "open_index", "setting_option", "sources_of"]

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Flags:
    """The options before the command's name."""

    config: Path | None
    index: Path | None

    def settings(self, **flags: Any) -> Settings:
        """The settings of this run: defaults < file < environment < these options and `flags`.

        Raises:
            UserError: a setting is invalid.
        """
        return load_settings(file=self.config, flags={"index": self.index, **flags})


def setting_option(flag: str, name: str, metavar: str, text: str) -> Callable[[Command], Command]:
    """An option for the setting `name`; its help shows the default and the environment variable.

    The value stays a string, which `load_settings` validates like one from the environment.
    """
    default = {each.name: each.default for each in dataclasses.fields(Settings)}[name]
    shown = f"{text}  [default: {default}; environment: HARBOR_{name.upper()}]"
    return click.option(flag, name, metavar=metavar, default=None, help=shown)


def as_json(command: Command) -> Command:
    """The option `--json` of every command that reports."""
    return click.option("--json", "json", is_flag=True, help="Print one JSON document instead of text.")(command)


def open_index(settings: Settings) -> Index:
    """Open the index that `settings` describe; the caller closes it."""
    # Imported here: numpy and numba take longer to load than help takes to print.
    from harbor_search import index

    return index.open_index(settings)


def sources_of(settings: Settings, given: Sequence[str]) -> tuple[Source, ...]:
    """The sources `given` on the command line; if there are none, those of the settings.

    Raises:
        UserError: one is not a valid source, or two have the same name.
    """
    from harbor_search.ingest import as_source, configured_sources

    return tuple(map(as_source, given)) or configured_sources(settings.sources) or (as_source(settings.corpus),)
