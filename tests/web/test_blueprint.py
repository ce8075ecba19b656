"""The site inside another Flask application."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from harbor_search.article import Article, Section
from harbor_search.config import Settings
from harbor_search.web import create_blueprint
from tests.support.articles import collection
from tests.support.memory_engine import MemoryEngine


@pytest.fixture(params=["/find", "/a/b", "/suche/für"])
def prefix(request: pytest.FixtureRequest) -> str:
    prefix: str = request.param
    return prefix


@pytest.fixture
def client(prefix: str) -> FlaskClient:
    odd = Article("https://example.org/a//b", "An Address", (Section("", "", "Its id is an address."),))
    outer = Flask("outer")
    outer.register_blueprint(create_blueprint(Settings(), MemoryEngine([*collection(), odd])), url_prefix=prefix)
    outer.add_url_rule("/", view_func=lambda: "the outer site")
    return outer.test_client()


def test_pages_answer_below_the_prefix_and_link_below_it(client: FlaskClient, prefix: str) -> None:
    page = client.get(f"{prefix}/search?q=iron")
    assert page.status_code == 200
    links = re.findall(r'(?:href|src|action)="(/[^"]*)"', page.text)
    assert len(links) > 5
    quoted = prefix.replace("ü", "%C3%BC")
    assert [link for link in links if not link.startswith((f"{quoted}/", f"{prefix}/"))] == []
    assert {client.get(link.replace("&amp;", "&")).status_code for link in links} == {200}


def test_the_json_endpoint_answers_below_the_prefix(client: FlaskClient, prefix: str) -> None:
    answer = client.get(f"{prefix}/api/v1/search?q=iron")
    assert answer.json is not None
    assert answer.json["query"] == "iron"
    problem = client.get(f"{prefix}/api/v1/search?page=x")
    assert (problem.status_code, problem.mimetype) == (400, "application/problem+json")


def test_the_prefix_itself_leads_to_the_front_page(client: FlaskClient, prefix: str) -> None:
    assert 'role="search"' in client.get(prefix, follow_redirects=True).text


def test_an_id_with_two_slashes_in_a_row_is_an_articles_address(client: FlaskClient, prefix: str) -> None:
    page = client.get(f"{prefix}/articles/https://example.org/a//b")
    assert page.status_code == 200
    assert "An Address" in page.text


def test_errors_below_the_prefix_are_the_sites_and_others_the_outer_applications(
    client: FlaskClient, prefix: str
) -> None:
    assert 'role="search"' in client.get(f"{prefix}/nowhere").text
    assert 'role="search"' not in client.get("/nowhere").text
    assert client.get("/").text == "the outer site"


def test_two_collections_can_hang_in_one_application() -> None:
    outer = Flask("outer")
    one, other = MemoryEngine(collection()[:1]), MemoryEngine(collection()[1:2])
    outer.register_blueprint(create_blueprint(Settings(), one, name="one"), url_prefix="/one")
    outer.register_blueprint(create_blueprint(Settings(), other, name="other"), url_prefix="/other")
    with outer.test_client() as client:
        found = [client.get(f"/{name}/api/v1/search").json for name in ("one", "other")]
    assert [answer["hits"][0]["id"] for answer in found if answer] == [each.id for each in collection()[:2]]
