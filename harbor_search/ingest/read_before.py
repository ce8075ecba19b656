"""What files held when they were last read, so that a process that follows its sources reads only what has changed."""

from __future__ import annotations

import pickle
import time
import zlib
from collections.abc import Callable

from harbor_search.file_stamp import FileStamp, file_stamp
from harbor_search.ingest.outcome import Outcome
from harbor_search.ingest.sources.files import SourceFile

__all__ = ["ReadBefore"]

_LASTS = 600.0
"""Seconds for which an outcome holds though its file stays: an article may be published or expire at any moment."""

_Stamp = tuple[FileStamp, str]


class ReadBefore:
    """Outcomes by file, in at most `max_bytes` of memory; a file that looks otherwise than before was not read before.

    The first that would be too many is not kept, and read each time.
    """

    def __init__(self, max_bytes: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._left = max_bytes
        self._clock = clock
        self._kept: dict[str, tuple[_Stamp, float, bytes]] = {}
        self._stamps: dict[str, _Stamp] = {}

    def get(self, file: SourceFile) -> Outcome | None:
        """What the file held, None where it must be read; `put` is to follow then."""
        stamp = _stamp(file)
        kept = self._kept.get(file.label)
        if kept and kept[0] == stamp and self._clock() - kept[1] < _LASTS:
            outcome: Outcome = pickle.loads(zlib.decompress(kept[2]))
            return outcome
        if stamp:
            # As it was before reading: what is written meanwhile shows next time.
            self._stamps[file.label] = stamp
        return None

    def put(self, label: str, outcome: Outcome) -> None:
        """Keep the outcome of a file that `get` had not; any other is passed over."""
        stamp = self._stamps.pop(label, None)
        if stamp is None:
            return
        old = self._kept.pop(label, None)
        packed = zlib.compress(pickle.dumps(outcome, pickle.HIGHEST_PROTOCOL), 1)
        self._left += len(old[2]) if old else 0
        if len(packed) <= self._left:
            self._left -= len(packed)
            self._kept[label] = stamp, self._clock(), packed


def _stamp(file: SourceFile) -> _Stamp | None:
    """The file's stamp, with what its folders say of it."""
    try:
        stamp = file_stamp(file.path)
    except OSError:  # reading it tells why
        return None
    return (stamp, repr(file.inherited)) if stamp else None
