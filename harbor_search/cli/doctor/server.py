"""The server: who can reach it, whether it answers for this index, and whether its public address leads to it."""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Any
from urllib.parse import urlsplit

from harbor_search.cli.finding import Finding
from harbor_search.config import Settings
from harbor_search.engines import open_engine
from harbor_search.errors import OperationalError, UserError
from harbor_search.web.public_host import public_url

__all__ = ["answering", "open_to_the_world", "public_address"]

PATIENCE = 5.0
"""Seconds: a server that works answers in milliseconds, and readers leave after a few seconds."""


def open_to_the_world(settings: Settings) -> Iterator[Finding]:
    """Whether the server listens beyond this machine, without a proxy's TLS and limits."""
    if not _is_loopback(settings.host):
        yield Finding(
            "server",
            f"it listens on {settings.host}, open to the network without TLS or limits per client",
            "HARBOR_HOST=127.0.0.1 harbor-search serve, behind a proxy",
        )


def answering(settings: Settings) -> Iterator[Finding]:
    """Whether what listens on the port, if anything does, is our server, answers in time, and has this index."""
    host = settings.host if _is_loopback(settings.host) else "127.0.0.1"
    address = f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"
    if not settings.port or not _is_listening(host, settings.port):
        return
    try:
        alive = _ask(f"{address}/healthz")
        ready = _ask(f"{address}/readyz") if alive.get("status") == "ok" else {}
    except TimeoutError:
        yield Finding(
            "server",
            f"{address} takes connections and does not answer within {PATIENCE:.0f} s: it hangs",
            "systemctl restart harbor-search (or stop it and start harbor-search serve)",
        )
        return
    if alive.get("status") != "ok":
        yield Finding(
            "server",
            f"another program listens on {address}",
            f"stop it (ss -ltnp 'sport = :{settings.port}'), or choose a port: HARBOR_PORT={settings.port + 1}",
        )
    elif ready.get("generation") not in (None, _live(settings)):
        yield Finding(
            "server",
            f"there are two servers or two indexes: {address} serves generation {ready['generation']}, and "
            f"{_place(settings)} holds {_live(settings) or 'none'}",
            f"stop the one that is too many (ss -ltnp 'sport = :{settings.port}'), or name its index with --index",
        )


def public_address(settings: Settings) -> Iterator[Finding]:
    """Whether `base_url` leads to our server, with the path that it has."""
    base = settings.base_url.rstrip("/")
    if not base or not _can_be(base):
        return
    try:
        found = _ask(f"{base}/healthz")
    except TimeoutError:
        yield Finding(
            "proxy",
            f"{base} does not answer within {PATIENCE:.0f} s, so readers see a time-out of the proxy",
            "see that the proxy reaches the server: curl -i http://127.0.0.1:"
            f"{settings.port}/healthz; then look at its proxy_pass and time-outs",
        )
        return
    if found.get("status") != "ok":
        yield Finding(
            "proxy",
            f"{base}/healthz is not answered by this server ({found.get('told', 'another program answers')}): "
            "base_url or the proxy's path is wrong",
            f"set base_url to the address at which the proxy passes on, and test: curl -i {base}/healthz",
        )


def _can_be(base_url: str) -> bool:
    """Whether a site can have this address; that it cannot is a finding about the settings."""
    try:
        return bool(public_url(base_url))
    except UserError:
        return False


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_listening(host: str, port: int) -> bool:
    with suppress(OSError), socket.create_connection((host, port), timeout=PATIENCE):
        return True
    return False


def _ask(address: str) -> dict[str, Any]:
    """The JSON object at `address`; without one, what came in its place, as `told`.

    Raises:
        TimeoutError: nobody answers in time.
    """
    parts = urlsplit(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=PATIENCE)
    try:
        connection.request("GET", parts.path, headers={"User-Agent": "harbor-search doctor"})
        response = connection.getresponse()
        document = json.loads(response.read(65_536)) if response.status in (200, 503) else None
        return document if isinstance(document, dict) else {"told": f"status {response.status}"}
    except TimeoutError:
        raise
    except ValueError:
        return {"told": "no JSON"}
    except (OSError, http.client.HTTPException) as error:
        return {"told": str(error) or type(error).__name__}
    finally:
        connection.close()


def _live(settings: Settings) -> str:
    try:
        with closing(open_engine(settings)) as engine:
            return engine.generation()
    except OperationalError:
        return ""


def _place(settings: Settings) -> str:
    if settings.engine == "embedded":
        return str(settings.index)
    return f"the cluster at {settings.opensearch_hosts}"
