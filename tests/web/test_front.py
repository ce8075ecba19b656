"""Behind a proxy the site builds the addresses that the public sees."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from harbor_search.config import Settings
from harbor_search.errors import UserError
from harbor_search.web import create_app
from tests.support.articles import collection
from tests.support.memory_engine import MemoryEngine
from tests.web.page import visit


def site(base_url: str) -> FlaskClient:
    return create_app(Settings(base_url=base_url), MemoryEngine(collection())).test_client()


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


@pytest.mark.parametrize(
    "base_url", ["example.org", "ftp://example.org", "https://", "https://user@example.org", "https://a b"]
)
def test_a_base_url_that_is_no_address_is_refused_at_the_start(base_url: str) -> None:
    with pytest.raises(UserError, match="base_url must be an address such as"):
        site(base_url)


def test_a_forged_host_is_not_believed_where_a_base_url_is_set() -> None:
    response = site("https://example.org").get("/opensearch.xml", headers={"Host": "evil.example"})
    assert "evil" not in response.text
