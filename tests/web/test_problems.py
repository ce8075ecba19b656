"""Errors at the web interface: whose fault, said to programs as problem+json and to readers as a page."""

from __future__ import annotations

import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient

from harbor_search.config import Settings
from harbor_search.errors import OperationalError
from harbor_search.web import create_app
from tests.support.memory_engine import MemoryEngine
from tests.web.page import visit

MEMBERS = ["type", "title", "status", "detail", "instance"]


def test_a_problem_has_the_members_of_rfc_9457_and_where_the_fault_is(client: FlaskClient) -> None:
    problem = client.get("/api/v1/search?q=sleep&sort=best").json
    assert problem is not None
    assert list(problem) == [*MEMBERS, "parameter", "choices"]
    assert problem["type"] == "http://localhost/problems#invalid-request"
    assert problem["status"] == 400
    assert problem["instance"] == "/api/v1/search?q=sleep&sort=best"
    assert problem["choices"] == ["relevance", "date", "views"]


def test_a_problem_says_at_which_character_the_query_goes_wrong(client: FlaskClient) -> None:
    problem = client.get("/api/v1/search?q=" + "x" * 10_001).json
    assert problem is not None
    assert (problem["parameter"], problem["position"]) == ("q", 10_000)


@pytest.mark.parametrize("status", [400, 404, 405, 500, 503])
def test_the_type_of_a_problem_is_an_address_that_describes_it(
    client: FlaskClient, engine: MemoryEngine, status: int
) -> None:
    asked = {400: "/api/v1/search?page=0", 404: "/api/v1/none"}.get(status, "/api/v1/search")
    engine.fault = {500: RuntimeError("secret"), 503: OperationalError("no index")}.get(status)
    response = client.delete(asked) if status == 405 else client.get(asked)
    assert response.status_code == status
    address, anchor = response.json["type"].split("#")  # type: ignore[index]
    engine.fault = None
    assert visit(client, address).one(f"//*[@id='{anchor}']") is not None


def test_the_wrong_method_is_answered_with_the_right_ones(client: FlaskClient) -> None:
    response = client.post("/api/v1/search", json={})
    assert (response.status_code, response.mimetype) == (405, "application/problem+json")
    assert "GET" in response.headers["Allow"]


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        ("PATCH", "/api/v1/articles/x", "DELETE, GET, HEAD, OPTIONS, PUT"),
        ("POST", "/api/v1/articles/x", "DELETE, GET, HEAD, OPTIONS, PUT"),
        ("POST", "/api/v1/search", "GET, HEAD, OPTIONS"),
        ("TRACE", "/healthz", "GET, HEAD, OPTIONS"),
    ],
)
def test_the_answer_to_a_wrong_method_says_which_the_address_takes(
    client: FlaskClient, method: str, address: str, allowed: str
) -> None:
    response = client.open(address, method=method)
    assert response.json is not None
    assert response.json["detail"] == f"This address takes no requests of this kind, only these: {allowed}."
    assert sorted(response.headers["Allow"].split(", ")) == allowed.split(", ")


@pytest.mark.parametrize(("language", "told"), [("en", "takes no requests"), ("de", "nimmt keine Anfragen")])
def test_readers_are_told_in_their_language_what_an_address_takes(language: str, told: str) -> None:
    client = create_app(Settings(language=language), MemoryEngine()).test_client()
    response = client.post("/search")
    assert response.status_code == 405
    assert told in response.text and "GET, HEAD, OPTIONS." in response.text
    assert 'class="fault-detail">' in response.text  # in the language of the page


def test_an_engine_that_cannot_answer_is_503_with_when_to_retry_and_its_reason_in_the_log_alone(
    client: FlaskClient, engine: MemoryEngine, caplog: pytest.LogCaptureFixture
) -> None:
    engine.fault = OperationalError("no index was built in /srv/index yet; run `harbor-search rebuild`")
    with caplog.at_level(logging.ERROR):
        response = client.get("/api/v1/search?q=sleep")
    assert "/srv/index" in caplog.text
    assert (response.status_code, response.mimetype) == (503, "application/problem+json")
    assert int(response.headers["Retry-After"]) > 0
    assert response.headers["Cache-Control"] == "no-store"
    assert "/srv/index" not in response.text


@pytest.mark.parametrize("address", ["/", "/search?q=sleep", "/articles/food/iron"])
def test_readers_get_a_page_when_the_engine_cannot_answer(
    client: FlaskClient, engine: MemoryEngine, address: str
) -> None:
    engine.fault = OperationalError("no index was built yet")
    response = client.get(address)
    assert (response.status_code, response.mimetype) == (503, "text/html")
    assert "Retry-After" in response.headers
    assert visit(client, address).link("try again", "//main") == address


@pytest.mark.parametrize("address", ["/api/v1/search?q=sleep", "/search?q=sleep"])
def test_an_unknown_fault_is_logged_and_shows_nothing_of_the_inside(
    client: FlaskClient, engine: MemoryEngine, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    engine.fault = RuntimeError("password=hunter2")
    with caplog.at_level(logging.ERROR):
        response = client.get(address)
    assert response.status_code == 500
    assert "hunter2" not in response.text
    assert "Traceback" not in response.text
    assert "hunter2" in caplog.text
    assert "/search" in caplog.text


def test_debug_mode_shows_nothing_of_the_inside_either(app: Flask, engine: MemoryEngine) -> None:
    engine.fault = RuntimeError("password=hunter2")
    app.debug = True
    assert "hunter2" not in app.test_client().get("/search").text


def test_a_reader_whose_search_cannot_be_keeps_the_words_in_the_box(client: FlaskClient) -> None:
    page = visit(client, "/search?q=iron+tea&page=0")
    assert page.status == 400
    assert page.one("//input[@name='q']").get("value") == "iron tea"
    assert "page must be a whole number" in page.text("//main")


def test_a_missing_page_offers_the_box_and_a_way_on(client: FlaskClient) -> None:
    page = visit(client, "/articles/no/such?q=iron")
    assert page.status == 404
    assert page.all("//form[@role='search']")
    assert page.link("front page", "//main") == "/"


@pytest.mark.parametrize("host", ["bad host", "a<b>", "x" * 300, "[::1", "evil.example:99999999"])
def test_a_malformed_host_is_a_fault_of_the_client(client: FlaskClient, host: str) -> None:
    for address in ("/search?q=sleep", "/api/v1/search?q=sleep", "/opensearch.xml", "/nowhere"):
        response = client.get(address, headers={"Host": host})
        assert response.status_code in (200, 400, 404)
        assert "<b>" not in response.text.replace("&lt;b&gt;", "")
