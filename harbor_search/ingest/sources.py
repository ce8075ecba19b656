"""Where articles come from: files and directories, walked in one order every time."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from harbor_search.errors import UserError
from harbor_search.ingest.outcome import Refused, Skipped, reason_of

__all__ = ["SourceFile", "check_sources", "find_files"]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A regular file of a source: `label` is its path as the caller would write it, `name` its path in the source."""

    path: Path
    label: str
    name: str


def check_sources(sources: Sequence[Path]) -> None:
    """Raises:
    UserError: one of `sources` is not there.
    """
    for source in sources:
        if not os.path.lexists(source):
            raise UserError(
                f"there is no file or directory {printable(source)}; name one that holds articles", where="source"
            )


def find_files(sources: Sequence[Path]) -> Iterator[SourceFile | Refused | Skipped]:
    """The files below `sources`, each directory's entries in order of name.

    Hidden files and directories inside a directory are passed over, as editors and version control keep theirs there;
    one that is itself a source is read. Symbolic links are followed, but no directory is entered from within itself
    and no file is yielded twice.
    """
    seen: dict[str, str] = {}
    for source in sources:
        for found in _walk(source):
            if isinstance(found, SourceFile):
                real = os.path.realpath(found.path)
                if real in seen:
                    found = Skipped(found.label, f"it is the same file as {seen[real]}")
                else:
                    seen[real] = found.label
            yield found


def printable(path: Path) -> str:
    """`path` as one line of valid Unicode, whatever bytes the file system holds."""
    text = os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _walk(root: Path) -> Iterator[SourceFile | Refused | Skipped]:
    # A stack of our own: directories may nest deeper than functions can.
    waiting: list[tuple[Path, tuple[str, ...]]] = [(root, ())]
    while waiting:
        path, above = waiting.pop()
        try:
            mode = path.stat().st_mode
            if not stat.S_ISDIR(mode):
                yield _file(path, root, mode)
                continue
            real = os.path.realpath(path)
            if real in above:
                yield Skipped(printable(path), "it is a link to a directory that it lies in")
                continue
            names = [name for name in os.listdir(path) if not name.startswith(".")]
        except OSError as error:
            yield Refused(printable(path), reason_of(error))
            continue
        waiting.extend((path / name, (*above, real)) for name in sorted(names, reverse=True))


def _file(path: Path, root: Path, mode: int) -> SourceFile | Skipped:
    if not stat.S_ISREG(mode):
        # Opening a named pipe or a device could wait forever.
        return Skipped(printable(path), "it is neither a file nor a directory")
    relative = path.relative_to(root) if path != root else Path(path.name)
    return SourceFile(path, printable(path), printable(relative))
