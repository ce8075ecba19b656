"""Warming up the engine in the background, so that the first search is as fast as the next."""

from __future__ import annotations

import logging
import threading
from typing import Protocol, runtime_checkable

from harbor_search.engines import SearchEngine
from harbor_search.errors import OperationalError

__all__ = ["Readiness"]

_log = logging.getLogger(__name__)


@runtime_checkable
class _Elsewhere(Protocol):
    """An engine whose index is on other machines, which may fail while this process is healthy."""

    def require_health(self) -> None:
        """Raise `OperationalError` if the index cannot be searched completely."""


class Readiness:
    """Warms `engine` up in a thread, so that the server can meanwhile report that it is alive but not ready.

    A failed attempt (no index yet) is repeated on the next call of `generation`, and so is one whose thread was lost
    when a preloading server forked.
    """

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._warm = False
        self._fault = ""

    def begin(self) -> None:
        """Start warming up, unless that is done or in progress."""
        with self._lock:
            if self._warm or (self._thread and self._thread.is_alive()):
                return
            self._thread = threading.Thread(target=self._run, name="warm-engine", daemon=True)
            self._thread.start()

    def wait(self) -> None:
        """Wait until warming up has succeeded or failed."""
        if self._thread:
            self._thread.join()

    def generation(self) -> str:
        """The live generation.

        Raises:
            OperationalError: the engine is not warm yet; the message says why.
        """
        if not self._warm:
            fault = self._fault
            self.begin()
            raise OperationalError(fault or "the engine is still being warmed up; ask again in a few seconds")
        if isinstance(self._engine, _Elsewhere):
            self._engine.require_health()
        return self._engine.generation()

    def _run(self) -> None:
        try:
            self._engine.warm()
        except OperationalError as error:
            self._fault = str(error)
        except Exception:
            _log.exception("the engine could not be warmed up")
            self._fault = "the engine could not be warmed up; the server's log says why"
        else:
            self._warm = True
