"""A worker process, which answers the requests on the connections it is given."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from harbor_search.serving.channel import Channel, Kind
from harbor_search.serving.connection import Connection, ConnectionLimits
from harbor_search.serving.slow_lane import SlowLane
from harbor_search.serving.write_lane import CHANGING, WriteLane
from harbor_search.serving.wsgi import Answer, Deferred, Request, base_environment, call, environment

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

__all__ = ["run"]

DEFER, SLOW = "harbor_search.defer", "harbor_search.slow_lane"
"""Keys in the WSGI environment by which the site defers requests; see `harbor_search/web/admission.py`."""

SWITCH_INTERVAL = 0.0005
"""Seconds for which a thread keeps the interpreter lock while another waits for it."""

SWEEP_INTERVAL = 0.5
"""Seconds between checks for connections that have timed out, and for idle ones to hand back."""


def run(end: socket.socket, address: tuple[str, int], make: Callable[[], WSGIApplication]) -> None:
    """Create the site, report that it is ready, and serve until told to stop or until the supervisor is gone."""
    # Ctrl-C reaches every process of a terminal; the supervisor decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    application = make()
    # So a thread of the slow lane that runs Python yields to the event loop sooner than after the default 5 ms.
    sys.setswitchinterval(SWITCH_INTERVAL)
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(Worker(Channel(end), base_environment(*address), application).serve())


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # not available for every system
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


class Worker:
    """The connections of one worker, and the dispatch of their requests to the site.

    Requests are answered on the event loop's thread, one after the other: a search takes less time than handing it to
    another thread and back. Expensive requests raise `Deferred` and are repeated in the slow lane; writes, which wait
    for the disk, go to the write lane.
    """

    def __init__(self, channel: Channel, base: dict[str, Any], application: WSGIApplication) -> None:
        self.limits = ConnectionLimits()
        self._channel = channel
        self._base = base
        self._application = application
        self._connections: set[Connection] = set()
        self._arriving = 0
        self._to_hand_back = 0
        self._leaving = self._stopping = False
        self._slow_lane = SlowLane()
        self._write_lane = WriteLane()
        self._finished = asyncio.Event()

    async def serve(self) -> None:
        """Serve until told to stop and all connections are closed."""
        loop = asyncio.get_running_loop()
        loop.add_reader(self._channel.fileno(), self._listen)
        loop.add_signal_handler(signal.SIGTERM, self._stop)
        self._channel.send(Kind.READY)
        sweep = loop.create_task(self._sweep())
        await self._finished.wait()
        sweep.cancel()

    # Messages from the supervisor.

    def _listen(self) -> None:
        while True:
            try:
                message = self._channel.receive()
            except BlockingIOError:
                return
            except EOFError:
                asyncio.get_running_loop().remove_reader(self._channel.fileno())
                self._stop()
                return
            if message.kind == Kind.CONNECTION:
                self._take(message.descriptor)
            elif message.kind == Kind.HAND_BACK:
                self._to_hand_back = message.number
            elif message.kind == Kind.LEAVE:
                self._leaving = True
                self._hand_back_idle()
                self._end_if_done()
            elif message.kind == Kind.STOP:
                self._stop()

    def _take(self, descriptor: int) -> None:
        self._arriving += 1
        self._channel.send(Kind.ACCEPTED)
        asyncio.get_running_loop().create_task(self._connect(socket.socket(fileno=descriptor)))

    async def _connect(self, client: socket.socket) -> None:
        client.setblocking(False)
        with suppress(OSError):
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        loop = asyncio.get_running_loop()
        connection = Connection(self, time.monotonic)
        self._connections.add(connection)
        self._arriving -= 1
        try:
            await loop.connect_accepted_socket(lambda: connection, client)
        except OSError:
            self.gone(connection)
            return
        if self._stopping:
            connection.close_soon()

    def _stop(self) -> None:
        self._stopping = True
        for connection in list(self._connections):
            connection.close_soon()
        self._end_if_done()

    def _end_if_done(self) -> None:
        if (self._leaving or self._stopping) and not self._connections and not self._arriving:
            self._finished.set()

    # ConnectionOwner.

    def answer(self, request: Request, client: tuple[str, int], send: Callable[[Answer], None]) -> None:
        """Dispatch `request` to the site, in the lane for it."""
        close = request.close = request.close or self._stopping
        environ = environment(self._base, request, client)
        if request.method in CHANGING:
            self._write_lane.run(partial(call, self._application, environ, close), send, close)
            return
        environ[DEFER] = Deferred
        try:
            answer = call(self._application, environ, close)
        except Deferred:
            environ = environment(self._base, request, client)
            environ[SLOW] = True
            self._slow_lane.run(partial(call, self._application, environ, close), send, close)
        else:
            send(answer)

    def should_hand_back(self, connection: Connection) -> bool:
        """Whether a connection that has just become idle should move to another worker."""
        return self._leaving or self._to_hand_back > 0

    def hand_back(self, descriptor: int) -> None:
        """Send a connection to the supervisor, which passes it on."""
        self._to_hand_back = max(0, self._to_hand_back - 1)
        self._channel.send(Kind.CONNECTION, descriptor=descriptor)
        os.close(descriptor)

    def gone(self, connection: Connection) -> None:
        """Remove a closed or moved connection."""
        self._connections.discard(connection)
        if not connection.moved:
            self._channel.send(Kind.CLOSED, 1)
        self._end_if_done()

    def _hand_back_idle(self) -> None:
        for connection in [each for each in self._connections if each.idle]:
            if not self.should_hand_back(connection):
                return
            connection.move()

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_INTERVAL)
            now = time.monotonic()
            for connection in [each for each in self._connections if each.deadline < now]:
                connection.expire()
            self._hand_back_idle()
