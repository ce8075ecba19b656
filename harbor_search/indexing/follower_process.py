"""A process of its own that follows the journal, so that searches and indexing do not share an interpreter.

Whoever serves starts one; of all that serve one index, one has it at a time. The process ends with the one that started
it, however that ends: its standard input is a pipe from there.
"""

from __future__ import annotations

import logging
import os
import pickle
import select
import subprocess
import sys
import threading
from contextlib import ExitStack, suppress

from harbor_search.config import Settings
from harbor_search.engines import open_engine
from harbor_search.errors import OperationalError
from harbor_search.indexing.journal_follower import Follower
from harbor_search.store import WriterLock

__all__ = ["FollowerProcess", "main"]

_log = logging.getLogger(__name__)

LOCK = "follower.lock"

PAUSE = 1.0
"""Seconds between attempts to become the one that follows, and to start the process again if it died."""

NICENESS = 5
"""How much it yields the processor to searches."""

# Modules are looked for where this process found them, and before any is imported.
_PROGRAM = "import sys; sys.path[:] = sys.argv[1:]; from harbor_search.indexing.follower_process import main; main()"


class FollowerProcess:
    """Keeps a process that follows the journal, unless another server of the index does, until it is closed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._closing = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, unless that was done; costs nothing then."""
        if self._thread is not None and self._thread.is_alive():
            return
        with self._starting:
            # Threads do not survive a fork; a server that preloads the site and forks has none in its workers.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._keep, name="journal-follower", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """End the process, when its commit is done."""
        self._closing.set()
        if self._process is not None and self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()
        if self._thread is not None:
            self._thread.join()

    def _keep(self) -> None:
        while not self._closing.is_set():
            try:
                with ExitStack() as stack:
                    self._settings.index.mkdir(parents=True, exist_ok=True)
                    stack.enter_context(WriterLock(self._settings.index / LOCK))
                    self._run()
            except OperationalError:
                pass  # another server of this index has it
            except OSError as error:
                _log.warning("what is written is not made searchable here: %s", error)
            self._closing.wait(PAUSE)

    def _run(self) -> None:
        process = self._process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, *sys.path],
            stdin=subprocess.PIPE,
            # Not reached by Ctrl-C in a terminal: it ends with us.
            start_new_session=True,
        )
        assert process.stdin is not None
        with suppress(BrokenPipeError):
            process.stdin.write(pickle.dumps(self._settings))
            process.stdin.flush()
        code = process.wait()
        if not self._closing.is_set():
            _log.error("the process that makes what is written searchable ended with %s; it is started again", code)


def main() -> None:
    """Follow the journal of the settings on standard input, until that ends."""
    logging.basicConfig(format="harbor-search: %(message)s", level=logging.WARNING)
    settings: Settings = pickle.load(sys.stdin.buffer)
    with suppress(OSError, AttributeError):
        os.nice(NICENESS)
    engine = open_engine(settings)

    def parent_gone(seconds: float) -> bool:
        ready, _, _ = select.select([sys.stdin], [], [], seconds)
        return bool(ready)

    Follower(engine, settings).run(parent_gone)
    engine.close()
