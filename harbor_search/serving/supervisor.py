"""The first process: it accepts connections, spreads them over workers, and sees to it that there are workers."""

from __future__ import annotations

import logging
import multiprocessing
import os
import selectors
import signal
import socket
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from harbor_search.serving.channel import Channel, Kind
from harbor_search.serving.listening import BACKLOG
from harbor_search.serving.load_balancing import least_busy, surplus
from harbor_search.serving.worker import run

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

__all__ = ["Make", "Supervisor", "WorkersFail"]

_log = logging.getLogger(__name__)

Make = Callable[[], "WSGIApplication"]
"""Makes the site inside a worker; it travels there by pickle."""

DRAIN = 30
"""Seconds that requests under way get to finish; below systemd's 90 until it kills."""

MOST_CONNECTIONS = 4000
"""Connections held at once; further ones wait in the system's queue. Each takes a descriptor and some kilobytes."""

EVEN_OUT = 0.25
"""Seconds between looks at how connections are spread: they come and go, and each that moves costs a fraction of a
millisecond."""

_AT_ONCE = 100
"""Connections accepted in one go before workers are listened to again."""


class WorkersFail(Exception):
    """Workers fail as soon as they start."""


@dataclass(eq=False)
class _Worker:
    process: Any
    channel: Channel
    make: Make
    ready: bool = False
    leaving: bool = False
    connections: int = 0
    asked_back: int = 0
    underway: deque[socket.socket] = field(default_factory=deque)
    """Connections sent to it that it has not said it has: if it dies, another worker gets them."""
    replaced: _Worker | None = field(default=None, repr=False)


