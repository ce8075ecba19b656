"""One connection of a worker: HTTP/1.1, parsed by llhttp; requests are answered one after the other."""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Protocol

import httptools

from harbor_search.serving.wsgi import Answer, Request, refusal

__all__ = ["ConnectionLimits", "Connection", "ConnectionOwner"]


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Limits for one connection. Times are in seconds, accurate to about one, as the worker's sweep checks them."""

    head_bytes: int = 128 * 1024
    """Size of request line and headers: the longest query, with twelve bytes of an address for a character."""
    headers: int = 100
    body_bytes: int = 1024 * 1024
    request_seconds: float = 15
    """From a request's first byte to its last. Browsers send it at once; slow senders tie up memory."""
    idle_seconds: float = 75
    """Between requests; longer than proxies keep connections (nginx: 60), so that they close first."""
    last_seconds: float = 0.5
    """How long an idle connection stays open when the server stops: a request in transit is still answered, with
    `Connection: close`, where closing the connection would leave the client without a response."""
    write_seconds: float = 30
    """For a client to receive a response: 1 MB over a bad mobile network."""


class ConnectionOwner(Protocol):
    """What a connection needs from its worker."""

    limits: ConnectionLimits

    def answer(self, request: Request, client: tuple[str, int], send: Callable[[Answer], None]) -> None:
        """Answer `request`; `send` is called on the event loop, now or later."""

    def should_hand_back(self, connection: Connection) -> bool:
        """Whether this idle connection should move to another worker now."""

    def hand_back(self, descriptor: int) -> None:
        """Take over the descriptor of a connection that moves."""

    def gone(self, connection: Connection) -> None:
        """A connection was closed or has moved."""


