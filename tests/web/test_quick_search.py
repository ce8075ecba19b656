"""Plain searches of programs and readers are answered before Flask is asked, and just as it would answer them."""

from __future__ import annotations

import json
import logging
import re
from typing import Any

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from harbor_search.config import Settings
from harbor_search.web import create_app
from tests.support.articles import collection
from tests.support.memory_engine import MemoryEngine

API = "/api/v1/search"
PAGE = "/search"

PLAIN = [
    "",
    "?q=",
    "?q=iron",
    "?q=iron%20deficiency&per_page=2&page=2",
    "?q=%22iron%20deficiency%22&sort=date&strict=1&facets=0&snippets=0&total=none",
    "?q=sl%C3%A4ep+caf%e9+%F0%9F%98%80&utm_source=mail",
    "?q=iron&section=Health&date_from=2020-01-01&page=99",
    "?q=%00%01%ff",
]

OTHERS = [
    "?q=iron&q=sleep",
    "?q=iron&page=0",
    "?q=iron&sort=size",
    "?q=iron&date_from=yesterday",
    "?q=" + "x" * 5000,
    "?q=iron&cursor=nonsense",
    "?q=iron%20(",
]

DURATION = re.compile(r"in (under )?\d+ ms")

SITES = {
    "as it comes": Settings(),
    "behind a proxy": Settings(base_url="https://example.org/health/search"),
    "for some origins": Settings(cors_origins="https://www.example.org https://other.example"),
}


def ask(client: FlaskClient, query: str, path: str = API, **headers: str) -> TestResponse:
    return client.get(path + query, headers=[(name.replace("_", "-"), value) for name, value in headers.items()])


def told(answer: TestResponse) -> tuple[int, list[tuple[str, str]], Any]:
    """All that does not differ from one answer to the same question to the next."""
    headers = [(name, value) for name, value in answer.headers if name not in ("X-Request-Id", "Content-Length")]
    body: Any = DURATION.sub("", answer.text)
    if answer.mimetype == "application/json":
        found = json.loads(answer.data)
        body = {name: value for name, value in found.items() if name not in ("processing_time_ms", "query_id")}
    return answer.status_code, sorted(headers), body


@pytest.mark.parametrize("path", [API, PAGE])
@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("query", [*PLAIN, *OTHERS])
def test_the_answer_is_the_one_that_flask_gives(path: str, site: str, query: str) -> None:
    client = create_app(SITES[site], MemoryEngine(collection())).test_client()
    # A condition is none of its business, and this one is not met.
    for headers in ({}, {"Origin": "https://www.example.org"}, {"Accept_Encoding": "gzip"}, {"Host": "example.com:80"}):
        given = [ask(client, query, path, **headers, **more) for more in ({}, {"If_None_Match": '"other"'})]
        if "Accept_Encoding" in headers:
            assert given[0].headers.get("Content-Encoding") == given[1].headers.get("Content-Encoding")
            continue
        assert told(given[0]) == told(given[1])


@pytest.mark.parametrize("path", [API, PAGE])
@pytest.mark.parametrize("query", PLAIN)
def test_a_plain_search_bypasses_flask(path: str, query: str, app: Flask) -> None:
    app.full_dispatch_request = lambda *_: pytest.fail("Flask was asked")  # type: ignore[method-assign,assignment]
    answer = ask(app.test_client(), query, path)
    assert answer.status_code == 200
    assert len(answer.headers["X-Request-Id"]) == 16
    assert ask(app.test_client(), query, path, X_Request_Id="from-a-proxy").headers["X-Request-Id"] == "from-a-proxy"


def test_an_unchanged_response_is_not_sent_again(client: FlaskClient) -> None:
    tag = ask(client, "?q=iron").headers["ETag"]
    assert ask(client, "?q=iron", If_None_Match=tag).status_code == 304
    assert ask(client, "?q=sleep", If_None_Match=tag).status_code == 200


def test_a_request_that_flask_has_to_answer_counts_once() -> None:
    client = create_app(Settings(client_requests=4), MemoryEngine(collection())).test_client()
    codes = [ask(client, query, X_Forwarded_For="198.51.100.1").status_code for query in ["?q=iron", "?page=0"] * 3]
    assert codes == [200, 400, 200, 400, 429, 429]


def test_requests_are_logged_as_flask_logs_them(caplog: pytest.LogCaptureFixture) -> None:
    client = create_app(Settings(log_format="json"), MemoryEngine(collection())).test_client()
    with caplog.at_level(logging.INFO, logger="harbor_search.requests"):
        ask(client, "?q=iron")
        ask(client, "?q=iron", If_None_Match='"other"')
    lines = [record.values for record in caplog.records]  # type: ignore[attr-defined]
    for line in lines:
        assert line.pop("ms") >= 0
        assert line.pop("request_id")
    assert len(lines) == 2
    assert lines[0] == lines[1]


@pytest.mark.parametrize(
    ("register", "given"),
    [
        ("before_request", None),
        ("after_request", Response()),
        ("url_value_preprocessor", None),
        ("context_processor", {}),
        ("teardown_request", None),
        ("teardown_appcontext", None),
    ],
)
def test_hooks_of_whoever_embeds_the_site_are_run(app: Flask, register: str, given: object) -> None:
    asked = []

    def hook(*_: object) -> object:
        asked.append(True)
        return given

    getattr(app, register)(hook)
    ask(app.test_client(), "?q=iron", PAGE)
    assert asked


def test_a_hook_that_is_added_after_a_search_was_answered_is_run(app: Flask) -> None:
    asked = []
    assert ask(app.test_client(), "?q=iron", PAGE).status_code == 200
    app.before_request(lambda: asked.append(True))
    ask(app.test_client(), "?q=iron", PAGE)
    assert asked
