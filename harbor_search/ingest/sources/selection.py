"""Which files of a folder are read: ignore files and generators' settings, and what a source includes and excludes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from harbor_search.ingest.sources.generators import Excluded, excluded_by_generators, excluded_from_beside

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

__all__ = ["Selection"]


@dataclass(frozen=True, slots=True)
class Selection:
    """The rules for what lies in one folder: `rules` are (origin, folder, patterns), those of outer folders first."""

    root: Path
    rules: tuple[tuple[str, Path, GitIgnoreSpec], ...] = ()
    included: GitIgnoreSpec | None = None

    @classmethod
    def of(cls, root: Path, include: Iterable[str], exclude: Iterable[str]) -> Selection:
        """What a source selects below `root` before any ignore file is read."""
        include, exclude = tuple(include), tuple(exclude)
        rules = (("'exclude' of the source", root, _patterns(exclude)),) if exclude else ()
        return cls(root, rules, _patterns(include) if include else None)

    def within(self, folder: Path) -> Selection:
        """The rules for what lies in `folder`, those of the files in it included.

        Raises:
            OSError: an ignore file cannot be read.
        """
        return self._with(excluded_by_generators(folder))

    def beside(self) -> Selection:
        """The rules with those of the files that lie beside the root."""
        return self._with(excluded_from_beside(self.root))

    def _with(self, excluded: Iterable[Excluded]) -> Selection:
        more = tuple((each.origin, each.folder, _patterns(each.patterns)) for each in excluded)
        return Selection(self.root, (*self.rules, *more), self.included) if more else self

    def excludes(self, path: Path, *, folder: bool) -> str:
        """Why `path` is not read; empty where it is. Rules of inner folders win, as do later lines of a file."""
        for origin, base, patterns in reversed(self.rules):
            if not path.is_relative_to(base):
                continue
            relative = path.relative_to(base).as_posix() + ("/" if folder else "")
            verdict = patterns.check_file(relative).include
            if verdict is not None:
                return f"excluded by {origin}" if verdict else ""
        if self.included is not None and not folder and path != self.root:
            return "" if self.included.match_file(path.relative_to(self.root).as_posix()) else "not among 'include'"
        return ""


def _patterns(lines: Iterable[str]) -> GitIgnoreSpec:
    # Imported here: most folders have no such rules.
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(lines)
