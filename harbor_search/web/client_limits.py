"""Rate limits for each client address."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from functools import lru_cache
from threading import Lock
from typing import Any

from flask import Flask, current_app, request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from werkzeug.exceptions import TooManyRequests

from harbor_search.config import Settings
from harbor_search.web.access import has_key
from harbor_search.web.trusted_proxies import Network, trusted_networks

__all__ = ["COUNTED", "client_address", "try_spend", "register", "spend"]

UNLIMITED = ("/static/", "/healthz", "/readyz", "/metrics")
"""Paths that cost nothing or must be answered when everything else is refused."""

MAX_COST = 30
"""Requests that one expensive search can count for."""

_KEY = "harbor_search.client_limits"

COUNTED = "harbor_search.counted"
"""Key in the WSGI environment of requests that middleware has counted."""


class _Limits:
    """The requests of each client to this worker in the last minute."""

    def __init__(self, settings: Settings) -> None:
        self.proxies = trusted_networks(settings.trusted_proxies)
        self._limit = RateLimitItemPerMinute(settings.client_requests)
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        # The slow lane's thread counts expensive searches, and the storage is not thread-safe.
        self._lock = Lock()

    def hit(self, client: str, cost: int) -> bool:
        with self._lock:
            return self._limiter.hit(self._limit, client, cost=cost)


def register(app: Flask, settings: Settings) -> None:
    """Refuse requests to `app` of clients with more than `client_requests` a minute.

    Raises:
        UserError: `trusted_proxies` are not addresses or networks.
    """
    limits = _Limits(settings)
    if settings.client_requests:
        app.extensions[_KEY] = limits
        app.before_request(_count)


def _count() -> None:
    if COUNTED not in request.environ and not request.path.startswith(UNLIMITED) and not has_key():
        spend(1)


def spend(cost: int) -> None:
    """Count the current request as `cost` requests.

    Raises:
        TooManyRequests: the client is over its limit.
    """
    if not try_spend(current_app, request.environ, cost):
        raise TooManyRequests("You have asked very often. Try again in a minute.", retry_after=60)


def try_spend(app: Flask, environ: Mapping[str, Any], cost: int) -> bool:
    """Count a request as `cost` requests; returns whether its client is within its limit."""
    limits: _Limits | None = app.extensions.get(_KEY)
    if limits is None:
        return True
    client = client_address(environ.get("REMOTE_ADDR", ""), environ.get("HTTP_X_FORWARDED_FOR", ""), limits.proxies)
    return not client or limits.hit(client, min(cost, MAX_COST))


def client_address(remote: str, forwarded: str, proxies: tuple[Network, ...]) -> str:
    """The address of the client: the last one that is not a trusted proxy; empty if a trusted proxy sends none.

    `forwarded` is the header X-Forwarded-For, to whose end each proxy appends its peer: everything left of the last
    untrusted address may be forged by that client. An IPv6 client is represented by its /64 network, all of whose
    addresses it owns.
    """
    if not _is_in(remote, proxies):
        return _network(remote)
    for address in reversed(forwarded.split(",")):
        address = address.strip()
        if address and not _is_in(address, proxies):
            return _network(address)
    return ""


@lru_cache(maxsize=10_000)
def _is_in(address: str, networks: tuple[Network, ...]) -> bool:
    parsed = _parsed(address)
    return parsed is not None and any(parsed in each for each in networks if each.version == parsed.version)


@lru_cache(maxsize=10_000)
def _network(address: str) -> str:
    parsed = _parsed(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed or "nonsense")


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    if address.startswith("["):  # with a port, as some proxies write it
        address = address[1:].partition("]")[0]
    elif address.count(":") == 1:
        address = address.partition(":")[0]
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    mapped = getattr(parsed, "ipv4_mapped", None)
    return mapped or parsed
