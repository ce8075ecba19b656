"""An article's page: its text with headings to link to, and the words that were searched for marked."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from harbor_search.article import Article, Section
from harbor_search.config import Settings
from harbor_search.web import create_app
from tests.support.articles import IRON, plain
from tests.support.memory_engine import MemoryEngine
from tests.web.page import Page, visit


def shown(article: Article, query: str = "") -> Page:
    return visit(create_app(Settings(), MemoryEngine([article])).test_client(), f"/articles/{article.id}?q={query}")


def test_an_article_is_shown_whole(client: FlaskClient) -> None:
    page = visit(client, "/articles/food/iron")
    assert page.text("//h1") == "Signs of Low Iron"
    assert page.texts("//div[@class='prose']//h2") == [each.heading for each in IRON.body if each.heading]
    assert page.texts("//div[@class='prose']/section[1]/p") == [
        "Feeling tired is common. Low iron is one reason among many.",
        "It can be put right.",
    ]
    assert page.texts("//div[@class='prose']//li") == ["tiredness", "headaches"]
    assert page.one("//time").get("datetime") == "2025-01-06"
    assert not page.all("//mark")


def test_headings_carry_the_anchors_that_snippets_link_to(client: FlaskClient) -> None:
    page = visit(client, "/articles/food/iron")
    for section in IRON.body[1:]:
        assert page.text(f"//h2[@id='{section.anchor}']") == section.heading
        assert page.link(section.heading, "//nav[@aria-labelledby='site-contents']") == f"#{section.anchor}"


def test_the_words_of_the_query_are_marked_in_title_headings_and_text(client: FlaskClient) -> None:
    page = visit(client, "/articles/food/iron?q=iron+headaches")
    assert page.texts("//h1//mark") == ["Iron"]
    assert page.texts("//h2[@id='foods-with-iron']//mark") == ["Iron"]
    assert page.texts("//li/mark") == ["headaches"]
    assert page.text("//div[@class='matches']/p[1]").startswith(
        f"{len(page.all('//mark'))} matches of “iron headaches”"
    )
    assert page.link("without marks") == "/articles/food/iron"


def test_an_article_without_the_words_says_so(client: FlaskClient) -> None:
    assert "does not contain" in visit(client, "/articles/food/iron?q=zebra").text("//div[@class='matches']/p[1]")


def test_breadcrumbs_lead_to_every_level_of_the_section(client: FlaskClient) -> None:
    page = visit(client, "/articles/food/iron?q=iron")
    trail = "//nav[@aria-label='Breadcrumb']"
    assert page.texts(f"{trail}//li") == ["Home", "Health", "Food"]
    assert page.link("Food", trail) == "/search?section=Health+%3E+Food"
    assert page.link("Results for", "//main") == "/search?q=iron"


def test_a_range_across_paragraphs_and_items_is_marked_in_each() -> None:
    engine = MemoryEngine([plain("one", "One", "deep\n\nsleep and\n- deep\n- sleep")])
    page = visit(create_app(Settings(), engine).test_client(), '/articles/one?q="deep+sleep"')
    assert page.texts("//p/mark") == ["deep", "sleep"]
    assert page.texts("//li/mark") == ["deep", "sleep"]


@pytest.mark.parametrize("url", ["https://example.org/food/iron", "http://example.org"])
def test_the_original_page_is_linked(url: str) -> None:
    page = shown(IRON._replace(id="iron", url=url))
    assert page.link("Original page") == url
    assert page.one("//link[@rel='canonical']").get("href") == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt://example.org/%0aalert(1)",
        "data:text/html,x",
        "//example.org",
        "iron.html",
        "http://",
        "https://[",
        "",
    ],
)
def test_only_web_addresses_become_links(url: str) -> None:
    page = shown(IRON._replace(id="iron", url=url))
    assert not page.all("//a[contains(., 'Original page')]")
    assert page.one("//link[@rel='canonical']").get("href") == "http://localhost/articles/iron"


def test_a_repeated_anchor_stays_unique_on_the_page() -> None:
    body = tuple(Section("Again", "again", f"Text {number}.") for number in range(3))
    page = shown(Article(id="twice", title="Twice", body=body))
    assert len(page.all("//*[@id='again']")) == 1
    assert len(page.all("//div[@class='prose']//h2")) == 3


def test_an_article_of_a_lead_alone_shows_it() -> None:
    assert (
        shown(Article(id="lead", title="Lead", lead="All there is.")).text("//div[@class='prose']") == "All there is."
    )


def test_the_language_of_the_article_is_said_for_the_article_only() -> None:
    page = shown(plain("de", "Schlaf", "Guter Schlaf.", language="de"))
    assert page.one("//article").get("lang") == "de"
    assert page.one("/html").get("lang") == "en"
