"""What other search engines, social networks and home screens learn of the site."""

from __future__ import annotations

from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from harbor_search.article import Article
from harbor_search.config import Settings
from harbor_search.web import crawlers, create_app
from tests.support.articles import plain
from tests.support.memory_engine import MemoryEngine
from tests.web.page import visit

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def test_robots_read_articles_and_leave_searches(client: FlaskClient) -> None:
    lines = client.get("/robots.txt").text.splitlines()
    assert lines[0] == "User-agent: *"
    assert "Disallow: /search" in lines and "Disallow: /api/" in lines
    assert "Sitemap: http://localhost/sitemap.xml" in lines


def test_the_sitemap_lists_every_article_whose_only_page_is_here(client: FlaskClient) -> None:
    index = ElementTree.fromstring(client.get("/sitemap.xml").data)
    addresses = [each.text or "" for each in index.iterfind("s:sitemap/s:loc", NAMES)]
    assert addresses == ["http://localhost/sitemap-1.xml"]
    urls = ElementTree.fromstring(client.get(addresses[0]).data)
    found = {each.findtext("s:loc", "", NAMES): each.findtext("s:lastmod", "", NAMES) for each in urls}
    assert found["http://localhost/articles/food/tea"] == "2024-05-01"
    assert found["http://localhost/articles/family/toddlers"] == ""
    # Its canonical page is the publisher's.
    assert "http://localhost/articles/food/iron" not in found
    assert len(found) == 26
    assert client.get("/sitemap-2.xml").status_code == 404


def test_a_large_collection_has_several_sitemaps() -> None:
    client = create_app(Settings(), MemoryEngine([plain(f"a{n}") for n in range(1001)])).test_client()
    index = ElementTree.fromstring(client.get("/sitemap.xml").data)
    counts = [
        len(ElementTree.fromstring(client.get(each.text or "").data)) for each in index.iterfind("*/s:loc", NAMES)
    ]
    assert counts == [1000, 1]


def dated(number: int, url: str = "") -> Article:
    """An article that is the older, the higher its number."""
    return plain(f"a{number:05}")._replace(url=url, published=date(2024, 1, 1) - timedelta(days=number))


def sitemaps_of(client: FlaskClient) -> dict[str, list[str]]:
    """The addresses in each sitemap that is listed."""
    index = ElementTree.fromstring(client.get("/sitemap.xml").data)
    addresses = [each.text or "" for each in index.iterfind("*/s:loc", NAMES)]
    return {
        address: [
            each.text or "" for each in ElementTree.fromstring(client.get(address).data).iterfind("*/s:loc", NAMES)
        ]
        for address in addresses
    }


def test_sitemaps_of_articles_that_all_have_pages_elsewhere_are_not_listed() -> None:
    articles = [dated(n, "" if 1000 <= n < 2000 else f"https://example.org/{n}") for n in range(3000)]
    found = sitemaps_of(create_app(Settings(), MemoryEngine(articles)).test_client())
    assert list(found) == ["http://localhost/sitemap-2.xml"]
    assert len(found["http://localhost/sitemap-2.xml"]) == 1000


def test_no_sitemap_is_empty_where_all_articles_have_pages_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    articles = [dated(n, f"https://example.org/{n}") for n in range(1500)]
    client = create_app(Settings(), MemoryEngine(articles)).test_client()
    assert sitemaps_of(client) == {"http://localhost/sitemap-1.xml": ["http://localhost/"]}
    # Older articles than are looked at: nobody knows, and what is listed is a sitemap all the same.
    monkeypatch.setattr(crawlers, "LOOKED_AT", 1000)
    assert sitemaps_of(client) == {"http://localhost/sitemap-2.xml": ["http://localhost/"]}
    assert client.get("/sitemap-3.xml").status_code == 404


@pytest.mark.parametrize("address", ["/", "/articles/food/iron", "/articles/food/tea?q=tea"])
def test_pages_say_what_they_are_about(client: FlaskClient, address: str) -> None:
    page = visit(client, address)
    description = page.one("//meta[@name='description']").get("content")
    assert 20 < len(description) < 170
    og = {each.get("property"): each.get("content") for each in page.all("//meta[starts-with(@property, 'og:')]")}
    assert og["og:description"] == description
    assert og["og:site_name"] == "HealthHarbor"
    assert og["og:url"] == page.one("//link[@rel='canonical']").get("href")
    assert client.get(og["og:image"]).mimetype == "image/png"


def test_icons_and_the_manifest_are_there(client: FlaskClient) -> None:
    page = visit(client, "/")
    for icon in page.all("//link[@rel='icon' or @rel='apple-touch-icon']/@href"):
        assert client.get(str(icon)).status_code == 200
    assert client.get("/favicon.ico").status_code == 200
    manifest = client.get(page.one("//link[@rel='manifest']").get("href")).get_json(force=True)
    assert manifest["name"] == "HealthHarbor"
    assert [client.get(each["src"]).status_code for each in manifest["icons"]] == [200, 200]


def test_the_widget_comes_with_the_words_of_the_site_and_may_be_loaded_by_any_site() -> None:
    client = create_app(Settings(language="de"), MemoryEngine()).test_client()
    answer = client.get("/harbor-search.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert '"search":"Suchen"' in answer.text and "Clear recent searches" not in answer.text
    assert client.get("/harbor-search.js", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
