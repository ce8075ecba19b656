"""`GET /api/v1/articles/{id}`: one article for programs, whatever its id looks like."""

from __future__ import annotations

import pytest
from flask import url_for
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from harbor_search.article import article_to_dict
from harbor_search.config import Settings
from harbor_search.web import create_app
from tests.support.articles import IRON, plain
from tests.support.memory_engine import MemoryEngine

ODD_IDS = (
    "https://example.org/a//b/",
    "/leading/slash",
    "with space",
    "100%",
    "a%2Fb",
    "what?#now",
    "naïve/Übung/睡眠",
    "a&b=c;d",
    '"quoted"<b>',
    "line\nbreak",
    "search",
)

SHELF = MemoryEngine()
SITE = create_app(Settings(), SHELF)


def test_an_article_comes_in_the_shape_of_the_design(client: FlaskClient) -> None:
    response = client.get("/api/v1/articles/food/iron")
    assert response.status_code == 200
    assert response.json == article_to_dict(IRON)
    assert list(response.json)[:7] == ["id", "url", "title", "section", "date", "views", "lead"]
    assert response.json["sections"][1]["anchor"] == "what-to-look-for"


def test_an_unknown_article_is_a_problem_not_a_page(client: FlaskClient) -> None:
    response = client.get("/api/v1/articles/no/such")
    assert (response.status_code, response.mimetype) == (404, "application/problem+json")
    assert "no/such" in response.json["detail"]  # type: ignore[index]


def test_an_unchanged_article_costs_304(client: FlaskClient, engine: MemoryEngine) -> None:
    tag = client.get("/api/v1/articles/food/iron").headers["ETag"]
    held = {"If-None-Match": tag}
    assert client.get("/api/v1/articles/food/iron", headers=held).status_code == 304
    assert client.get("/api/v1/articles/food/tea", headers=held).status_code == 200
    engine.rebuild([IRON], lambda *_: None)
    assert client.get("/api/v1/articles/food/iron", headers=held).status_code == 200


@pytest.mark.parametrize("article_id", ODD_IDS)
def test_the_link_on_the_results_page_opens_the_article_whatever_its_id(article_id: str) -> None:
    assert_reachable(article_id)


@settings(deadline=None)  # the machine may be busy
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_any_id_can_be_linked_and_followed(article_id: str) -> None:
    assert_reachable(article_id)


def assert_reachable(article_id: str) -> None:
    SHELF.generations = [[plain(article_id, "The One", "Sleep well.")]]
    with SITE.test_request_context():
        page = url_for("pages.article", article_id=article_id, q="sleep")
        data = url_for("api.article", article_id=article_id)
    client = SITE.test_client()
    assert "The One" in client.get(page).text
    assert client.get(data).json["id"] == article_id  # type: ignore[index]
