"""Processes that read files for this one.

Each is fed by a thread of this process over a pipe of its own, and answers file by file. So it is known which file it
read when it died, none of the others is disturbed, and it is replaced after a number of files and not of calls.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from queue import SimpleQueue

from harbor_search.errors import OperationalError
from harbor_search.ingest.outcome import Outcome, Refused
from harbor_search.ingest.sources.files import SourceFile

__all__ = ["Awaited", "ReadFile", "ReadingProcesses"]

ReadFile = Callable[[SourceFile], Outcome]
"""What reads a file; picklable."""

Awaited = tuple[SourceFile, Future[Outcome]]
"""A file and its outcome to come."""

RETIRE = 4_000
"""Files after which a process gives way to a fresh one: libraries keep some memory of every page."""

# Fresh interpreters: a fork would copy locks that this process's threads hold.
_SPAWN = multiprocessing.get_context("spawn")


class ReadingProcesses:
    """At most `count` processes in which `read` is called; the first starts when the first files are handed over.

    Close them in the end. A file that ends two processes one after the other (memory, a fault of a library) is refused.
    """

    def __init__(self, read: ReadFile, count: int, retire: int = RETIRE) -> None:
        self._read = read
        self._retire = retire
        self._threads = ThreadPoolExecutor(count, "extraction")
        self._running: set[_Process] = set()
        self._idle: SimpleQueue[_Process | None] = SimpleQueue()
        for _ in range(count):
            self._idle.put(None)
        self._lock = threading.Lock()
        self._closed = False

    def hand_over(self, files: Sequence[Awaited]) -> None:
        """Have `files` read, one after the other, by the first process that is free.

        An awaited outcome raises OperationalError where no process can be started.
        """
        self._threads.submit(self._settle, deque(files))

    def close(self) -> None:
        """End the processes at once, whatever they are reading."""
        with self._lock:
            self._closed = True
            for process in tuple(self._running):
                process.end()
        self._threads.shutdown(cancel_futures=True)

    def _settle(self, files: deque[Awaited]) -> None:
        try:
            self._read_all(files)
        except Exception as error:  # whoever waits for an outcome is told
            for _, outcome in files:
                outcome.set_exception(error)

    def _read_all(self, files: deque[Awaited]) -> None:
        """Set the outcome of each of `files` and take it out."""
        suspected: SourceFile | None = None
        while not self._read_on(files):
            if self._closed:
                raise OperationalError("reading was ended")
            if files[0][0] is suspected:
                file, outcome = files.popleft()
                outcome.set_result(_fatal(file))
            else:
                # Memory may have run out because of what another process read: it has a second try.
                suspected = files[0][0]

    def _read_on(self, files: deque[Awaited]) -> bool:
        """The same in one process; False where that died, of the first of those that are left."""
        with self._borrowed() as process:
            try:
                for outcome in process.outcomes([file for file, _ in files]):
                    files.popleft()[1].set_result(outcome)
            except (EOFError, OSError):
                process.end()
                return False
        return True

    @contextmanager
    def _borrowed(self) -> Iterator[_Process]:
        """A process for one thread; one that is dead or has read enough is replaced when it is next asked for."""
        process = self._idle.get()
        try:
            process = process or self._started()
            yield process
        finally:
            if process and (process.files_read >= self._retire or not process.is_alive()):
                process.end()
                self._running.discard(process)
                process = None
            self._idle.put(process)

    def _started(self) -> _Process:
        try:
            with self._lock:
                if self._closed:
                    raise OperationalError("reading was ended")
                process = _Process(self._read)
                self._running.add(process)
            process.wait_until_ready()
        except (EOFError, OSError) as error:
            raise OperationalError(
                "a process that extracts text ended as it was started; is memory short? The setting"
                " extract_processes = 1 does without; a program of your own needs 'if __name__ == \"__main__\"'"
            ) from error
        return process


class _Process:
    """Another process that reads files, and the pipe to it."""

    def __init__(self, read: ReadFile) -> None:
        self.files_read = 0
        self._pipe, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_serve, args=(theirs, read), daemon=True)
        self._process.start()
        theirs.close()

    def wait_until_ready(self) -> None:
        """Raises:
        EOFError, OSError: it ended before it could read anything.
        """
        self._pipe.recv()

    def outcomes(self, files: Sequence[SourceFile]) -> Iterator[Outcome]:
        """Raises:
        EOFError, OSError: it died while it read the file whose turn it was.
        """
        self._pipe.send(files)
        for _ in files:
            outcome: Outcome = self._pipe.recv()
            self.files_read += 1
            yield outcome

    def is_alive(self) -> bool:
        """Whether it can be given more."""
        return self._process.is_alive()

    def end(self) -> None:
        """End it at once."""
        self._process.terminate()
        self._process.join()


def _fatal(file: SourceFile) -> Refused:
    return Refused(file.label, "reading it ended the process that read it; is it too large for the memory?")


def _serve(pipe: Connection, read: ReadFile) -> None:
    """Read what comes over `pipe` until the other end closes."""
    # Ctrl-C reaches every process of a terminal; the one that was started there ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, OSError):
        pipe.send(None)
        while True:
            for file in pipe.recv():
                pipe.send(read(file))
