"""The WSGI server side (PEP 3333): from a parsed request to an environment, from the response to bytes."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Iterable
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from itertools import chain
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

__all__ = ["Answer", "Deferred", "Request", "base_environment", "call", "refusal"]

Headers = list[tuple[str, str]]

_NO_BODY = (204, 304)

_UNPREFIXED = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


class Deferred(BaseException):
    """Raised by the site to have a request answered in the slow lane.

    It is not an `Exception`, so that no error handler on the way turns it into a response.
    """


class Request:
    """A request, filled in by the parser."""

    __slots__ = ("body", "close", "headers", "method", "target", "version")

    def __init__(self) -> None:
        self.method = "GET"
        self.target = b""
        self.version = "1.1"
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = b""
        self.close = False


Answer = bytes
"""A complete response, ready to send."""


def base_environment(host: str, port: int) -> dict[str, Any]:
    """The part of the environment that is the same for every request."""
    return {
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SCRIPT_NAME": "",
        "GATEWAY_INTERFACE": "CGI/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
    }


def environment(base: dict[str, Any], request: Request, client: tuple[str, int]) -> dict[str, Any]:
    """The WSGI environment of `request`.

    Headers with an underscore in their name are dropped: in the environment they are indistinguishable from those with
    a hyphen, and so could spoof a header set by a proxy.
    """
    path, _, query = request.target.partition(b"?")
    environ = base.copy()
    environ["REQUEST_METHOD"] = request.method
    environ["SERVER_PROTOCOL"] = "HTTP/" + request.version
    environ["PATH_INFO"] = (unquote_to_bytes(path) if b"%" in path else path).decode("latin-1")
    environ["QUERY_STRING"] = query.decode("latin-1")
    environ["RAW_URI"] = request.target.decode("latin-1")
    environ["REMOTE_ADDR"], environ["REMOTE_PORT"] = client[0], str(client[1])
    environ["wsgi.input"] = io.BytesIO(request.body)
    for name, raw_value in request.headers:
        key = _key_of(name)
        if key:
            value = raw_value.decode("latin-1")
            environ[key] = f"{environ[key]}, {value}" if key in environ else value
    return environ


@lru_cache(maxsize=256)
def _key_of(header: bytes) -> str:
    """The key in the environment of a header of this name, of which clients send the same few; empty for none."""
    if b"_" in header:
        return ""
    name = header.decode("latin-1").lower()
    return _UNPREFIXED.get(name) or "HTTP_" + name.upper().replace("-", "_")


def call(application: WSGIApplication, environ: dict[str, Any], close: bool) -> Answer:
    """What `application` answers, whole. A fault that leaves it is answered with 500 and told on standard error.

    Raises:
        Deferred: the site wants to answer in the slow lane, and the environment says that there is one.
    """
    started: list[Any] = ["500 Internal Server Error", []]
    written: list[bytes] = []

    def start_response(status: str, headers: Headers, exc_info: Any = None) -> Any:
        started[:] = status, headers
        return written.append

    try:
        chunks: Iterable[bytes] = application(environ, start_response)
        try:
            body = b"".join(chunks)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
    except Exception:
        sys.excepthook(*sys.exc_info())
        return refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "The server could not answer.", close)
    if written:
        body = b"".join(written) + body
    return _rendered(started[0], started[1], body, environ, close)


def refusal(status: HTTPStatus, detail: str, close: bool = True, *, retry_after: int = 0) -> Answer:
    """An answer given without asking the site."""
    body = f'{{"type":"about:blank","title":"{status.phrase}","status":{int(status)},"detail":"{detail}"}}\n'.encode()
    headers = [("Content-Type", "application/problem+json"), ("Cache-Control", "no-store")]
    if retry_after:
        headers.append(("Retry-After", str(retry_after)))
    return _rendered(f"{int(status)} {status.phrase}", headers, body, {}, close)


def _rendered(status: str, headers: Headers, body: bytes, environ: dict[str, Any], close: bool) -> Answer:
    # One format for all headers: a dozen pieces would take several times as long.
    given = "%s: %s\r\n" * len(headers) % tuple(chain.from_iterable(headers))
    lines = [f"HTTP/1.1 {status}\r\nDate: {_now()}\r\n", given]
    sized = any(map(_is_length, headers))
    head = environ.get("REQUEST_METHOD") == "HEAD"
    if not sized and not head and int(status[:3]) not in _NO_BODY:
        lines.append(f"Content-Length: {len(body)}\r\n")
    if close:
        lines.append("Connection: close\r\n")
    elif environ.get("SERVER_PROTOCOL") == "HTTP/1.0":
        lines.append("Connection: keep-alive\r\n")
    lines.append("\r\n")
    return "".join(lines).encode("latin-1", "replace") + (b"" if head else body)


def _is_length(header: tuple[str, str]) -> bool:
    return header[0].lower() == "content-length"


class _Clock:
    second = 0
    text = ""


def _now() -> str:
    second = int(time.time())
    if second != _Clock.second:
        _Clock.text, _Clock.second = formatdate(second, usegmt=True), second
    return _Clock.text
