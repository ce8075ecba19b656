"""The supervisor process: accepts connections, distributes them over workers, and replaces workers that die."""

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
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from harbor_search.serving.channel import Channel, Kind
from harbor_search.serving.listening import BACKLOG
from harbor_search.serving.load_balancing import least_busy, surplus
from harbor_search.serving.signal_pipe import SignalPipe
from harbor_search.serving.worker import run

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

__all__ = ["Make", "Supervisor", "WorkersFail"]

_log = logging.getLogger(__name__)

Make = Callable[[], "WSGIApplication"]
"""Creates the site inside a worker; it is pickled."""

DRAIN_TIMEOUT = 30
"""Seconds that pending requests get to finish; less than the 90 after which systemd kills."""

MAX_CONNECTIONS = 4000
"""Maximum open connections, each of which takes a descriptor and some kilobytes; further ones wait in the backlog."""

REBALANCE_INTERVAL = 0.25
"""Seconds between rebalancings of connections; moving one costs a fraction of a millisecond."""

_ACCEPT_BATCH = 100
"""Connections accepted in a row before messages of workers are handled."""


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
    requested_back: int = 0
    in_transit: deque[socket.socket] = field(default_factory=deque)
    """Connections sent to it and not acknowledged yet: if it dies, another worker gets them."""
    replaced: _Worker | None = field(default=None, repr=False)


