"""The front page: the box first, then ways to look around."""

from __future__ import annotations

from datetime import date

from flask.testing import FlaskClient

from harbor_search.config import Settings
from harbor_search.web import create_app
from tests.support.articles import collection, plain
from tests.support.memory_engine import MemoryEngine
from tests.web.page import visit


def test_the_front_page_offers_box_sections_and_what_others_read(client: FlaskClient) -> None:
    page = visit(client, "/")
    assert page.one("//main//form[@role='search']").get("action") == "/search"
    assert page.link("Sleep", "//section[@aria-labelledby='site-sections']") == "/search?section=Health+%3E+Sleep"
    popular = page.texts("//section[@aria-labelledby='site-showcase']//h3")
    assert popular == ["Signs of Low Iron", "Night 24", "Night 23", "Night 22", "Night 21", "Night 20"]


def test_without_view_counts_the_newest_are_shown_and_without_dates_any() -> None:
    dated = [plain(f"a{year}", f"In {year}", "Text.", published=date(year, 1, 1)) for year in (2021, 2023, 2022)]
    for articles, heading, first in (
        (dated, "Newest", "In 2023"),
        ([plain("b", "Bare")], "Articles to start with", "Bare"),
    ):
        page = visit(create_app(Settings(), MemoryEngine(articles)).test_client(), "/")
        assert page.text("//h2[@id='site-showcase']") == heading
        assert page.texts("//section[@aria-labelledby='site-showcase']//h3")[0] == first


def test_browsers_can_add_the_site_as_a_search_engine(client: FlaskClient) -> None:
    link = visit(client, "/").one("//link[@rel='search']")
    assert link.get("type") == "application/opensearchdescription+xml"
    assert client.get(link.get("href")).status_code == 200


def test_the_site_carries_the_name_it_was_given() -> None:
    client = create_app(Settings(site_name="Aid & Care <b>"), MemoryEngine(collection())).test_client()
    page = visit(client, "/")
    assert page.text("//header//a[@class='brand']") == "Aid & Care <b>"


def test_every_page_has_its_landmarks_one_heading_and_a_way_past_the_header(client: FlaskClient) -> None:
    for address in ("/", "/search?q=sleep", "/search?q=zebra", "/articles/food/iron?q=iron", "/nowhere", "/problems"):
        page = visit(client, address)
        assert len(page.all("//h1")) == len(page.all("//main")) == len(page.all("//header[@class='site-header']")) == 1
        assert page.one("//body/a[1]").get("href") == "#site-main"
        assert page.one("//main").get("id") == "site-main"
        assert page.one("/html").get("lang") == "en"
        box = page.one("//form[@role='search']//input[@type='search']")
        assert page.all(f"//label[@for='{box.get('id')}']")
        ids = [each.get("id") for each in page.all("//*[@id]")]
        assert len(ids) == len(set(ids))
        assert page.texts("//title") != [""]
