"""A worker: a process that answers what comes over the connections it is given."""

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
from harbor_search.serving.connection import Bounds, Connection
from harbor_search.serving.slow_lane import SlowLane
from harbor_search.serving.write_lane import CHANGING, WriteLane
from harbor_search.serving.wsgi import Answer, Deferred, Request, base_environment, call, environment

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

__all__ = ["run"]

DEFER, SLOW = "harbor_search.defer", "harbor_search.slow_lane"
"""What the site looks for in the environment of a request; see `harbor_search/web/lanes.py`."""

SWITCH = 0.0005
"""Seconds for which a thread keeps the interpreter while another waits for it."""

SWEEP = 0.5
"""Seconds between looks at which connections have run out of time, and which idle ones are wanted elsewhere."""


def run(end: socket.socket, address: tuple[str, int], make: Callable[[], WSGIApplication]) -> None:
    """Make the site, say that it is ready, and answer until told to end, or until the first process is gone."""
    # Ctrl-C reaches every process of a terminal; the first one decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    application = make()
    # A thread of the slow lane that runs Python gives way to the loop after this, not after numbers of milliseconds.
    sys.setswitchinterval(SWITCH)
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(Worker(Channel(end), base_environment(*address), application).serve())


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # it is not made for every system
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


class Worker:
    """The connections of one worker, and how their requests reach the site.

    Requests are answered on the loop's own thread, one after the other: a search takes less time than handing it to
    another thread and back. What is dear says so, and is answered in the slow lane; what changes something waits for
    the disk, in the write lane.
    """

    def __init__(self, channel: Channel, base: dict[str, Any], application: WSGIApplication) -> None:
        self.bounds = Bounds()
        self._channel = channel
        self._base = base
        self._application = application
        self._connections: set[Connection] = set()
        self._arriving = 0
        self._to_give = 0
        self._leaving = self._stopping = False
        self._slow_lane = SlowLane()
        self._write_lane = WriteLane()
        self._over = asyncio.Event()

    async def serve(self) -> None:
        """Answer until there is nothing left to do."""
        loop = asyncio.get_running_loop()
        loop.add_reader(self._channel.fileno(), self._listen)
        loop.add_signal_handler(signal.SIGTERM, self._stop)
        self._channel.send(Kind.READY)
        sweep = loop.create_task(self._sweep())
        await self._over.wait()
        sweep.cancel()

    # What the first process says.

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
            elif message.kind == Kind.GIVE:
                self._to_give = message.number
            elif message.kind == Kind.LEAVE:
                self._leaving = True
                self._give_idle()
                self._end_if_done()
            elif message.kind == Kind.STOP:
                self._stop()

    def _take(self, descriptor: int) -> None:
        self._arriving += 1
        self._channel.send(Kind.TAKEN)
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
            self._over.set()

    # What connections ask for.

    def answer(self, request: Request, client: tuple[str, int], send: Callable[[Answer], None]) -> None:
        """Have the site answer `request`."""
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

    def wanted_back(self, connection: Connection) -> bool:
        """Whether a connection that has just become idle is wanted elsewhere."""
        return self._leaving or self._to_give > 0

    def hand_back(self, descriptor: int) -> None:
        """Give a connection to the first process, which passes it on."""
        self._to_give = max(0, self._to_give - 1)
        self._channel.send(Kind.CONNECTION, descriptor=descriptor)
        os.close(descriptor)

    def gone(self, connection: Connection) -> None:
        """Count a connection out."""
        self._connections.discard(connection)
        if not connection.moved:
            self._channel.send(Kind.CLOSED, 1)
        self._end_if_done()

    def _give_idle(self) -> None:
        for connection in [each for each in self._connections if each.idle]:
            if not self.wanted_back(connection):
                return
            connection.move()

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP)
            now = time.monotonic()
            for connection in [each for each in self._connections if each.deadline < now]:
                connection.expire()
            self._give_idle()
