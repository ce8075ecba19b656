"""What the server tells those who run it: a number for each request, a line of log, and metrics for Prometheus.

Neither holds what was asked: queries about health are nobody's business, so logs have paths without parameters.
"""

from __future__ import annotations

import ipaddress
import logging
import os
import re
import time
from collections.abc import Iterator
from random import getrandbits

from flask import Blueprint, Flask, Response, abort, g, request
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from harbor_search.config import Settings
from harbor_search.engines import SearchEngine
from harbor_search.errors import OperationalError
from harbor_search.web.services import SLOW, services

__all__ = ["blueprint", "register"]

blueprint = Blueprint("observing", __name__)

_log = logging.getLogger("harbor_search.requests")

_IDENTIFIER = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)

# From a cheap answer over a page to the slow lane's longest wait.
BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)

SECONDS = Histogram(
    "harbor_search_request_seconds", "From a request's first look to its answer.", ["route", "status"], buckets=BUCKETS
)
LANES = Counter("harbor_search_slow_lane_requests", "Requests that were answered in the slow lane.")
REFUSED = Counter("harbor_search_refused_requests", "Requests refused because their client asked too often.")


def register(app: Flask, settings: Settings) -> None:
    """Number, time, count and, with `log_format` "json", log each request to `app`. Register it before all others."""
    app.before_request(_begin)
    app.after_request(_end)
    if settings.log_format == "json":
        app.after_request(_write)


def _begin() -> None:
    g.begun = time.perf_counter()
    given = request.environ.get("HTTP_X_REQUEST_ID", "")
    g.request_id = given if _IDENTIFIER.fullmatch(given) else f"{getrandbits(64):016x}"


def _end(response: Response) -> Response:
    route = request.endpoint or "none"
    SECONDS.labels(route, response.status_code).observe(time.perf_counter() - g.begun)
    if SLOW in request.environ:
        LANES.inc()
    if response.status_code == 429:
        REFUSED.inc()
    response.headers["X-Request-Id"] = g.request_id
    return response


def _write(response: Response) -> Response:
    line = {
        "request_id": g.request_id,
        "method": request.method,
        "path": request.path,
        "route": request.endpoint,
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.begun) * 1000, 3),
        "slow_lane": SLOW in request.environ,
    }
    _log.info("request", extra={"values": line})
    return response


@blueprint.get("/metrics")
def metrics() -> Response:
    """All workers' metrics together, for those on this machine and not for who comes through a proxy."""
    if not _is_local():
        abort(404)
    return Response(
        _exposition(services().engine), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"}
    )


_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")
"""What proxies add; one that adds none of it must not pass this address on (the examples in deploy/ do not)."""


def _is_local() -> bool:
    environ = request.environ
    forwarded = any(name in environ for name in _FORWARDED)
    try:
        return ipaddress.ip_address(environ.get("REMOTE_ADDR", "")).is_loopback and not forwarded
    except ValueError:
        return False


def _exposition(engine: SearchEngine) -> bytes:
    """In one worker of several, what all of them have counted."""
    registry = CollectorRegistry()
    registry.register(_Index(engine))
    index: bytes = generate_latest(registry)
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return index + bytes(generate_latest(REGISTRY))
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return index + bytes(generate_latest(together))


class _Index(Collector):
    """The live generation, looked at when somebody asks."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine

    def collect(self) -> Iterator[Metric]:
        try:
            live = self._engine.stats().live
        except OperationalError:
            yield GaugeMetricFamily("harbor_search_index_ready", "Whether there is an index.", value=0)
            return
        yield GaugeMetricFamily("harbor_search_index_ready", "Whether there is an index.", value=1)
        yield GaugeMetricFamily("harbor_search_index_articles", "Articles in the live generation.", value=live.articles)
        yield GaugeMetricFamily("harbor_search_index_bytes", "Bytes of the live generation.", value=live.bytes)
        built = live.built.timestamp()
        yield GaugeMetricFamily("harbor_search_index_built_seconds", "When it was built, since the epoch.", value=built)
        age = time.time() - built
        yield GaugeMetricFamily("harbor_search_index_age_seconds", "How long ago that is.", value=age)
