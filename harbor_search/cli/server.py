"""The server process: workers under granian, and the address once they answer."""

from __future__ import annotations

import gc
import http.client
import json
import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from harbor_search.cli.terminal import plain
from harbor_search.config import Settings
from harbor_search.errors import OperationalError, UserError

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

__all__ = ["serve"]

THREADS = 4
"""Requests a worker runs at once. Searches hold the interpreter, so more threads only wait; a few let a short request
pass one that waits for the disk."""

DRAIN = 30
"""Seconds that requests under way get to finish; below systemd's 90 until it kills."""

LOGGING = {
    "formatters": {"generic": {"format": "harbor-search: %(message)s"}},
    "handlers": {
        "console": {"formatter": "generic", "class": "logging.StreamHandler", "stream": "ext://sys.stderr"},
    },
    "loggers": {"_granian": {"handlers": ["console"], "level": "WARNING", "propagate": False}},
}
"""Standard output has the address alone."""


def serve(settings: Settings, application: Callable[[Settings], WSGIApplication] | None = None) -> None:
    """Serve until SIGTERM or SIGINT, then let requests under way finish.

    `application` makes what a worker runs (default: the search site); workers find it by its module and name.

    Raises:
        UserError: the host is not an address of this machine.
        OperationalError: the port is taken or not permitted, or no worker can start.
    """
    address, port = free_address(settings.host, settings.port)
    # Workers start as fresh interpreters: a fork would copy locks that this process's threads hold.
    multiprocessing.set_start_method("spawn", force=True)
    server = Granian(
        "harbor_search.web",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=DRAIN,
        websockets=False,
        log_level=LogLevels.warning,
        log_dictconfig=LOGGING,
    )
    threading.Thread(target=announce, args=(address, port, settings.host), daemon=True).start()
    try:
        server.serve(target_loader=partial(run_worker, application or warm_site, settings), wrap_loader=False)
    except SystemExit:
        # Granian gives up where a worker that it replaced dies again at once.
        raise OperationalError("the server's workers fail as soon as they start; the reason stands above") from None


def free_address(host: str, port: int) -> tuple[str, int]:
    """The numeric address of `host` and a port that nobody listens on: `port`, or any where it is 0.

    Workers share their port (SO_REUSEPORT), so the system would let a second server join in silence; binding without
    sharing finds that out.
    """
    try:
        family, kind, _, _, target = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise UserError(f"{host!r} is no address of this machine: {error.strerror}", where="host") from error
    with socket.socket(family, kind) as probe:
        # Connections of a server that ended a moment ago do not count as in use.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(target)
        except OSError as error:
            raise OperationalError(
                f"cannot listen on {host} port {port}: {error.strerror}; choose another with --port (0: a free one)"
            ) from error
        return str(target[0]), int(probe.getsockname()[1])


def run_worker(make: Callable[[Settings], WSGIApplication], settings: Settings) -> WSGIApplication:
    """What a worker does first: see to it that it never outlives the server."""
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    return make(settings)


def warm_site(settings: Settings) -> WSGIApplication:
    """The search site, in a worker that takes requests only when its first will be as fast as the next."""
    from harbor_search.web import create_app, rehearse

    app = create_app(settings)
    rehearse(app)
    # What is there now stays; looking through it again and again for garbage would delay a request now and then.
    gc.collect()
    gc.freeze()
    return app


def _leave_with_parent() -> None:
    """Stop this worker when the process that started it is gone (SIGKILL), or it would hold the port for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)


def announce(address: str, port: int, host: str) -> None:
    """Print the address as soon as it answers, and on standard error why it cannot search yet, where so."""
    pause = threading.Event()
    while get(address, port, "/healthz")[0] != 200:
        pause.wait(0.05)
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"http://{shown}:{port}")
    for _ in range(20):
        status, body = get(address, port, "/readyz")
        if status == 200:
            return
        pause.wait(0.1)
    click.echo(f"harbor-search: not ready to search: {plain(body)}", err=True)


def get(address: str, port: int, path: str) -> tuple[int, str]:
    """Status and body, or problem's detail, of our own answer; status 0 where nobody answers."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)
    connection = http.client.HTTPConnection(reachable, port, timeout=5)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, str(json.load(response).get("detail", ""))
    except (OSError, http.client.HTTPException, ValueError):
        return 0, "no answer"
    finally:
        connection.close()
