"""Reading which generation is live, for every request, and switching it."""

from __future__ import annotations

import logging
import os
from io import FileIO
from time import monotonic

from harbor_search.errors import OperationalError
from harbor_search.store.generations.durability import disk_faults, replace_file, sync_folder
from harbor_search.store.generations.generation import load_generation
from harbor_search.store.generations.paths import IndexPaths, open_current, read_number

__all__ = ["LiveGeneration", "set_current"]

_log = logging.getLogger(__name__)

_Signature = tuple[int, int, int, int]

MAX_AGE = 0.001
"""Seconds for which `recent_identity` trusts its last check of CURRENT: a check takes as long as a short search, and no
reader can tell the order of events within a millisecond."""


class LiveGeneration:
    """The live generation, read again only when CURRENT was replaced; one `stat` per call otherwise. Thread-safe."""

    switches = 0
    """How many times this process has made a generation of any index live."""

    def __init__(self, paths: IndexPaths) -> None:
        self._paths = paths
        self._path = str(paths.current)
        self._last_read: _CurrentFile | None = None
        self._checked_at = 0.0
        self._switches = -1

    def get(self) -> str:
        """Its name; raises `OperationalError` if CURRENT is missing or damaged."""
        return self._current().name

    def identity(self) -> str:
        """Its `identity`; raises `OperationalError` if CURRENT or the generation is missing or damaged."""
        now, switches = monotonic(), LiveGeneration.switches
        while not (seen := self._current()).identity:
            try:
                seen.identity = load_generation(self._paths.generations / seen.name).identity
            except OperationalError:
                # A writer may have published meanwhile and removed this generation.
                if seen is self._current():
                    raise
        self._checked_at, self._switches = now, switches
        return seen.identity

    def recent_identity(self) -> str:
        """Its `identity`, at most `MAX_AGE` seconds old; never older than this process's last switch, nor than an
        earlier result of `get` or `identity`."""
        seen, now, switches = self._last_read, monotonic(), LiveGeneration.switches
        if seen is not None and seen.identity and now - self._checked_at < MAX_AGE and switches == self._switches:
            return seen.identity
        return self.identity()

    def _current(self) -> _CurrentFile:
        seen = self._last_read
        if seen is None or seen.signature != self._signature():
            self._last_read = seen = self._read()
        return seen

    def _signature(self) -> _Signature | None:
        try:
            return _signature(os.stat(self._path))
        except OSError:
            return None

    def _read(self) -> _CurrentFile:
        with disk_faults("read the index", self._paths.current):
            stream = open_current(self._paths)
            try:
                name = str(read_number(stream, self._paths))
                return _CurrentFile(stream, _signature(os.fstat(stream.fileno())), name)
            except BaseException:
                stream.close()
                raise


class _CurrentFile:
    """CURRENT as it was read, kept open: a file system may reuse the inode number (and, within one clock tick, the time
    stamp) of a deleted file for the new CURRENT, but not those of an open one."""

    __slots__ = ("_stream", "identity", "name", "signature")

    def __init__(self, stream: FileIO, signature: _Signature, name: str) -> None:
        self._stream = stream
        self.signature = signature
        self.name = name
        self.identity = ""

    def __del__(self) -> None:
        # Closed when the last thread drops it, not when the first one sees a newer CURRENT.
        self._stream.close()


def _signature(status: os.stat_result) -> _Signature:
    return status.st_dev, status.st_ino, status.st_mtime_ns, status.st_size


def set_current(paths: IndexPaths, number: int) -> bool:
    """Make generation `number` live for all readers.

    Returns whether the switch is known to be durable; if not, the generation that was live before must be kept.

    Raises:
        OSError: CURRENT could not be written; it is unchanged.
    """
    replace_file(paths.current, f"{number}\n".encode())
    LiveGeneration.switches += 1
    try:
        sync_folder(paths.root)
    except OSError as error:
        _log.warning(
            "generation %s is live, but the disk did not confirm it (%s): after a power cut the one before may be live",
            number,
            error.strerror,
        )
        return False
    return True
