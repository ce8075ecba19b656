"""The parent's side of the second process of a rebuild (`worker_main.py`)."""

from __future__ import annotations

import logging
import pickle
import select
import subprocess
import sys
from contextlib import suppress
from typing import Any

from harbor_search.compiled import code_kept_in
from harbor_search.errors import OperationalError
from harbor_search.store.columns import ColumnsWriter
from harbor_search.store.inversion.text_writer import TextWriter
from harbor_search.store.inversion.worker_main import Batch

__all__ = ["WorkerProcess", "start_process"]

_log = logging.getLogger(__name__)

# `sys.path` is that of this process, set before anything is imported.
_PROGRAM = (
    "import sys; code, analyzer, *sys.path = sys.argv[1:]; "
    "from harbor_search.store.inversion.worker_main import serve; serve(code, analyzer)"
)


def start_process(analyzer: str) -> WorkerProcess | None:
    """Start a worker process, or return None if the system refuses: one process gives the same result."""
    try:
        return WorkerProcess(analyzer)
    except OSError as error:
        _log.info("indexing goes on in one process: %s", error)
        return None


class WorkerProcess:
    """A process that analyses texts. Once `is_ready`: `move` a writer to it, `add` batches, `finish`; then `close`."""

    def __init__(self, analyzer: str) -> None:
        """Start it; it takes a second to get ready.

        Raises:
            OSError: it cannot be started.
        """
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, code_kept_in(), analyzer, *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Out of reach of Ctrl-C in a terminal: the parent ends it.
            start_new_session=True,
        )

    def is_ready(self, wait: float | None = 0) -> bool:
        """Whether it is ready, waiting up to `wait` seconds (None: forever); False if it has ended."""
        return self._has_reply(wait) and self._reply()[0] == "ready"

    def move(self, writer: TextWriter) -> None:
        """Hand `writer` over to the process; the copy here must not be used any more."""
        self._send(writer)

    def add(self, batch: Batch) -> None:
        """Have texts analysed. Returns once they are sent; at most one batch is waiting then.

        Raises:
            Exception: the error with an earlier batch.
        """
        self._send(batch)

    def finish(self) -> ColumnsWriter:
        """Have the text fields written; returns the postings file, to be completed here.

        Raises:
            Exception: the error of the process.
        """
        self._send(None)
        _, columns = self._reply()
        if not isinstance(columns, ColumnsWriter):
            raise self._ended(columns)
        return columns

    def close(self) -> None:
        """Kill the process; it has nothing to clean up."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream
            with suppress(OSError):  # unsent data
                stream.close()

    def _send(self, request: object) -> None:
        assert self._process.stdin
        if self._has_reply(0):
            raise self._ended(self._reply()[1])
        try:
            pickle.dump(request, self._process.stdin, pickle.HIGHEST_PROTOCOL)
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._ended(self._reply()[1]) from None

    def _has_reply(self, wait: float | None) -> bool:
        assert self._process.stdout
        return bool(select.select([self._process.stdout], [], [], wait)[0])

    def _reply(self) -> tuple[str, Any]:
        """The next reply; ("ended", None) if the process ended without one."""
        assert self._process.stdout
        try:
            kind, value = pickle.load(self._process.stdout)
        except (EOFError, pickle.UnpicklingError):
            return "ended", None
        return kind, value

    def _ended(self, error: object) -> BaseException:
        if isinstance(error, BaseException):
            return error
        code = self._process.wait()
        how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
        return OperationalError(
            f"the second indexing process ended {how}; if the system is short of memory, set memory_mb lower or "
            "index_processes to 1, then try again"
        )
