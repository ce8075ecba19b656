"""Starts the server: listening socket, workers with the site, and the announcement of its URL."""

from __future__ import annotations

import ctypes
import gc
import http.client
import json
import logging
import os
import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import click

from harbor_search.cli.metrics_folder import metrics_folder
from harbor_search.cli.terminal import plain
from harbor_search.config import Settings
from harbor_search.errors import HarborError, OperationalError
from harbor_search.serving import Supervisor, WorkersFail, handed_over, listen, write_logs
from harbor_search.web.site_settings import check_site

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from harbor_search.serving.supervisor import Make

__all__ = ["serve"]

Application = Callable[[Settings], "WSGIApplication"]


def serve(
    settings: Settings, application: Application | None = None, reload: Callable[[], Settings] | None = None
) -> None:
    """Serve until SIGTERM or SIGINT, then let pending requests finish. On SIGHUP `reload` returns the new settings.

    A socket that systemd hands over counts more than the settings' host and port.

    `application` makes what a worker runs (default: the search site); workers find it by its module and name.

    Raises:
        UserError: the settings of the site cannot be, or the host is not an address of this machine.
        OperationalError: the port is taken or not permitted, or no worker can start.
    """
    write_logs(settings.log_format)
    make = application or warm_site
    if application is None:
        check_site(settings)

    def again() -> tuple[Make, int]:
        fresh = reload() if reload else settings
        if application is None:
            check_site(fresh)
        if (fresh.host, fresh.port) != (settings.host, settings.port):
            logging.getLogger(__name__).warning("host and port stay as they are until the server is started anew")
        return partial(make, fresh), fresh.workers

    listener = handed_over(os.environ) or listen(settings.host, settings.port)
    address, port = listener.getsockname()[:2]
    threading.Thread(target=announce, args=(address, port, settings.host), daemon=True).start()
    with metrics_folder() as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
        try:
            Supervisor(listener, partial(make, settings), settings.workers, again).run()
        except WorkersFail:
            raise OperationalError("the server's workers fail as soon as they start; the reason stands above") from None


_GC_THRESHOLDS = (1_000, 2, 2_000)
"""Thresholds of the three generations of the garbage collector. What questions leave in caches is looked at twice, a
few thousand objects at a time, for a few milliseconds, and then no more before there are millions: a look at all of it
takes as long as a hundred questions. Requests create next to no cycles."""


def warm_site(settings: Settings) -> WSGIApplication:
    """Create and warm up the search site in a worker, before it takes requests; if that fails, end with the reason."""
    try:
        from harbor_search.web import create_app, warm_up

        write_logs(settings.log_format)
        app = create_app(settings)
        warm_up(app)
    except HarborError as error:
        sys.exit(f"harbor-search: error: {error}")
    # What exists now is permanent; scanning it for garbage would delay requests now and then.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLDS)
    _release_unused_memory()
    return app


def _release_unused_memory() -> None:
    """Return the memory that only starting up needed, a tenth of a worker, to the system (glibc's `malloc_trim`)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def announce(address: str, port: int, host: str) -> None:
    """Print the URL once the server responds and, on standard error, why it cannot search yet, if so."""
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
    """(status, detail of the problem if any) of a request to this server; status 0 if there is no response."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # nosec B104
    connection = http.client.HTTPConnection(reachable, port, timeout=5)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, str(json.load(response).get("detail", ""))
    except (OSError, http.client.HTTPException, ValueError):
        return 0, "no answer"
    finally:
        connection.close()