class Connection(asyncio.Protocol):
    """Answers requests in order, one at a time; while one is pending, further input waits in the system's buffers."""

    def __init__(self, host: ConnectionOwner, now: Callable[[], float]) -> None:
        self._owner = host
        self._now = now
        self._transport: Any = None
        self._parser = httptools.HttpRequestParser(self)
        self._request = Request()
        self._waiting: deque[Request] = deque()
        self._reading = False
        self._in_head = False
        self._head_bytes = 0
        self._body_bytes = 0
        self._busy = False
        self._stalled = False
        self._closing = False
        self._moved = False
        self._paused = False
        self._client = ("", 0)
        self.deadline = now() + host.limits.request_seconds

    # asyncio.Protocol.

    def connection_made(self, transport: Any) -> None:
        """The connection is open."""
        self._transport = transport
        peer = transport.get_extra_info("peername")
        if isinstance(peer, tuple):
            self._client = (str(peer[0]), int(peer[1]))
        self.deadline = self._now() + self._owner.limits.idle_seconds

    def connection_lost(self, error: Exception | None) -> None:
        """The connection was closed by either side."""
        self._closing = True
        self._owner.gone(self)

    def pause_writing(self) -> None:
        """The send buffer is full: the client does not receive."""
        self._stalled = True
        self.deadline = self._now() + self._owner.limits.write_seconds

    def resume_writing(self) -> None:
        """The client receives again."""
        self._stalled = False
        self.deadline = self._now() + self._owner.limits.idle_seconds
        self._next()

    def eof_received(self) -> bool:
        """The client has closed its sending side, but may still read."""
        if self._busy or self._waiting or self._stalled:
            self._request.close = True
            if self._waiting:
                self._waiting[-1].close = True
            return True
        return False

    def data_received(self, data: bytes) -> None:
        """Parse more input, which may be part of one request or several."""
        if self._closing:
            return
        before = len(self._waiting)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            # No other protocol is supported: the request is answered over HTTP/1.1, and what follows is not HTTP.
            if self._waiting:
                self._waiting[-1].close = True
        except httptools.HttpParserCallbackError:
            if not self._closing:
                self._refuse(HTTPStatus.BAD_REQUEST, "The request cannot be read.")
        except httptools.HttpParserError:
            self._refuse(HTTPStatus.BAD_REQUEST, "This is not HTTP/1.1.")
        if self._in_head:
            # If the data includes the end of another request, how much of it belongs to this one is unknown.
            self._head_bytes += len(data) if len(self._waiting) == before else 0
            if self._head_bytes > self._owner.limits.head_bytes:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The headers are too large.")
        if not self._busy:
            self._next()

    # Callbacks of the parser.

    def on_message_begin(self) -> None:
        self._request = Request()
        self._reading = self._in_head = True
        self._head_bytes = self._body_bytes = 0
        if not self._busy and not self._stalled:
            self.deadline = self._now() + self._owner.limits.request_seconds

    def on_url(self, url: bytes) -> None:
        self._request.target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._request.headers.append((name, value))

    def on_headers_complete(self) -> None:
        self._in_head = False
        request = self._request
        size = len(request.target) + sum(len(name) + len(value) for name, value in request.headers)
        if len(request.headers) > self._owner.limits.headers or size > self._owner.limits.head_bytes:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The headers are too many or too large.")
            raise ValueError
        request.method = self._parser.get_method().decode("latin-1")
        request.version = self._parser.get_http_version()
        request.close = not self._parser.should_keep_alive()
        if not request.target.startswith((b"/", b"*")):
            parsed = httptools.parse_url(request.target)
            request.target = (parsed.path or b"/") + (b"?" + parsed.query if parsed.query else b"")
        for name, value in request.headers:
            lowered = name.lower()
            if lowered == b"content-length" and int(value) > self._owner.limits.body_bytes:
                self._refuse_body()
            if lowered == b"expect" and value.lower() == b"100-continue" and not self._closing:
                self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        if self._body_bytes > self._owner.limits.body_bytes:
            self._refuse_body()
        self._request.body += body

    def on_message_complete(self) -> None:
        self._reading = False
        self._waiting.append(self._request)

    def _refuse_body(self) -> None:
        self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is too large.")
        raise ValueError

    # Answering.

    def _next(self) -> None:
        """Start on the next request, if there is one and the previous response was sent."""
        if self._busy or self._stalled or self._closing:
            return
        if not self._waiting:
            if not self._reading and self._owner.should_hand_back(self):
                self.move()
            return
        request = self._waiting.popleft()
        self._busy = True
        self._pause(bool(self._waiting))
        self._owner.answer(request, self._client, lambda answer: self._send(answer, request.close))

    def _send(self, answer: Answer, close: bool) -> None:
        self._busy = False
        if self._closing or self._transport.is_closing():
            return
        self._transport.write(answer)
        if close:
            self.close()
            return
        if not self._stalled:
            self.deadline = self._now() + self._owner.limits.idle_seconds
        if self._waiting:
            # Not at once: a client that sends many requests in one piece takes turns with the others.
            asyncio.get_running_loop().call_soon(self._next)
            return
        self._pause(False)
        self._next()

    def _pause(self, wanted: bool) -> None:
        if wanted != self._paused:
            self._paused = wanted
            (self._transport.pause_reading if wanted else self._transport.resume_reading)()

    def _refuse(self, status: HTTPStatus, detail: str) -> None:
        if not self._closing:
            if not self._busy:
                self._transport.write(refusal(status, detail))
            self.close()

    # What the worker asks of it.

    @property
    def idle(self) -> bool:
        """Whether nothing was asked, or begun to be, that is not answered."""
        return self._transport is not None and not (
            self._busy or self._waiting or self._reading or self._stalled or self._closing
        )

    def expire(self) -> None:
        """Time out: refuse a partial request, and close."""
        if self._busy:
            return  # the client is waiting for us
        if self._reading and not self._stalled:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, "The request took too long to arrive.")
        elif self._stalled:
            self._closing = True
            self._transport.abort()
        else:
            self.close()

    def close(self) -> None:
        """Close after sending what was written."""
        self._closing = True
        self._transport.close()

    def close_soon(self) -> None:
        """Close unless a request arrives within `last_seconds`; its response is then the last one."""
        if self.idle:
            self.deadline = min(self.deadline, self._now() + self._owner.limits.last_seconds)

    def move(self) -> None:
        """Hand an idle connection to the supervisor, unless part of a response is still to be sent."""
        if self._transport.get_write_buffer_size():
            return
        self._closing = self._moved = True
        self._transport.pause_reading()
        descriptor = os.dup(self._transport.get_extra_info("socket").fileno())
        self._transport.abort()
        self._owner.hand_back(descriptor)

    @property
    def moved(self) -> bool:
        """Whether it has moved to another worker."""
        return self._moved
