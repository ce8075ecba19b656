"""Observability for operators: request ids, request logs, and the endpoint of metrics.

None of them contains queries, which may be about somebody's health: logs have paths without parameters.
"""

from __future__ import annotations

import ipaddress
import logging
import re
import time
from collections.abc import Mapping
from random import getrandbits
from typing import Any

from flask import Blueprint, Flask, Response, abort, g, request
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from harbor_search.config import Settings
from harbor_search.web.metrics import LANES, REFUSED, SECONDS, exposition, sample
from harbor_search.web.query_recording import WARM_UP
from harbor_search.web.services import SLOW, services

__all__ = ["blueprint", "register", "request_id", "write_line"]

blueprint = Blueprint("observing", __name__)

_log = logging.getLogger("harbor_search.requests")

_IDENTIFIER = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)


def register(app: Flask, settings: Settings) -> None:
    """Identify, time, count and, with `log_format` "json", log each request to `app`. Must be registered first."""
    app.before_request(_begin)
    app.after_request(_end)
    if settings.log_format == "json":
        app.after_request(_write)


def _begin() -> None:
    g.begun = time.perf_counter()
    g.request_id = request_id(request.environ)


def request_id(environ: Mapping[str, Any]) -> str:
    """The id of a request: the one set by a proxy, or a new one."""
    given = environ.get("HTTP_X_REQUEST_ID", "")
    return given if given and _IDENTIFIER.fullmatch(given) else f"{getrandbits(64):016x}"


def _end(response: Response) -> Response:
    route = request.endpoint or "none"
    SECONDS.labels(route, response.status_code).observe(time.perf_counter() - g.begun)
    if SLOW in request.environ and WARM_UP not in request.environ:
        LANES.inc()
    if response.status_code == 429:
        REFUSED.inc()
    sample(services().engine, slow=SLOW in request.environ)
    response.headers["X-Request-Id"] = g.request_id
    return response


def _write(response: Response) -> Response:
    write_line(g.request_id, request.environ, request.path, request.endpoint, response.status_code, g.begun)
    return response


def write_line(
    number: str, environ: Mapping[str, Any], path: str, route: str | None, status: int, begun: float
) -> None:
    """Log an answered request; `begun` is its start by `time.perf_counter`."""
    line = {
        "request_id": number,
        "method": environ["REQUEST_METHOD"],
        "path": path,
        "route": route,
        "status": status,
        "ms": round((time.perf_counter() - begun) * 1000, 3),
        "slow_lane": SLOW in environ,
    }
    _log.info("request", extra={"values": line})


@blueprint.get("/metrics")
def metrics() -> Response:
    """The metrics of all workers, only for clients on this machine that do not come through a proxy."""
    if not _is_local():
        abort(404)
    using = services()
    return Response(
        exposition(using.engine, using.settings.index),
        content_type=CONTENT_TYPE_LATEST,
        headers={"Cache-Control": "no-store"},
    )


_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")
"""Headers added by proxies; a proxy that adds none of them must block this path (the examples in deploy/ do)."""


def _is_local() -> bool:
    environ = request.environ
    forwarded = any(name in environ for name in _FORWARDED)
    try:
        return ipaddress.ip_address(environ.get("REMOTE_ADDR", "")).is_loopback and not forwarded
    except ValueError:
        return False
