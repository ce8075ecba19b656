"""The server as a command: the site in its workers, and the address once they answer."""

from __future__ import annotations

import ctypes
import gc
import http.client
import json
import logging
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import click

from harbor_search.cli.terminal import plain
from harbor_search.config import Settings
from harbor_search.errors import OperationalError
from harbor_search.serving import Supervisor, WorkersFail, handed_over, listen, write_logs

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from harbor_search.serving.supervisor import Make

__all__ = ["serve"]

Application = Callable[[Settings], "WSGIApplication"]


def serve(
    settings: Settings, application: Application | None = None, reload: Callable[[], Settings] | None = None
) -> None:
    """Serve until SIGTERM or SIGINT, then let requests under way finish. SIGHUP takes the settings that `reload` gives.

    A socket that systemd hands over counts more than the settings' host and port.

    `application` makes what a worker runs (default: the search site); workers find it by its module and name.

    Raises:
        UserError: the host is not an address of this machine.
        OperationalError: the port is taken or not permitted, or no worker can start.
    """
    write_logs(settings.log_format)
    make = application or warm_site

    def again() -> tuple[Make, int]:
        fresh = reload() if reload else settings
        if (fresh.host, fresh.port) != (settings.host, settings.port):
            logging.getLogger(__name__).warning("host and port stay as they are until the server is started anew")
        return partial(make, fresh), fresh.workers

    listener = handed_over(os.environ) or listen(settings.host, settings.port)
    address, port = listener.getsockname()[:2]
    threading.Thread(target=announce, args=(address, port, settings.host), daemon=True).start()
    with counting_together():
        try:
            Supervisor(listener, partial(make, settings), settings.workers, again).run()
        except WorkersFail:
            raise OperationalError("the server's workers fail as soon as they start; the reason stands above") from None


@contextmanager
def counting_together() -> Iterator[None]:
    """Give the workers a folder for their metrics, so that each of them can tell those of all."""
    with tempfile.TemporaryDirectory(prefix="harbor-search-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        yield


_GARBAGE = (10_000, 10, 50)
"""How many objects more, and how many collections of the younger, until garbage is looked for among the youngest, the
younger and all. What is remembered of questions is no garbage: by default, to look through all of it for cycles, of
which answering makes next to none, takes a twentieth of a new question's time, and 80 ms at once now and then."""


def warm_site(settings: Settings) -> WSGIApplication:
    """The search site, in a worker that takes requests only when its first will be as fast as the next."""
    from harbor_search.web import create_app, warm_up

    write_logs(settings.log_format)
    app = create_app(settings)
    warm_up(app)
    # What is there now stays; looking through it again and again for garbage would delay a request now and then.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GARBAGE)
    _give_back()
    return app


def _give_back() -> None:
    """Give the system what only starting took: a tenth of a worker, which the C library would keep for later.

    That of musl and those of other systems have no such call.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


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
