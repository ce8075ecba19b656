"""The parent's end of the second process of a rebuild (`worker_main.py`)."""

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
from harbor_search.store.indexer.text_writer import TextWriter
from harbor_search.store.indexer.worker_main import Batch

__all__ = ["OtherProcess", "start_process"]

_log = logging.getLogger(__name__)

# Modules are looked for where this process found them, and before any is imported.
_PROGRAM = (
    "import sys; code, analyzer, *sys.path = sys.argv[1:]; "
    "from harbor_search.store.indexer.worker_main import serve; serve(code, analyzer)"
)


def start_process(analyzer: str) -> OtherProcess | None:
    """Start a process for texts, or None where the system refuses: one process does the same."""
    try:
        return OtherProcess(analyzer)
    except OSError as error:
        _log.info("indexing goes on in one process: %s", error)
        return None


class OtherProcess:
    """A process that analyses texts. Ask `is_ready`; then `move` a writer there, `add` batches, `finish`; `close`."""

    def __init__(self, analyzer: str) -> None:
        """Start it; getting ready takes it a second.

        Raises:
            OSError: it cannot be started.
        """
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, code_kept_in(), analyzer, *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Not reached by Ctrl-C in a terminal: the parent decides what becomes of it.
            start_new_session=True,
        )

    def is_ready(self, wait: float | None = 0) -> bool:
        """Whether it is ready for work, after so many seconds at the most; never where it ended instead."""
        return self._has_reply(wait) and self._reply()[0] == "ready"

    def move(self, writer: TextWriter) -> None:
        """Have the process go on with `writer`, of which the copy here must not be used any more."""
        self._send(writer)

    def add(self, batch: Batch) -> None:
        """Have texts analysed; returns when they are on their way, with one batch waiting at the most.

        Raises:
            Exception: what went wrong with those before.
        """
        self._send(batch)

    def finish(self) -> ColumnsWriter:
        """Have the text columns written; returns the postings file, to be completed here.

        Raises:
            Exception: what went wrong.
        """
        self._send(None)
        _, columns = self._reply()
        if not isinstance(columns, ColumnsWriter):
            raise self._ended(columns)
        return columns

    def close(self) -> None:
        """End the process, at once; it has nothing to tidy up."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream
            with suppress(OSError):  # what could not be sent any more
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
        """What the process says next; ("ended", None) where it ended without a word."""
        assert self._process.stdout
        try:
            what, value = pickle.load(self._process.stdout)
        except (EOFError, pickle.UnpicklingError):
            return "ended", None
        return what, value

    def _ended(self, error: object) -> BaseException:
        if isinstance(error, BaseException):
            return error
        code = self._process.wait()
        how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
        return OperationalError(
            f"the second indexing process ended {how}; if the system is short of memory, set memory_mb lower or "
            "index_processes to 1, then try again"
        )
