"""A site over HTTP is read politely and within bounds; each page is an article, skipped or refused."""

from __future__ import annotations

import gzip
import time
from pathlib import Path

from harbor_search.ingest import Outcome, Read, Refused, Skipped, Source, read_articles
from tests.ingest.reading import MAX_BYTES
from tests.ingest.sources.web import Page, Site, html, serving


def read(site: Site, at: str = "/", fetched: Path | None = None, **more: object) -> list[Outcome]:
    source = Source(f"{site.address}{at}", **{"delay": 0.0, **more})  # type: ignore[arg-type]
    return list(read_articles([source], max_bytes=MAX_BYTES, fetched=fetched))


def titles(found: list[Outcome]) -> list[str]:
    return [each.article.title for each in found if isinstance(each, Read)]


def told(found: list[Outcome], kind: type) -> dict[str, str]:
    pairs = [
        (each.source, each.reason) for each in found if isinstance(each, Refused | Skipped) and isinstance(each, kind)
    ]
    return {f"/{source.split('/', 3)[-1]}": reason for source, reason in pairs}


def test_links_are_followed_within_the_host_each_page_once() -> None:
    pages = {
        "/": html("Home", "/a", "b?x=1#part", "https://elsewhere.example/", "mailto:me@example.org", "/logo.png"),
        "/a": html("Iron", "/", "/b?x=1"),
        "/b?x=1": html("Tea", "/a#more"),
    }
    with serving(pages) as site:
        found = read(site)
        assert titles(found) == ["Home", "Iron", "Tea"]
        assert site.paths() == ["/", "/a", "/b?x=1"]
        assert all(agent.startswith("harbor-search/") for agent in site.agents)
    article = found[1]
    assert isinstance(article, Read)
    assert article.article.id == article.article.url == f"{site.address}/a"


def test_robots_txt_is_obeyed() -> None:
    robots = Page("User-agent: *\nDisallow: /private\n\nUser-agent: other\nDisallow: /\n", kind="text/plain")
    with serving({"/robots.txt": robots, "/": html("Home", "/private/x", "/a"), "/a": html("Iron")}) as site:
        found = read(site)
        assert titles(found) == ["Home", "Iron"]
        assert "/private/x" not in site.paths()
    assert "robots.txt" in told(found, Skipped)["/private/x"]


def test_where_robots_txt_cannot_be_read_nothing_is_asked_for() -> None:
    with serving({"/robots.txt": Page(status=500), "/": html("Home")}) as site:
        found = read(site)
        assert titles(found) == [] and site.paths() == []
    assert "robots.txt cannot be read" in told(found, Refused)["/"]


def test_requests_keep_the_delay_that_the_site_asks_for() -> None:
    robots = Page("User-agent: *\nCrawl-delay: 0.2\n", kind="text/plain")
    with serving({"/robots.txt": robots, "/": html("Home", "/a", "/b"), "/a": html("A"), "/b": html("B")}) as site:
        started = time.monotonic()
        read(site)
        assert time.monotonic() - started >= 0.6


def test_noindex_and_nofollow_are_obeyed_in_pages_and_headers() -> None:
    pages = {
        "/": html("Home", "/a", "/b", "/c"),
        "/a": html("Iron", head='<meta name="robots" content="noindex">'),
        "/b": Page(html("Tea"), headers={"X-Robots-Tag": "noindex"}),
        "/c": html("Naps", "/d", head='<meta name="ROBOTS" content="nofollow">'),
        "/d": html("Never"),
    }
    with serving(pages) as site:
        found = read(site)
    assert titles(found) == ["Home", "Naps"]
    assert set(told(found, Skipped)) == {"/a", "/b"}


def test_depth_and_pages_are_bounded_and_the_report_says_so() -> None:
    pages: dict[str, Page | str] = {"/": html("Page", "/1")}
    pages |= {f"/{n}": html(f"Page {n}", f"/{n + 1}") for n in range(1, 20)}
    with serving(pages) as site:
        assert len(titles(read(site, max_depth=3))) == 4
        found = read(site, max_pages=5)
    assert len(titles(found)) == 5
    assert any("max_pages" in reason for reason in told(found, Refused).values())


def test_a_site_may_be_narrowed_by_patterns() -> None:
    pages = {"/": html("Home", "/blog/a", "/shop/b"), "/blog/a": html("Iron"), "/shop/b": html("Greens")}
    with serving(pages) as site:
        assert titles(read(site, exclude=("/shop/",))) == ["Home", "Iron"]


def test_dead_links_are_skipped_and_failures_of_the_server_refused() -> None:
    pages = {"/": html("Home", "/gone", "/broken", "/away"), "/broken": Page(status=500)}
    pages["/away"] = Page(status=302, headers={"Location": "https://elsewhere.example/"})
    with serving(pages) as site:
        found = read(site)
    assert "404" in told(found, Skipped)["/gone"]
    assert "another host" in told(found, Skipped)["/away"]
    assert "500" in told(found, Refused)["/broken"]