class Supervisor:
    """Runs workers on one listening socket until a signal stops it."""

    def __init__(
        self, listener: socket.socket, make: Make, workers: int, reload: Callable[[], tuple[Make, int]]
    ) -> None:
        """`reload` is called on SIGHUP and returns the new factory of the site and the new number of workers."""
        self._listener = listener
        self._make = make
        self._worker_count = workers
        self._reload = reload
        self._workers: list[_Worker] = []
        self._unassigned: deque[socket.socket] = deque()
        self._selector = selectors.DefaultSelector()
        self._accepting = False
        self._failed_starts = 0
        self._signals: deque[int] = deque()
        # Workers are spawned: a fork would copy locks held by threads of this process.
        self._processes = multiprocessing.get_context("spawn")

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT, then let pending requests finish.

        Raises:
            WorkersFail: no worker can start.
        """
        with SignalPipe(self._signals) as wakeup:
            self._selector.register(wakeup, selectors.EVENT_READ, wakeup.drain)
            try:
                for _ in range(self._worker_count):
                    self._start()
                self._serve()
            finally:
                self._stop()

    def _serve(self) -> None:
        last_rebalance = time.monotonic()
        while True:
            for key, _ in self._selector.select(REBALANCE_INTERVAL):
                key.data()
            while self._signals:
                number = self._signals.popleft()
                if number != signal.SIGHUP:
                    return
                self._rolling_restart()
            if time.monotonic() - last_rebalance >= REBALANCE_INTERVAL:
                last_rebalance = time.monotonic()
                self._rebalance()
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
                self._remove_dead(worker)
                return
            if message.kind == Kind.READY:
                self._mark_ready(worker)
            elif message.kind == Kind.ACCEPTED:
                worker.in_transit.popleft().close()
            elif message.kind == Kind.CLOSED:
                worker.connections -= message.number
            elif message.kind == Kind.CONNECTION:
                worker.connections -= 1
                worker.requested_back = max(0, worker.requested_back - 1)
                self._assign(socket.socket(fileno=message.descriptor))

    def _mark_ready(self, worker: _Worker) -> None:
        worker.ready = True
        self._failed_starts = 0
        if worker.replaced is not None:
            self._retire(worker.replaced)
            worker.replaced = None
        while self._unassigned:
            self._assign(self._unassigned.popleft())

    def _retire(self, worker: _Worker) -> None:
        worker.leaving = True
        worker.channel.send(Kind.LEAVE)

    def _remove_dead(self, worker: _Worker) -> None:
        """Clean up after a worker that has died, and replace it unless it was told to leave."""
        self._selector.unregister(worker.channel)
        worker.channel.close()
        self._workers.remove(worker)
        worker.process.join()
        _forget_gauges(worker.process.pid)
        self._unassigned.extend(worker.in_transit)
        if worker.leaving:
            return
        _log.error("a worker ended unexpectedly (%s); it is replaced", _exit_reason(worker.process.exitcode))
        if not worker.ready:
            self._failed_starts += 1
            if worker.replaced is not None and worker.replaced in self._workers:
                _log.error("the new worker cannot start; the old one goes on with the settings it has")
                self._make = worker.replaced.make
                return
            if self._failed_starts > self._worker_count:
                raise WorkersFail
        self._start()

    def _rolling_restart(self) -> None:
        """Reload the settings and replace all workers; each old one leaves when its successor is ready."""
        try:
            self._make, self._worker_count = self._reload()
        except Exception as error:
            _log.error("the settings were not loaded again: %s", error)
            return
        for worker in [each for each in self._workers if not each.ready]:
            worker.leaving = True
            worker.process.kill()
        old = [worker for worker in self._workers if not worker.leaving]
        for number in range(max(self._worker_count, len(old))):
            if number < self._worker_count:
                self._start(old[number] if number < len(old) else None)
            else:
                self._retire(old[number])

    # Connections.

    def _accept_or_not(self) -> None:
        """Accept connections only while there is a ready worker and the limit is not reached."""
        room = sum(worker.connections for worker in self._workers) < MAX_CONNECTIONS
        wanted = room and any(self._loads())
        if wanted and not self._accepting:
            self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
        elif self._accepting and not wanted:
            self._selector.unregister(self._listener)
        self._accepting = wanted

    def _accept(self) -> None:
        for _ in range(_ACCEPT_BATCH):
            try:
                client, _ = self._listener.accept()
            except BlockingIOError:
                return
            except OSError as error:
                # A broken connection, or no descriptors left: others wait, and the next attempt may succeed.
                _log.warning("cannot accept a connection: %s", error)
                return
            self._assign(client)

    def _assign(self, client: socket.socket) -> None:
        """Send a connection to the least busy worker; keep it while there is none."""
        counts = self._loads()
        while counts:
            worker = least_busy(counts)
            if worker.channel.send(Kind.CONNECTION, descriptor=client.fileno()):
                worker.connections += 1
                worker.in_transit.append(client)
                return
            del counts[worker]  # gone, or its channel is full
        self._unassigned.append(client)

    def _loads(self) -> dict[_Worker, int]:
        return {each: each.connections for each in self._workers if each.ready and not each.leaving}

    def _rebalance(self) -> None:
        while self._unassigned and self._loads():
            before = len(self._unassigned)
            self._assign(self._unassigned.popleft())
            if len(self._unassigned) == before:
                break
        for worker, number in surplus(self._loads()).items():
            if number != worker.requested_back and worker.channel.send(Kind.HAND_BACK, number):
                worker.requested_back = number

    # The end.

    def _stop(self) -> None:
        # Connections in the backlog are still answered. A socket passed by systemd stays open for the next server.
        for _ in range(BACKLOG // _ACCEPT_BATCH):
            self._accept()
        self._listener.close()
        for _ in range(len(self._unassigned)):
            self._assign(self._unassigned.popleft())
        for client in [*self._unassigned, *(each for worker in self._workers for each in worker.in_transit)]:
            client.close()
        for worker in self._workers:
            worker.channel.send(Kind.STOP)
        deadline = time.monotonic() + DRAIN_TIMEOUT
        for worker in self._workers:
            worker.process.join(max(0.0, deadline - time.monotonic()))
            if worker.process.exitcode is None:
                _log.error("a worker did not finish within %s seconds and was ended", DRAIN_TIMEOUT)
                worker.process.kill()
                worker.process.join()
            worker.channel.close()


def _forget_gauges(pid: int) -> None:
    """Remove the gauges of a dead process from the metrics."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        # Imported here, as the supervisor needs it nowhere else.
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(pid)  # type: ignore[no-untyped-call]


def _exit_reason(code: int | None) -> str:
    if code is not None and code < 0:
        return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"
