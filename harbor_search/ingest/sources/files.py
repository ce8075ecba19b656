"""Files: a file, or a folder with all that lies below it, walked in one order every time."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harbor_search.errors import UserError
from harbor_search.ingest.outcome import Refused, Skipped, reason_of
from harbor_search.ingest.sources.selection import Selection
from harbor_search.ingest.sources.source import Source, printable

__all__ = ["SourceFile", "check_files", "find_files", "root_of"]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A regular file of a source: `label` is its path as the caller would write it, `name` its path in the source.

    `inherited` is what the folders around it say of whether it may be shown.
    """

    path: Path
    label: str
    name: str
    inherited: Mapping[str, Any] = field(default_factory=dict)


def check_files(source: Source) -> None:
    """Raises:
    UserError: there is nothing at the path.
    """
    root, _ = _parted(source)
    if not os.path.lexists(root):
        raise UserError(
            f"there is no file or directory {printable(root)}; name one that holds articles", where="source"
        )


def find_files(source: Source, seen: dict[str, str]) -> Iterator[SourceFile | Refused | Skipped]:
    """The files of `source`, each directory's entries in order of name.

    Hidden files and directories inside a directory are passed over, as editors and version control keep theirs there;
    one that is itself a source is read. The folder of an index is skipped: what it holds is no article. Symbolic links
    are followed, but no directory is entered from within itself and no file is yielded that is in `seen`, which maps
    the real paths of files to their labels and is added to.
    """
    root, include = _parted(source)
    for found in _walk(root, Selection.of(root, include, source.exclude).beside()):
        if isinstance(found, SourceFile):
            real = os.path.realpath(found.path)
            if real in seen:
                found = Skipped(found.label, f"it is the same file as {seen[real]}")
            else:
                seen[real] = found.label
        yield found


def root_of(source: Source) -> Path:
    """The folder or file that a source's address names, without the pattern that may follow it."""
    return _parted(source)[0]


def _parted(source: Source) -> tuple[Path, tuple[str, ...]]:
    """The folder or file, and what is included of it: `docs/**/*.md` is folder docs with the pattern `**/*.md`."""
    parts = source.path.parts
    first = next((number for number, part in enumerate(parts) if any(sign in part for sign in "*?[")), None)
    if first is None or os.path.lexists(source.path):
        return source.path, source.include
    return Path(*parts[:first]), (*source.include, "/" + "/".join(parts[first:]))


def _walk(root: Path, selection: Selection) -> Iterator[SourceFile | Refused | Skipped]:
    # A stack of our own: directories may nest deeper than functions can.
    waiting: list[tuple[Path, tuple[str, ...], Selection]] = [(root, (), selection)]
    while waiting:
        path, above, rules = waiting.pop()
        try:
            mode = path.stat().st_mode
            if reason := rules.excludes(path, folder=stat.S_ISDIR(mode)):
                yield Skipped(printable(path), reason)
                continue
            if not stat.S_ISDIR(mode):
                yield _file(path, root, mode)
                continue
            real = os.path.realpath(path)
            if real in above:
                yield Skipped(printable(path), "it is a link to a directory that it lies in")
                continue
            rules = rules.within(path)
            names = [name for name in os.listdir(path) if not name.startswith(".")]
            if _is_index(names):
                yield Skipped(printable(path), "it is the folder of an index")
                continue
        except OSError as error:
            yield Refused(printable(path), reason_of(error))
            continue
        waiting.extend((path / name, (*above, real), rules) for name in sorted(names, reverse=True))


def _is_index(names: Sequence[str]) -> bool:
    """Whether a folder that has these is an index, ours or another: `rebuild .` finds it among the articles."""
    return "generations" in names and ("CURRENT" in names or "writer.lock" in names)


def _file(path: Path, root: Path, mode: int) -> SourceFile | Skipped:
    if not stat.S_ISREG(mode):
        # Opening a named pipe or a device could wait forever.
        return Skipped(printable(path), "it is neither a file nor a directory")
    relative = path.relative_to(root) if path != root else Path(path.name)
    return SourceFile(path, printable(path), printable(relative))
