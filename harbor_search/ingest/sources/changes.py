"""Waiting for sources to change: folders tell, others are asked now and then."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from harbor_search.ingest.sources.extras import required
from harbor_search.ingest.sources.files import root_of
from harbor_search.ingest.sources.generators import IGNORE_FILES
from harbor_search.ingest.sources.source import Source

__all__ = ["changes"]

_QUIET_MS = 200
"""Milliseconds without another change before one is told: a deploy script writes many files at once."""

_LOOK_MS = 500
"""Milliseconds between looks at what no file system tells: whether a source is still where it was."""

_Places = tuple[tuple[int, int] | None, ...]


def changes(
    sources: Sequence[Source], *, every: float, stop: Event, passing: Path, planned: Callable[[], datetime | None]
) -> Iterator[None]:
    """Yield at once, and then whenever something may have changed in `sources`, until `stop` is set.

    Files are watched, and so are folders that vanish and come back. Every `every` seconds a change is taken for granted
    where a source cannot be watched, and one is at the moment that is `planned`, as articles are published or expire.
    What changes below `passing`, the index, is no change, nor is it in hidden files.

    Raises:
        UserError: the library that watches files is not installed.
    """
    watchfiles = required("watchfiles", "watch", "watching files")
    roots = [root_of(source).absolute() for source in sources if "://" not in source.address]
    polled = len(roots) < len(sources)
    asked = float("-inf")
    while not stop.is_set():
        places = _places(roots)
        present = [root for root, place in zip(roots, places, strict=True) if place]
        options = {"debounce": _QUIET_MS, "step": 50, "rust_timeout": _LOOK_MS, "yield_on_timeout": True}
        told = watchfiles.watch(*present, watch_filter=None, stop_event=stop, raise_interrupt=False, **options)
        # What changed before watching began shows in one look at the sources after it.
        due = True
        for batch in told if present else _pauses(stop):
            if stop.is_set():
                return
            if due or _has_come(planned()) or any(_counts(Path(path), roots, passing.absolute()) for _, path in batch):
                due, asked = False, time.monotonic() if due else asked
                yield
            if _places(roots) != places or (polled and time.monotonic() - asked >= every):
                break


def _has_come(moment: datetime | None) -> bool:
    return moment is not None and moment <= datetime.now(UTC)


def _pauses(stop: Event) -> Iterator[set[tuple[int, str]]]:
    """What watching yields, where there is nothing to watch."""
    while not stop.wait(_LOOK_MS / 1000):
        yield set()


def _places(roots: Sequence[Path]) -> _Places:
    """Which files or folders are at `roots`: another one of the same name is not watched."""
    return tuple(_place(root) for root in roots)


def _place(root: Path) -> tuple[int, int] | None:
    try:
        status = os.stat(root)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _counts(path: Path, roots: Sequence[Path], passing: Path) -> bool:
    """Whether a change at `path` can be one of the articles."""
    if path.is_relative_to(passing):
        return False
    root = next((root for root in roots if path.is_relative_to(root)), path)
    parts = path.relative_to(root).parts
    return path.name in (*IGNORE_FILES, ".meta.yml") or not any(part.startswith(".") for part in parts)
