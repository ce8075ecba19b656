"""What lies where in an index folder, and which names it may have.

    CURRENT                     the number of the live generation
    generations/<number>/       a built generation: the engine's files and manifest.json
    staging/<number>-<token>/   the workshop of a build: <number>/ is what becomes the generation
    writer.lock                 who is building

A workshop outlives the publishing of its generation by a moment, so that a build that died between moving its
generation and naming it in CURRENT can be told from a generation that was once live.
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
    "Layout",
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
    """No generation was ever built here, or none is left."""


_NUMBER = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)


def is_number(name: str) -> bool:
    """Whether `name` can name a generation: digits only, so that it never reaches beyond its folder as a path."""
    return _NUMBER.fullmatch(name) is not None


@dataclass(frozen=True, slots=True)
class Layout:
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
        """The folder of unfinished builds and of generations on their way out."""
        return self.root / "staging"

    @property
    def lock(self) -> Path:
        """The file whose lock is the right to write."""
        return self.root / "writer.lock"

    def generation(self, number: int) -> Path:
        """The folder of generation `number`."""
        return self.generations / str(number)


def built_numbers(layout: Layout) -> list[int]:
    """The numbers of all generation folders, newest first; sound or not."""
    try:
        with os.scandir(layout.generations) as entries:
            return sorted(
                (int(e.name) for e in entries if is_number(e.name) and e.is_dir(follow_symlinks=False)), reverse=True
            )
    except FileNotFoundError:
        return []


def current_number(layout: Layout) -> int:
    """The number that CURRENT names.

    Raises:
        NothingBuilt: there is no CURRENT, and nothing that it could name.
        OperationalError: there is no CURRENT, or it does not hold a number; the message names the cure.
        OSError: it cannot be read.
    """
    with open_current(layout) as stream:
        return read_number(stream, layout)


def open_current(layout: Layout) -> FileIO:
    """CURRENT, open for reading; raises as `current_number`."""
    try:
        return FileIO(layout.current)
    except FileNotFoundError:
        kept = built_numbers(layout)
        if not kept:
            raise NothingBuilt(f"no index was built in {layout.root} yet; {CURE}") from None
        raise OperationalError(f"{layout.current} is missing; {CURE_WITH_KEPT}") from None


def read_number(current: FileIO, layout: Layout) -> int:
    """What the opened CURRENT names; raises as `current_number`."""
    name = current.read(100).decode("ascii", "replace").removesuffix("\n")
    if not is_number(name):
        raise OperationalError(f"{layout.current} is damaged: it holds {name[:40]!r}, not a number; {CURE_WITH_KEPT}")
    return int(name)
