"""What files held when they were last read, so that a process that follows its sources reads only what has changed."""

from __future__ import annotations

import pickle
import zlib
from datetime import datetime, timedelta
from typing import NamedTuple

from harbor_search.file_stamp import FileStamp, file_stamp
from harbor_search.ingest.outcome import Outcome, Refused
from harbor_search.ingest.sources.files import SourceFile

__all__ = ["ReadBefore"]

_Stamp = tuple[FileStamp, str]

_JITTER = timedelta(minutes=1)
"""By so much clocks are set back in passing; what was published too early by less is not worth reading anew."""


class _Kept(NamedTuple):
    """The outcome of a file that looked so, as it was judged at a moment and holds until another."""

    stamp: _Stamp
    judged: datetime
    until: datetime | None
    packed: bytes


class ReadBefore:
    """Outcomes by file, in at most `max_bytes` of memory; a file that looks otherwise than before was not read before.

    The first that would be too many is not kept, and read each time.
    """

    def __init__(self, max_bytes: int) -> None:
        self._left = max_bytes
        self._kept: dict[str, _Kept] = {}
        self._looked_at: dict[str, tuple[_Stamp, datetime]] = {}

    def get(self, file: SourceFile, now: datetime) -> Outcome | None:
        """What the file held, None where it must be read, as it looks otherwise or what it held was true until before
        `now` (an article is published or expires though its file stays), or the clock was set back; `put` is to
        follow then."""
        stamp = _stamp(file)
        kept = self._kept.get(file.label)
        if kept and kept.stamp == stamp and kept.judged - _JITTER <= now and (kept.until is None or now < kept.until):
            outcome: Outcome = pickle.loads(zlib.decompress(kept.packed))
            return outcome
        if stamp:
            # As it was before reading: what is written meanwhile shows next time.
            self._looked_at[file.label] = stamp, now
        return None

    def put(self, label: str, outcome: Outcome) -> None:
        """Keep the outcome of a file that `get` had not; any other is passed over."""
        looked_at = self._looked_at.pop(label, None)
        if looked_at is None or (isinstance(outcome, Refused) and outcome.passing):
            return
        old = self._kept.pop(label, None)
        packed = zlib.compress(pickle.dumps(outcome, pickle.HIGHEST_PROTOCOL), 1)
        self._left += len(old.packed) if old else 0
        if len(packed) <= self._left:
            self._left -= len(packed)
            until = None if isinstance(outcome, Refused) else outcome.until
            self._kept[label] = _Kept(*looked_at, until, packed)


def _stamp(file: SourceFile) -> _Stamp | None:
    """The file's stamp, with what its folders say of it."""
    try:
        stamp = file_stamp(file.path)
    except OSError:  # reading it tells why
        return None
    return (stamp, repr(file.inherited)) if stamp else None
