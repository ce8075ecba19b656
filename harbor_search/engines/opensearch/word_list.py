"""All words of an index, read in the background: readers wait for them only where there are none to begin with."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Event, Lock

from harbor_search.errors import OperationalError
from harbor_search.spelling import Lexicon

__all__ = ["WordList", "WordReading"]


class WordReading:
    """Reads one list of words at a time, in a thread that ends with `close`."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(1, "words")
        self._closed = Event()

    def submit(self, read: Callable[[], list[str] | None]) -> Future[Lexicon]:
        """Let `read` be called until it has nothing more."""
        return self._threads.submit(self._read, read)

    def close(self) -> None:
        """Read no more, and wait until what is read is there."""
        self._closed.set()
        self._threads.shutdown(cancel_futures=True)

    def _read(self, read: Callable[[], list[str] | None]) -> Lexicon:
        words: list[str] = []
        while (more := read()) is not None:
            if self._closed.is_set():
                raise OperationalError("the index was closed while its words were read")
            words += more
        return Lexicon(sorted(words))


class WordList:
    """The words of one index; until they are read those of the index `before`, which has most of them.

    Threads may share it.
    """

    def __init__(
        self, read: Callable[[], Callable[[], list[str] | None]], reading: WordReading, before: WordList | None = None
    ) -> None:
        """`read` begins anew and gives what gives the next words, None after the last. Nothing is read before it is
        asked for."""
        self._read, self._reading = read, reading
        self._lock = Lock()
        self._own: Future[Lexicon] | None = None
        self._before = before.newest() if before is not None else None

    def newest(self) -> WordList | None:
        """This, if it is read or being read, or else the last one before that is."""
        with self._lock:
            # What waits for its turn is not worth it any more.
            begun = self._own is not None and not self._own.cancel()
        return self if begun else self._before

    def lexicon(self) -> Lexicon:
        """The words.

        Raises:
            OperationalError: they cannot be read, and there are none from before.
        """
        own = self._begun()
        if not _is_read(own) and self._before is not None and (known := self._before.known()) is not None:
            return known
        found = own.result()
        self._before = None
        return found

    def known(self) -> Lexicon | None:
        """The newest words that are read; None: there are none yet."""
        own, before = self._own, self._before
        if own is not None and _is_read(own):
            return own.result()
        return before.known() if before is not None else None

    def prepare(self, seconds: float) -> None:
        """Read the words, and wait for them so long at the most."""
        wait([self._begun()], seconds)

    def _begun(self) -> Future[Lexicon]:
        with self._lock:
            if self._own is None or self._own.cancelled() or (self._own.done() and self._own.exception()):
                self._own = self._reading.submit(self._read())
            return self._own


def _is_read(reading: Future[Lexicon]) -> bool:
    return reading.done() and not reading.cancelled() and reading.exception() is None
