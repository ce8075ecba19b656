"""Pins: for some queries people have decided which article comes first.

A file of lines `query => article id`; lines that begin with `#` are for people. It is read again when it changes, so a
pin counts two seconds after it is saved.
"""

from __future__ import annotations

import logging
import time
from functools import lru_cache
from pathlib import Path

from harbor_search.config import Settings
from harbor_search.file_stamp import FileStamp, file_stamp

__all__ = ["ARROW", "PINS", "Pins", "folded_query", "pins_of", "pins_path"]

PINS = "pins.txt"
"""The file's name in the folder of the index."""

ARROW = " => "

_LOOK_EVERY = 1.0
"""Seconds between two looks at the file."""

_log = logging.getLogger(__name__)


def folded_query(text: str) -> str:
    """A query in the one spelling by which it is known here: case and spaces do not count."""
    return " ".join(text.casefold().split())


class Pins:
    """The pins of a file, always as it is now; none where there is no file. Threads may share it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._looked = 0.0
        self._stamp: FileStamp | None = None
        self._pins: dict[str, str] = {}

    def get(self, query: str) -> str:
        """The id of the article that comes first for `query`; empty where nobody has decided that."""
        now = time.monotonic()
        if now - self._looked > _LOOK_EVERY:
            self._looked = now
            self._look()
        return self._pins.get(folded_query(query), "") if self._pins else ""

    def _look(self) -> None:
        try:
            stamp = file_stamp(self._path)
            if stamp is None:
                self._pins = {}
            elif stamp != self._stamp:
                self._pins = _read(self._path.read_text("utf-8-sig", "replace"), self._path)
            self._stamp = stamp
        except FileNotFoundError:
            self._pins, self._stamp = {}, None
        except OSError as error:
            _log.warning("%s cannot be read (%s); the pins stay as they were", self._path, error.strerror)


def _read(text: str, path: Path) -> dict[str, str]:
    pins = {}
    for number, line in enumerate(text.splitlines(), 1):
        query, arrow, article_id = line.partition(ARROW)
        if not line.strip() or line.startswith("#"):
            continue
        if arrow and query.strip() and article_id.strip():
            pins[folded_query(query)] = article_id.strip()
        else:
            _log.warning("%s:%d: a pin is written as 'query => article id'", path, number)
    return pins


def pins_of(settings: Settings) -> Pins:
    """The pins in the file that the settings name."""
    return _at(settings.index, settings.pins)


def pins_path(settings: Settings) -> Path:
    """Where that file is."""
    return Path(settings.pins) if settings.pins else settings.index / PINS


@lru_cache(maxsize=64)
def _at(index: Path, pins: str) -> Pins:
    return Pins(Path(pins) if pins else index / PINS)