class Supervisor:
    """Workers on one listening socket, until a signal ends them."""

    def __init__(
        self, listener: socket.socket, make: Make, workers: int, reload: Callable[[], tuple[Make, int]]
    ) -> None:
        """`reload` gives, when SIGHUP comes, how the site is made from then on and the number of workers."""
        self._listener = listener
        self._make = make
        self._wanted = workers
        self._reload = reload
        self._workers: list[_Worker] = []
        self._homeless: deque[socket.socket] = deque()
        self._selector = selectors.DefaultSelector()
        self._accepting = False
        self._failed_starts = 0
        self._signals: deque[int] = deque()
        # Workers start as fresh interpreters: a fork would copy locks that this process's threads hold.
        self._processes = multiprocessing.get_context("spawn")

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT, then let requests under way finish.

        Raises:
            WorkersFail: no worker can start.
        """
        with _SignalPipe(self._signals) as wakeup:
            self._selector.register(wakeup, selectors.EVENT_READ, wakeup.drain)
            try:
                for _ in range(self._wanted):
                    self._start()
                self._serve()
            finally:
                self._stop()

    def _serve(self) -> None:
        even_out = time.monotonic()
        while True:
            for key, _ in self._selector.select(EVEN_OUT):
                key.data()
            while self._signals:
                number = self._signals.popleft()
                if number != signal.SIGHUP:
                    return
                self._roll()
            if time.monotonic() - even_out >= EVEN_OUT:
                even_out = time.monotonic()
                self._even_out()
            self._accept_or_not()

    # Workers.

    def _start(self, replaced: _Worker | None = None) -> None:
        ours, theirs = socket.socketpair()
        address = self._listener.getsockname()[:2]
        process = self._processes.Process(target=run, args=(theirs, address, self._make), name="harbor-search worker")
        process.start()
        theirs.close()
        worker = _Worker(process, Channel(ours), self._make, replaced=replaced)
        self._workers.append(worker)
        self._selector.register(worker.channel, selectors.EVENT_READ, partial(self._listen, worker))

    def _listen(self, worker: _Worker) -> None:
        while True:
            try:
                message = worker.channel.receive()
            except BlockingIOError:
                return
            except EOFError:
                self._bury(worker)
                return
            if message.kind == Kind.READY:
                self._welcome(worker)
            elif message.kind == Kind.TAKEN:
                worker.underway.popleft().close()
            elif message.kind == Kind.CLOSED:
                worker.connections -= message.number
            elif message.kind == Kind.CONNECTION:
                worker.connections -= 1
                worker.asked_back = max(0, worker.asked_back - 1)
                self._place(socket.socket(fileno=message.descriptor))

    def _welcome(self, worker: _Worker) -> None:
        worker.ready = True
        self._failed_starts = 0
        if worker.replaced is not None:
            self._dismiss(worker.replaced)
            worker.replaced = None
        while self._homeless:
            self._place(self._homeless.popleft())

    def _dismiss(self, worker: _Worker) -> None:
        worker.leaving = True
        worker.channel.send(Kind.LEAVE)

    def _bury(self, worker: _Worker) -> None:
        """Replace a worker that is gone, unless it was told to leave."""
        self._selector.unregister(worker.channel)
        worker.channel.close()
        self._workers.remove(worker)
        worker.process.join()
        _forget_gauges(worker.process.pid)
        self._homeless.extend(worker.underway)
        if worker.leaving:
            return
        _log.error("a worker ended unexpectedly (%s); it is replaced", _ending(worker.process.exitcode))
        if not worker.ready:
            self._failed_starts += 1
            if worker.replaced is not None and worker.replaced in self._workers:
                _log.error("the new worker cannot start; the old one goes on with the settings it has")
                self._make = worker.replaced.make
                return
            if self._failed_starts > self._wanted:
                raise WorkersFail
        self._start()

    def _roll(self) -> None:
        """Replace all workers by ones with the settings of now; each old one leaves when its successor is ready."""
        try:
            self._make, self._wanted = self._reload()
        except Exception as error:
            _log.error("the settings were not loaded again: %s", error)
            return
        for worker in [each for each in self._workers if not each.ready]:
            worker.leaving = True
            worker.process.kill()
        old = [worker for worker in self._workers if not worker.leaving]
        for number in range(max(self._wanted, len(old))):
            if number < self._wanted:
                self._start(old[number] if number < len(old) else None)
            else:
                self._dismiss(old[number])

    # Connections.

    def _accept_or_not(self) -> None:
        """Accept while somebody can answer and there is room; else connections wait in the system's queue."""
        room = sum(worker.connections for worker in self._workers) < MOST_CONNECTIONS
        wanted = room and any(self._open())
        if wanted and not self._accepting:
            self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
        elif self._accepting and not wanted:
            self._selector.unregister(self._listener)
        self._accepting = wanted

    def _accept(self) -> None:
        for _ in range(_AT_ONCE):
            try:
                client, _ = self._listener.accept()
            except BlockingIOError:
                return
            except OSError as error:
                # One connection that broke, or no descriptors left: others wait, and the next look may succeed.
                _log.warning("cannot accept a connection: %s", error)
                return
            self._place(client)

    def _place(self, client: socket.socket) -> None:
        """Hand a connection to the worker with the fewest; keep it while there is none."""
        counts = self._open()
        while counts:
            worker = least_busy(counts)
            if worker.channel.send(Kind.CONNECTION, descriptor=client.fileno()):
                worker.connections += 1
                worker.underway.append(client)
                return
            del counts[worker]  # gone, or too busy to take more
        self._homeless.append(client)

    def _open(self) -> dict[_Worker, int]:
        return {each: each.connections for each in self._workers if each.ready and not each.leaving}

    def _even_out(self) -> None:
        while self._homeless and self._open():
            before = len(self._homeless)
            self._place(self._homeless.popleft())
            if len(self._homeless) == before:
                break
        for worker, number in surplus(self._open()).items():
            if number != worker.asked_back and worker.channel.send(Kind.GIVE, number):
                worker.asked_back = number

    # The end.

    def _stop(self) -> None:
        # Who has connected is answered still. A socket that was handed over stays open for who comes next.
        for _ in range(BACKLOG // _AT_ONCE):
            self._accept()
        self._listener.close()
        for _ in range(len(self._homeless)):
            self._place(self._homeless.popleft())
        for client in [*self._homeless, *(each for worker in self._workers for each in worker.underway)]:
            client.close()
        for worker in self._workers:
            worker.channel.send(Kind.STOP)
        deadline = time.monotonic() + DRAIN
        for worker in self._workers:
            worker.process.join(max(0.0, deadline - time.monotonic()))
            if worker.process.exitcode is None:
                _log.error("a worker did not finish within %s seconds and was ended", DRAIN)
                worker.process.kill()
                worker.process.join()
            worker.channel.close()


def _forget_gauges(pid: int) -> None:
    """Have metrics not tell what a process that is gone said last."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        # Imported here: the first process needs it at no other time.
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(pid)  # type: ignore[no-untyped-call]


class _SignalPipe:
    """Turns SIGTERM, SIGINT and SIGHUP into something to select on while it is entered."""

    _NUMBERS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

    def __init__(self, into: deque[int]) -> None:
        self._into = into
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)

    def fileno(self) -> int:
        return self._reader.fileno()

    def drain(self) -> None:
        with suppress(BlockingIOError):
            while self._reader.recv(64):
                pass

    def __enter__(self) -> _SignalPipe:
        self._before = {number: signal.signal(number, self._note) for number in self._NUMBERS}
        self._wakeup = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        return self

    def __exit__(self, *_: object) -> None:
        signal.set_wakeup_fd(self._wakeup)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._reader.close()
        self._writer.close()

    def _note(self, number: int, _: object) -> None:
        self._into.append(number)


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"
