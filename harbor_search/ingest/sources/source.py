"""A source by its address, from the command line or from a table of the settings file."""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from harbor_search.errors import UserError

__all__ = ["KINDS", "Source", "as_source", "configured_sources", "printable"]

KINDS = ("files", "csv", "wordpress", "feed", "sitemap", "site", "sql")
"""What a source can be; which one it is shows in its address, where `kind` does not say."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}", re.ASCII)
_NAMED = re.compile(r"([A-Za-z0-9][A-Za-z0-9_-]*)=(.+)", re.ASCII | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Source:
    """One source: `address` is a path or a URL, `name` what stands before the ids of its articles (empty: nothing).

    `include` and `exclude` are patterns as in a .gitignore, of files relative to the folder or of paths on a site;
    without `include` all are. `fields` maps names of fields to those of columns or members: title = "headline". `query`
    is SQL. Of a site at most `max_pages` are read, `max_depth` links away from the first, `delay` seconds apart.
    """

    address: str
    name: str = ""
    kind: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict, hash=False)
    query: str = ""
    max_pages: int = 10_000
    max_depth: int = 20
    delay: float = 0.5

    def __str__(self) -> str:
        return f"{self.name}={self.shown}" if self.name else self.shown

    @property
    def path(self) -> Path:
        """The address as a path."""
        return Path(self.address)

    @property
    def shown(self) -> str:
        """The address for messages: one line, without the password that it may hold."""
        parts = urlsplit(self.address) if "://" in self.address else None
        hidden = f":{parts.password}@" if parts and parts.password else ""
        return printable(self.address.replace(hidden, ":***@") if hidden else self.address)


def printable(path: Path | str) -> str:
    """`path` as one line of valid Unicode, whatever bytes the file system holds."""
    text = os.fsencode(path.as_posix() if isinstance(path, Path) else path).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def as_source(given: Source | Path | str) -> Source:
    """The source that the command line names, as `NAME=ADDRESS` or as an address alone.

    What lies on the disk under the whole text is meant, though it has an equals sign in it.

    Raises:
        UserError: there is no text, or the name cannot be one.
    """
    if isinstance(given, Source):
        return given
    text = str(given)
    if not text.strip():
        raise UserError("the source is empty; name a folder, a file or an address (. is this folder)", where="source")
    named = None if os.path.lexists(text) else _NAMED.fullmatch(text)
    return Source(named[2], _checked_name(named[1])) if named else Source(text)


def configured_sources(tables: Sequence[Mapping[str, Any]]) -> tuple[Source, ...]:
    """The sources that `[[sources]]` tables of the settings file describe.

    Raises:
        UserError: a table has no address, or an entry that is unknown or of the wrong type; two have one name.
    """
    sources = tuple(_from_table(table, f"sources[{number}]") for number, table in enumerate(tables, 1))
    names = [source.name for source in sources if source.name]
    for name in names:
        if names.count(name) > 1:
            raise UserError(f"two sources are named {name!r}; give each a name of its own", where="sources")
    return sources


def _from_table(table: Mapping[str, Any], where: str) -> Source:
    defaults: dict[str, Any] = {
        each.name: {} if each.name == "fields" else each.default for each in dataclasses.fields(Source)
    }
    values: dict[str, Any] = {}
    for name, value in table.items():
        if name not in defaults:
            raise UserError(f"{where}: a source has no {name!r}", where="sources", choices=tuple(defaults))
        values[name] = _typed(value, defaults[name], f"{where}.{name}")
    if not values.get("address"):
        raise UserError(f"{where} has no address; it says where the articles lie", where="sources")
    if values.get("name"):
        _checked_name(values["name"])
    if values.get("kind") and values["kind"] not in KINDS:
        raise UserError(f"{where}: there is no kind {values['kind']!r}", where="sources", choices=KINDS)
    return Source(**values)


def _typed(value: Any, default: Any, where: str) -> Any:
    if isinstance(default, tuple):
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
            raise UserError(f"{where} must be a list of texts, not {value!r}", where="sources")
        return tuple(listed)
    if isinstance(default, dict):
        if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
            raise UserError(f"{where} must map names of fields to names of columns, not {value!r}", where="sources")
        return value
    if isinstance(default, int | float):
        if isinstance(value, bool) or not isinstance(value, int | type(default)) or value < 0:
            raise UserError(f"{where} must be a number from zero, not {value!r}", where="sources")
        return value
    if not isinstance(value, str):
        raise UserError(f"{where} must be a text, not {value!r}", where="sources")
    return value


def _checked_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise UserError(
            f"a source cannot be named {name!r}: small letters, digits, '-' and '_', at most 64", where="source"
        )
    return name
