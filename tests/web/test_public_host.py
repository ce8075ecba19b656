"""Behind a proxy the site builds the addresses that the public sees."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from harbor_search.config import Settings
from harbor_search.errors import UserError
from harbor_search.web import create_app
from tests.support.articles import collection
from tests.support.memory_engine import MemoryEngine
from tests.web.page import Page, visit


def site(base_url: str) -> FlaskClient:
    return create_app(Settings(base_url=base_url), MemoryEngine(collection())).test_client()


def page_of(response: TestResponse) -> Page:
    return Page(response.text, response.status_code)


def test_absolute_addresses_start_with_the_base_url() -> None:
    client = site("https://example.org")
    assert "<https://example.org/api/v1/search?q=sleep>" in client.get("/api/v1/search?q=sleep").headers["Link"]
    assert "https://example.org/search?q={searchTerms}" in client.get("/opensearch.xml").text
    assert client.get("/api/v1/none").json["type"].startswith("https://example.org/")  # type: ignore[index]


@pytest.mark.parametrize("passed_on", ["/find", ""])
def test_a_base_url_with_a_path_prefixes_every_link_whether_the_proxy_passes_it_on_or_not(passed_on: str) -> None:
    client = site("https://example.org/find/")
    page = visit(client, f"{passed_on}/search?q=iron")
    assert page.link("Signs of Low Iron") == "/find/articles/food/iron?q=iron"
    assert page.one("//form[@role='search']").get("action") == "/find/search"
    assert page.one("//link[@rel='stylesheet']").get("href").startswith("/find/static/")


@pytest.mark.parametrize("strips", [True, False], ids=["stripped", "kept"])
@pytest.mark.parametrize(
    "prefix", ["/search", "/articles", "/articles/health", "/api", "/static", "/healthz", "/s%C3%BCche", "/a/b"]
)
def test_below_any_path_every_address_that_the_site_gives_leads_where_it_should(prefix: str, strips: bool) -> None:
    client = site(f"https://example.org{prefix}")
    prefix = unquote(prefix)

    def ask(address: str, *, status: int = 200) -> TestResponse:
        address = unquote(address)
        assert address.startswith(f"{prefix}/")
        response = client.get(address.removeprefix(prefix) if strips else address)
        assert response.status_code == status
        return response

    front = page_of(ask(f"{prefix}/"))
    assert "css" in ask(front.one("//link[@rel='stylesheet']").get("href")).headers["Content-Type"]
    results = page_of(ask(front.one("//form[@role='search']").get("action") + "?q=iron"))
    assert "Signs of Low Iron" in ask(results.link("Signs of Low Iron")).text
    assert ask(f"{prefix}/api/v1/search?q=iron").json["hits"]  # type: ignore[index]
    missing = ask(f"{prefix}/api/v1/articles/nowhere", status=404).json
    assert missing is not None
    assert "problem" in ask(missing["type"].removeprefix("https://example.org").partition("#")[0]).text.lower()
    assert ask(f"{prefix}/healthz").json == {"status": "ok"}


@pytest.mark.parametrize("strips", [True, False], ids=["stripped", "kept"])
def test_an_article_that_is_called_as_a_page_of_the_site_is_reached_below_a_path(strips: bool) -> None:
    named_search = collection()[0]._replace(id="search", title="On Searching")
    app = create_app(Settings(base_url="https://example.org/articles"), MemoryEngine([named_search]))
    client = app.test_client()
    link = page_of(client.get("/")).link("On Searching")
    assert "On Searching" in page_of(client.get(link.removeprefix("/articles") if strips else link)).one("//h1").text


def test_a_base_url_below_the_sites_own_endpoint_is_refused() -> None:
    with pytest.raises(UserError, match="hang the site somewhere else"):
        site("https://example.org/api/v1/articles")


@pytest.mark.parametrize(
    "base_url", ["example.org", "ftp://example.org", "https://", "https://user@example.org", "https://a b"]
)
def test_a_base_url_that_is_no_address_is_refused_at_the_start(base_url: str) -> None:
    with pytest.raises(UserError, match="base_url must be an address such as"):
        site(base_url)


def test_a_forged_host_is_not_believed_where_a_base_url_is_set() -> None:
    response = site("https://example.org").get("/opensearch.xml", headers={"Host": "evil.example"})
    assert "evil" not in response.text
