"""What those who run the server are told, and what not."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from harbor_search.config import Settings
from harbor_search.engines import open_engine
from harbor_search.indexing import Run, record_run
from harbor_search.serving.logs import _Json
from harbor_search.web import create_app, metrics, warm_up
from harbor_search.web.services import SLOW
from tests.support.articles import collection
from tests.support.memory_engine import MemoryEngine


def value(client: FlaskClient, name: str) -> float:
    lines = client.get("/metrics").text.splitlines()
    return next((float(line.rpartition(" ")[2]) for line in lines if line.startswith(name + " ")), 0.0)


def test_metrics_count_requests_by_route_and_status_and_tell_of_the_index(client: FlaskClient) -> None:
    counted = 'harbor_search_request_seconds_count{route="api.search_articles",status="%s"}'
    before = value(client, counted % 200), value(client, counted % 400)
    for address in ("/api/v1/search?q=iron", "/api/v1/search?q=sleep", "/api/v1/search?page=x"):
        client.get(address)
    assert (value(client, counted % 200), value(client, counted % 400)) == (before[0] + 2, before[1] + 1)
    assert value(client, "harbor_search_index_articles") == len(list(collection()))
    assert value(client, "harbor_search_index_age_seconds") > 0


def test_that_a_worker_warms_up_its_slow_lane_is_no_request_in_it(app: Flask) -> None:
    name = "harbor_search_slow_lane_requests_total"
    before = value(app.test_client(), name)
    warm_up(app)
    assert value(app.test_client(), name) == before
    app.test_client().get("/api/v1/search?q=iron", environ_overrides={SLOW: "1"})
    assert value(app.test_client(), name) == before + 1


@pytest.mark.parametrize(
    ("remote", "headers"),
    [
        ("203.0.113.9", {}),
        ("127.0.0.1", {"X-Forwarded-For": "198.51.100.1"}),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}),
        ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}),
    ],
)
def test_metrics_are_not_for_the_public(client: FlaskClient, remote: str, headers: dict[str, str]) -> None:
    assert client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": remote}).status_code == 404


def test_each_response_has_a_request_id_the_proxys_if_it_sends_one(client: FlaskClient) -> None:
    numbers = {client.get("/api/v1/search").headers["X-Request-Id"] for _ in range(3)}
    assert len(numbers) == 3
    given = client.get("/none", headers={"X-Request-Id": "from-the-proxy-1"})
    assert given.headers["X-Request-Id"] == "from-the-proxy-1"
    assert client.get("/", headers={"X-Request-Id": "<b>no</b>\u00e9"}).headers["X-Request-Id"] != "<b>no</b>\u00e9"


def test_the_log_has_a_line_for_each_request_without_its_query(caplog: pytest.LogCaptureFixture) -> None:
    client = create_app(Settings(log_format="json"), MemoryEngine(collection())).test_client()
    with caplog.at_level(logging.INFO, "harbor_search.requests"):
        answer = client.get("/search?q=a+private+matter", headers={"X-Forwarded-For": "198.51.100.1"})
    (line,) = [_Json().format(record) for record in caplog.records if record.name == "harbor_search.requests"]
    entry = json.loads(line)
    assert (entry["path"], entry["status"], entry["route"]) == ("/search", 200, "pages.results")
    assert entry["request_id"] == answer.headers["X-Request-Id"]
    assert "private" not in line and "198.51.100.1" not in line


def test_without_an_index_the_metrics_say_so(client: FlaskClient, engine: MemoryEngine) -> None:
    from harbor_search.errors import OperationalError

    def none() -> None:
        raise OperationalError("there is no index")

    engine.stats = none  # type: ignore[method-assign,assignment]
    assert "harbor_search_index_ready 0.0" in client.get("/metrics").text


def test_metrics_tell_how_many_articles_the_last_run_refused_and_whether_it_failed(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    refused = {"refused": [{"source": "a", "reason": "b"}] * 3, "noted": [], "skipped": []}
    client = create_app(Settings(index=tmp_path), MemoryEngine(collection())).test_client()
    assert "harbor_search_run_" not in client.get("/metrics").text
    record_run(tmp_path, Run("update", ["articles"], now, now, "too many were refused", refused))
    assert value(client, "harbor_search_run_refused_articles") == 3
    assert value(client, "harbor_search_run_failed") == 1
    assert value(client, "harbor_search_run_ended_seconds") == pytest.approx(now.timestamp(), abs=1)


def test_metrics_tell_how_full_the_cache_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "SAMPLED", 0.0)
    monkeypatch.setitem(metrics.DUE, "quick", 0.0)
    settings = Settings(index=tmp_path / "index", cache_mb=1)
    engine = open_engine(settings)
    engine.rebuild(collection(), lambda *_: None)
    client = create_app(settings, engine).test_client()
    client.get("/api/v1/search?q=lentils")
    before = value(client, 'harbor_search_cache_lists_read{lane="quick"}')
    client.get("/api/v1/search?q=iron+sleep")
    assert value(client, 'harbor_search_cache_lists_read{lane="quick"}') > before
    assert value(client, 'harbor_search_cache_postings{lane="quick"}') > 0
    assert value(client, 'harbor_search_cache_room{lane="quick"}') >= 1_000_000 // 64
    assert f'harbor_search_index_generation{{name="{engine.stats().live.name}"}} 1.0' in client.get("/metrics").text
    engine.close()
