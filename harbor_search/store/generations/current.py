"""Which generation is live: reading that for every request, and changing it."""

from __future__ import annotations

import logging
import os
from io import FileIO
from time import monotonic

from harbor_search.errors import OperationalError
from harbor_search.store.generations.durability import disk_faults, replace_file, sync_folder
from harbor_search.store.generations.generation import load_generation
from harbor_search.store.generations.layout import Layout, open_current, read_number

__all__ = ["LiveName", "switch"]

_log = logging.getLogger(__name__)

_Signature = tuple[int, int, int, int]

RECENT = 0.001
"""Seconds for which a look at CURRENT counts where "a moment ago" will do: a look takes as long as a short search, and
no reader can tell in which order things happened within a millisecond."""


class LiveName:
    """The live generation, looked up again only once CURRENT was replaced: one `stat` a call otherwise."""

    switches = 0
    """How often this process has made a generation live, of whatever index."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._path = str(layout.current)
        self._seen: _Seen | None = None
        self._looked = 0.0
        self._switches = -1

    def get(self) -> str:
        """The name; raises `OperationalError` where CURRENT is missing or damaged. Threads may share it."""
        return self._current().name

    def identity(self) -> str:
        """The generation's `identity`; raises `OperationalError` where it is missing or damaged too."""
        while not (seen := self._current()).identity:
            try:
                seen.identity = load_generation(self._layout.generations / seen.name).identity
            except OperationalError:
                # A writer that has published meanwhile may have removed what was live.
                if seen is self._current():
                    raise
        return seen.identity

    def recent_identity(self) -> str:
        """The generation's `identity` as it was at most `RECENT` ago; never older than what this process has made live,
        or than what `get` and `identity` said before."""
        seen, now, switches = self._seen, monotonic(), LiveName.switches
        if seen is not None and seen.identity and now - self._looked < RECENT and switches == self._switches:
            return seen.identity
        identity = self.identity()
        self._looked, self._switches = now, switches
        return identity

    def _current(self) -> _Seen:
        seen = self._seen
        if seen is None or seen.signature != self._signature():
            self._seen = seen = self._read()
        return seen

    def _signature(self) -> _Signature | None:
        try:
            return _signature(os.stat(self._path))
        except OSError:
            return None

    def _read(self) -> _Seen:
        with disk_faults("read the index", self._layout.current):
            stream = open_current(self._layout)
            try:
                name = str(read_number(stream, self._layout))
                return _Seen(stream, _signature(os.fstat(stream.fileno())), name)
            except BaseException:
                stream.close()
                raise


class _Seen:
    """CURRENT as it was read, kept open: a file system may give a new CURRENT the inode number, and within one tick of
    its clock the time, of a file that is gone, but not of one that is open."""

    __slots__ = ("_stream", "identity", "name", "signature")

    def __init__(self, stream: FileIO, signature: _Signature, name: str) -> None:
        self._stream = stream
        self.signature = signature
        self.name = name
        self.identity = ""

    def __del__(self) -> None:
        # Closed when the last thread has let go of it, not when the first one saw a newer CURRENT.
        self._stream.close()


def _signature(status: os.stat_result) -> _Signature:
    return status.st_dev, status.st_ino, status.st_mtime_ns, status.st_size


def switch(layout: Layout, number: int) -> bool:
    """Make generation `number` live: from here on every reader that looks sees it.

    Returns whether the disk confirmed that this outlasts a power cut; until it does, what was live before must stay.

    Raises:
        OSError: CURRENT could not be written; it is as it was.
    """
    replace_file(layout.current, f"{number}\n".encode())
    LiveName.switches += 1
    try:
        sync_folder(layout.root)
    except OSError as error:
        _log.warning(
            "generation %s is live, but the disk did not confirm it (%s): after a power cut the one before may be live",
            number,
            error.strerror,
        )
        return False
    return True
