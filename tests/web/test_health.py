"""Whether the process is alive, and whether it is ready to answer searches."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from werkzeug.test import TestResponse

from harbor_search.config import Settings
from harbor_search.errors import OperationalError
from harbor_search.web import create_app
from tests.support.articles import collection
from tests.support.memory_engine import MemoryEngine


class SlowEngine(MemoryEngine):
    """Warms up when it is let."""

    def __init__(self) -> None:
        super().__init__(collection())
        self.let = threading.Event()

    def warm(self) -> None:
        assert self.let.wait(30)
        super().warm()


def until(ask: Callable[[], TestResponse], status: int) -> TestResponse:
    """The first answer with `status`; answers are awaited for two minutes."""
    deadline = time.monotonic() + 120
    while (response := ask()).status_code != status:
        assert time.monotonic() < deadline, response.text
        time.sleep(0.01)
    return response


def test_a_site_is_alive_at_once_but_ready_only_when_its_engine_is_warm() -> None:
    engine = SlowEngine()
    client = create_app(Settings(), engine).test_client()
    assert client.get("/healthz").json == {"status": "ok"}
    waiting = client.get("/readyz")
    assert (waiting.status_code, waiting.mimetype) == (503, "application/problem+json")
    assert "Retry-After" in waiting.headers
    engine.let.set()
    ready = until(lambda: client.get("/readyz"), 200)
    assert ready.json == {"status": "ready", "generation": "1"}
    assert engine.warmed == 1


def test_a_site_without_an_index_says_why_and_becomes_ready_when_there_is_one() -> None:
    engine = MemoryEngine()
    engine.fault = OperationalError("no index was built yet")
    client = create_app(Settings(), engine).test_client()
    until(lambda: client.get("/readyz"), 503)
    deadline = time.monotonic() + 120
    while "no index was built yet" not in client.get("/readyz").text:
        assert time.monotonic() < deadline
    engine.fault = None
    until(lambda: client.get("/readyz"), 200)


def test_an_unknown_fault_while_warming_is_not_shown() -> None:
    engine = MemoryEngine()
    engine.fault = RuntimeError("password=hunter2")
    client = create_app(Settings(), engine).test_client()
    deadline = time.monotonic() + 120
    while "the server's log" not in (answer := client.get("/readyz").text):
        assert time.monotonic() < deadline
        assert "hunter2" not in answer


def test_a_site_whose_index_is_lost_is_no_longer_ready() -> None:
    engine = MemoryEngine()
    client = create_app(Settings(), engine).test_client()
    until(lambda: client.get("/readyz"), 200)
    engine.fault = OperationalError("the index is gone")
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_answers_about_health_are_never_stored(engine: MemoryEngine) -> None:
    client = create_app(Settings(), engine).test_client()
    assert {client.get(path).headers["Cache-Control"] for path in ("/healthz", "/readyz")} == {"no-store"}
