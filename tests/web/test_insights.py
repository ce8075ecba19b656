"""Queries are counted where the settings say so, without a trace of who asked; the page of insights needs a key."""

from __future__ import annotations

import base64
import os
import sqlite3
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from harbor_search.config import Settings
from harbor_search.insights import QUERY_LOG, QueryLog, QueryStats
from harbor_search.keys import KEYS, Keys
from harbor_search.web import create_app, warm_up
from tests.support.articles import collection
from tests.support.memory_engine import MemoryEngine

HERE = "http://localhost"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return create_app(Settings(index=tmp_path, query_log=True), MemoryEngine(collection()))


def counted(app: Flask, index: Path) -> dict[str, QueryStats]:
    app.extensions["harbor_search.query_recorder"].write()
    return {each.query: each for each in QueryLog(index / QUERY_LOG).since(date(2000, 1, 1))}


def test_searches_opened_results_and_follow_up_queries_are_counted(app: Flask, tmp_path: Path) -> None:
    client = app.test_client()
    client.get("/search?q=slumber")
    client.get("/search?q=Sleep", headers={"Referer": f"{HERE}/search?q=slumber"})
    client.get("/search?q=sleep&page=2")
    client.get("/api/v1/search?q=sleep")
    opened = collection()[0].id
    client.get(f"/articles/{opened}?q=sleep")
    client.get(f"/articles/{opened}")
    client.get("/search?q=iron", headers={"Referer": "http://elsewhere.example.org/search?q=slumber"})
    found = counted(app, tmp_path)
    assert {query: (each.count, each.pages) for query, each in found.items()} == {
        "slumber": (1, 1),
        "sleep": (2, 1),
        "iron": (1, 1),
    }
    assert (found["slumber"].hits, found["slumber"].next) == (0, {"sleep": 1})
    assert found["sleep"].opened == {opened: 1}


def test_warm_up_requests_are_not_counted(app: Flask, tmp_path: Path) -> None:
    warm_up(app)
    assert counted(app, tmp_path) == {}


def test_nothing_is_counted_unless_the_settings_say_so(tmp_path: Path) -> None:
    app = create_app(Settings(index=tmp_path), MemoryEngine(collection()))
    app.test_client().get("/search?q=sleep")
    assert "harbor_search.query_recorder" not in app.extensions
    assert not (tmp_path / QUERY_LOG).exists()


def test_the_query_log_has_no_data_about_readers(app: Flask, tmp_path: Path) -> None:
    who = {"User-Agent": "Secret/1.0", "Cookie": "secret=1", "X-Forwarded-For": "203.0.113.77"}
    app.test_client().get("/search?q=sleep", headers=who, environ_base={"REMOTE_ADDR": "203.0.113.78"})
    assert counted(app, tmp_path)["sleep"].count == 1
    dump = "\n".join(sqlite3.connect(tmp_path / QUERY_LOG).iterdump())
    assert "sleep" in dump and not any(each in dump for each in ("Secret", "secret", "203.0.113"))


def with_key(index: Path, scope: str = "insights") -> dict[str, str]:
    _, secret = Keys(index / KEYS).create("editor", [scope])
    return {"Authorization": "Basic " + base64.b64encode(f"me:{secret}".encode()).decode()}


def test_the_page_is_for_holders_of_a_key(app: Flask, tmp_path: Path) -> None:
    client = app.test_client()
    answer = client.get("/insights")
    assert answer.status_code == 401 and answer.headers["WWW-Authenticate"].startswith("Basic")
    assert client.get("/insights", headers=with_key(tmp_path, "articles:write")).status_code == 403
    assert client.post("/insights", data={"proposal": "x"}).status_code == 401
    answer = client.get("/insights", headers=with_key(tmp_path))
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert "Set-Cookie" not in answer.headers


def proposal_of(app: Flask, index: Path) -> tuple[str, str]:
    """The article that readers open for "sleep" though it is not the first, and the page that proposes it."""
    client = app.test_client()
    chosen: str = client.get("/api/v1/search?q=sleep").get_json()["hits"][-1]["id"]
    for _ in range(4):
        client.get("/search?q=sleep")
        client.get(f"/articles/{chosen}?q=sleep")
    counted(app, index)
    return chosen, client.get("/insights", headers=with_key(index)).text


def accept(app: Flask, page: str, **headers: str) -> Any:
    number = page.partition('name="proposal" value="')[2][:8]
    return app.test_client().post("/insights", data={"proposal": number}, headers=headers)


def test_a_proposal_is_accepted_on_the_page_and_counts_at_once(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen, page = proposal_of(app, tmp_path)
    assert f"sleep =&gt; {chosen}" in page
    tag = app.test_client().get("/api/v1/search?q=sleep").headers["ETag"]
    answer = accept(app, page, Origin=HERE, **{"Sec-Fetch-Site": "same-origin"}, **with_key(tmp_path))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/insights")
    os.utime(tmp_path / "pins.txt", (1, 1))
    later = time.monotonic() + 2
    monkeypatch.setattr("harbor_search.pins.time.monotonic", lambda: later)
    answer = app.test_client().get("/api/v1/search?q=sleep", headers={"If-None-Match": tag})
    assert answer.status_code == 200 and answer.get_json()["hits"][0]["id"] == chosen
    assert "Nothing to propose" in app.test_client().get("/insights", headers=with_key(tmp_path)).text


@pytest.mark.parametrize(
    "sent", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
def test_other_sites_cannot_accept_a_proposal_with_a_stored_key(
    app: Flask, tmp_path: Path, sent: dict[str, str]
) -> None:
    _, page = proposal_of(app, tmp_path)
    assert accept(app, page, **sent, **with_key(tmp_path)).status_code == 403
    assert not (tmp_path / "pins.txt").exists()


def test_a_proposal_that_is_gone_is_said_to_be(app: Flask, tmp_path: Path) -> None:
    assert accept(app, "", **with_key(tmp_path)).status_code == 404
