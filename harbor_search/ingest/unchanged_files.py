"""What files held when they were last read, so that a process that follows its sources reads only what has changed."""

from __future__ import annotations

import pickle
import zlib
from datetime import datetime

from harbor_search.file_stamp import FileStamp, file_stamp
from harbor_search.ingest.outcome import Outcome, Refused
from harbor_search.ingest.sources.files import SourceFile

__all__ = ["ReadBefore"]

_Stamp = tuple[FileStamp, str]


class ReadBefore:
    """Outcomes by file, in at most `max_bytes` of memory; a file that looks otherwise than before was not read before.

    The first that would be too many is not kept, and read each time.
    """

    def __init__(self, max_bytes: int) -> None:
        self._left = max_bytes
        self._kept: dict[str, tuple[_Stamp, datetime | None, bytes]] = {}
        self._stamps: dict[str, _Stamp] = {}

    def get(self, file: SourceFile, now: datetime) -> Outcome | None:
        """What the file held, None where it must be read, as it looks otherwise or what it held was true until before
        `now` (an article is published or expires though its file stays); `put` is to follow then."""
        stamp = _stamp(file)
        kept = self._kept.get(file.label)
        if kept and kept[0] == stamp and (kept[1] is None or now < kept[1]):
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
        if isinstance(outcome, Refused) and outcome.passing:
            return
        old = self._kept.pop(label, None)
        packed = zlib.compress(pickle.dumps(outcome, pickle.HIGHEST_PROTOCOL), 1)
        self._left += len(old[2]) if old else 0
        if len(packed) <= self._left:
            self._left -= len(packed)
            until = None if isinstance(outcome, Refused) else outcome.until
            self._kept[label] = stamp, until, packed


def _stamp(file: SourceFile) -> _Stamp | None:
    """The file's stamp, with what its folders say of it."""
    try:
        stamp = file_stamp(file.path)
    except OSError:  # reading it tells why
        return None
    return (stamp, repr(file.inherited)) if stamp else None