def test_a_page_that_has_moved_within_the_site_is_the_article_at_its_new_address() -> None:
    pages = {"/": html("Home", "/old"), "/old": Page(status=301, headers={"Location": "/new"}), "/new": html("Iron")}
    with serving(pages) as site:
        found = read(site)
    assert [each.article.id.removeprefix(site.address) for each in found if isinstance(each, Read)] == ["/", "/new"]


def test_pages_that_have_not_changed_are_not_sent_again(tmp_path: Path) -> None:
    pages = {"/": Page(html("Home", "/a"), headers={"ETag": '"1"'}), "/a": Page(html("Iron"), headers={"ETag": '"2"'})}
    with serving(pages) as site:
        first = read(site, fetched=tmp_path / "fetched")
        site.pages["/a"] = Page(html("Zinc"), headers={"ETag": '"3"'})
        again = read(site, fetched=tmp_path / "fetched")
        assert (titles(first), titles(again)) == (["Home", "Iron"], ["Home", "Zinc"])
        assert [status for path, status in site.asked if path != "/robots.txt"] == [200, 200, 304, 200]


def test_a_page_that_unpacks_into_too_much_is_refused() -> None:
    bomb = Page(gzip.compress(bytes(50_000_000)), headers={"Content-Encoding": "gzip"})
    with serving({"/": html("Home", "/bomb"), "/bomb": bomb}) as site:
        found = read(site)
    assert "larger than" in told(found, Refused)["/bomb"]


def test_a_sitemap_and_the_sitemaps_that_it_lists_name_the_pages() -> None:
    with serving({"/a": html("Iron"), "/b": html("Tea")}) as site:
        inner = (
            f"<urlset><url><loc>{site.address}/b</loc></url><url><loc>https://elsewhere.example/</loc></url></urlset>"
        )
        space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        outer = f"<sitemapindex {space}><sitemap><loc>{site.address}/inner.xml.gz</loc></sitemap></sitemapindex>"
        site.pages["/sitemap.xml"] = Page(outer, kind="text/xml")
        site.pages["/inner.xml.gz"] = Page(gzip.compress(inner.encode()), kind="application/gzip")
        assert titles(read(site, "/sitemap.xml")) == ["Tea"]
        site.pages["/sitemap.xml"] = Page(
            f"<urlset {space}><url><loc>{site.address}/a</loc></url></urlset>", kind="text/xml"
        )
        assert titles(read(site, "/sitemap.xml")) == ["Iron"]


def test_a_sitemap_that_is_none_is_refused() -> None:
    with serving({"/sitemap.xml": Page("", kind="text/xml")}) as site:
        found = read(site, "/sitemap.xml")
    assert "cannot be read" in told(found, Refused)["/sitemap.xml"]


def test_a_page_whose_canonical_address_was_read_already_is_skipped() -> None:
    with serving({}) as site:
        head = f'<link rel="canonical" href="{site.address}/a">'
        site.pages |= {
            "/": Page(html("Home", "/a", "/a?print=1")),
            "/a": Page(html("Iron", head=head)),
            "/a?print=1": Page(html("Iron", head=head)),
        }
        found = read(site)
    assert titles(found) == ["Home", "Iron"]
    assert "is taken by" in told(found, Skipped)["/a?print=1"]
    assert not told(found, Refused)


def test_a_page_that_has_not_changed_may_still_be_withdrawn_from_search(tmp_path: Path) -> None:
    pages = {"/": html("Home", "/a"), "/a": Page(html("Iron"), headers={"ETag": '"1"'})}
    with serving(pages) as site:
        assert titles(read(site, fetched=tmp_path / "fetched")) == ["Home", "Iron"]
        site.pages["/a"].headers["X-Robots-Tag"] = "noindex"
        found = read(site, fetched=tmp_path / "fetched")
        assert ("/a", 304) in site.asked
    assert titles(found) == ["Home"] and "noindex" in told(found, Skipped)["/a"]


def test_a_redirect_leads_to_no_page_that_may_not_be_read() -> None:
    pages = {
        "/robots.txt": Page("User-agent: *\nDisallow: /private\n", kind="text/plain"),
        "/": html("Home", "/old", "/older"),
        "/old": Page(status=301, headers={"Location": "/private/x"}),
        "/older": Page(status=301, headers={"Location": "/shop/x"}),
        "/private/x": html("Secret"),
        "/shop/x": html("Sold"),
    }
    with serving(pages) as site:
        found = read(site, exclude=("/shop/",))
    assert titles(found) == ["Home"]
    assert {"/old", "/older"} == set(told(found, Skipped))
