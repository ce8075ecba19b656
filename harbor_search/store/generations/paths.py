"""The paths in an index folder.

    CURRENT                     the number of the live generation
    generations/<number>/       a built generation: the engine's files and manifest.json
    staging/<number>-<token>/   the staging folder of a build: <number>/ in it becomes the generation
    writer.lock                 locked by the process that is building

A staging folder is removed only after its generation was published: so a generation whose build died between moving it
to its place and naming it in CURRENT can be told from one that was once live.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from harbor_search.errors import OperationalError

__all__ = [
    "CURE",
    "CURE_WITH_KEPT",
    "IndexPaths",
    "NothingBuilt",
    "built_numbers",
    "current_number",
    "is_number",
    "open_current",
    "read_number",
]

CURE = "`harbor-search rebuild` makes one"
CURE_WITH_KEPT = "`harbor-search rollback` brings the newest kept index back, `harbor-search rebuild` makes a new one"


class NothingBuilt(OperationalError):
    """There is no generation: none was built, or none is left."""


_NUMBER = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)


def is_number(name: str) -> bool:
    """Whether `name` is a valid generation name: digits only, so that as a path it never leaves its folder."""
    return _NUMBER.fullmatch(name) is not None


@dataclass(frozen=True, slots=True)
class IndexPaths:
    """The paths within the index folder `root`."""

    root: Path

    @property
    def current(self) -> Path:
        """The file that names the live generation."""
        return self.root / "CURRENT"

    @property
    def generations(self) -> Path:
        """The folder of built generations."""
        return self.root / "generations"

    @property
    def staging(self) -> Path:
        """The folder of unfinished builds and of generations that are being removed."""
        return self.root / "staging"

    @property
    def lock(self) -> Path:
        """The lock file of writers."""
        return self.root / "writer.lock"

    def generation(self, number: int) -> Path:
        """The folder of generation `number`."""
        return self.generations / str(number)


def built_numbers(paths: IndexPaths) -> list[int]:
    """The numbers of all generation folders, newest first; sound or not."""
    try:
        with os.scandir(paths.generations) as entries:
            return sorted(
                (int(e.name) for e in entries if is_number(e.name) and e.is_dir(follow_symlinks=False)), reverse=True
            )
    except FileNotFoundError:
        return []


def current_number(paths: IndexPaths) -> int:
    """The number that CURRENT names.

    Raises:
        NothingBuilt: there is neither CURRENT nor any generation.
        OperationalError: CURRENT is missing or does not hold a number; the message names the cure.
        OSError: it cannot be read.
    """
    with open_current(paths) as stream:
        return read_number(stream, paths)


def open_current(paths: IndexPaths) -> FileIO:
    """CURRENT, open for reading; raises as `current_number`."""
    try:
        return FileIO(paths.current)
    except FileNotFoundError:
        kept = built_numbers(paths)
        if not kept:
            raise NothingBuilt(f"no index was built in {paths.root} yet; {CURE}") from None
        raise OperationalError(f"{paths.current} is missing; {CURE_WITH_KEPT}") from None


def read_number(current: FileIO, paths: IndexPaths) -> int:
    """The number in the open CURRENT; raises as `current_number`."""
    name = current.read(100).decode("ascii", "replace").removesuffix("\n")
    if not is_number(name):
        raise OperationalError(f"{paths.current} is damaged: it holds {name[:40]!r}, not a number; {CURE_WITH_KEPT}")
    return int(name)
