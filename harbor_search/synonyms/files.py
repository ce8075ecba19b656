"""Lists of synonyms in files, read again when they change: no index has to be built anew, no server started anew."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from pathlib import Path
from threading import Lock

from harbor_search.analysis import Analyzer, get_analyzer
from harbor_search.errors import UserError
from harbor_search.file_stamp import FileStamp, file_stamp
from harbor_search.synonyms.groups import Equivalent, Fault, read_groups
from harbor_search.synonyms.thesaurus import Thesaurus

__all__ = ["ACCEPTED", "SHIPPED", "SynonymFiles", "synonyms_of"]

ACCEPTED = "synonyms.txt"
"""In the folder of the index: the list of what was accepted of what was proposed."""

SHIPPED = ("health",)
"""Names of the lists that come with the program."""

_NONE = ("none", "off")

_LOOK_EVERY = 1.0
"""Seconds between two looks at the files: what is saved counts within two, and a look costs microseconds."""

_log = logging.getLogger(__name__)

_Stamps = tuple[FileStamp | None, ...]


class SynonymFiles:
    """The thesaurus of some lists, always that of the files as they are now. Threads may share it."""

    def __init__(self, lists: tuple[str, ...], accepted: Path | None = None) -> None:
        """`lists` are names of `SHIPPED` lists and paths; `accepted` is one more, which need not be there.

        Raises:
            UserError: a file cannot be read.
        """
        self._paths = [_path(each) for each in lists]
        self._accepted = accepted
        self._lock = Lock()
        self._looked = time.monotonic()
        self._stamp = self._stamps()
        self._equivalents = self._read()
        self._made: dict[str, Thesaurus] = {}
        self._changes = 0

    def changes(self) -> int:
        """How often the files have changed; what was made of a thesaurus since the last one still holds."""
        if time.monotonic() - self._looked > _LOOK_EVERY:
            self._look()
        return self._changes

    def thesaurus(self, analyzer: str) -> Thesaurus:
        """The thesaurus for words analysed by the analyzer of this name."""
        self.changes()
        made = self._made.get(analyzer)
        return made or self._make(get_analyzer(analyzer))

    def _make(self, analyzer: Analyzer) -> Thesaurus:
        with self._lock:
            made = self._made.get(analyzer.name)
            if made is None:
                made = self._made[analyzer.name] = Thesaurus(self._equivalents, analyzer)
            return made

    def _look(self) -> None:
        with self._lock:
            self._looked = time.monotonic()
            stamp = self._stamps()
            if stamp == self._stamp:
                return
            try:
                equivalents = self._read()
            except UserError as error:
                # In the midst of being saved, or taken away: what it said last still holds.
                _log.warning("%s; the synonyms stay as they were", error)
                return
            self._stamp, self._equivalents, self._made = stamp, equivalents, {}
            self._changes += 1

    def _stamps(self) -> _Stamps:
        return tuple(_stamp(path) for path in (*self._paths, *filter(None, [self._accepted])))

    def _read(self) -> tuple[Equivalent, ...]:
        more = [self._accepted] if self._accepted and self._accepted.exists() else []
        return tuple(each for path in (*self._paths, *more) for each in _equivalents(path))


@lru_cache(maxsize=64)
def synonyms_of(setting: str, folder: Path | None = None) -> SynonymFiles | None:
    """The lists that the setting `synonyms` names, with commas in between; None where it says "none".

    What was accepted in the index of that `folder` is one more list, which need not be there.

    Raises:
        UserError: a list that is neither shipped nor a file that can be read.
    """
    lists = tuple(part for each in setting.split(",") if (part := each.strip()))
    if not lists or any(each.lower() in _NONE for each in lists):
        return None
    return SynonymFiles(lists, folder / ACCEPTED if folder else None)


def _path(name: str) -> Path:
    if name in SHIPPED:
        return Path(str(resources.files(__package__) / f"{name}.txt"))
    return Path(name)


def _stamp(path: Path) -> FileStamp | None:
    try:
        return file_stamp(path)
    except OSError:  # reading it tells why
        return None


def _equivalents(path: Path) -> Iterator[Equivalent]:
    try:
        text = path.read_text("utf-8-sig", "replace")
    except OSError as error:
        raise UserError(
            f"cannot read the list of synonyms {path}: {error.strerror}", where="synonyms", choices=(*SHIPPED, "none")
        ) from error
    for each in read_groups(text):
        if isinstance(each, Fault):
            _log.warning("%s:%d: %s", path, each.line, each.reason)
        else:
            yield each
