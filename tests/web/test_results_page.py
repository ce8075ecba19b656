"""The results page: what was found, how to narrow and widen it, and what to do when nothing was."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from harbor_search.article import Article
from harbor_search.config import Settings
from harbor_search.web import create_app
from tests.support.articles import plain
from tests.support.memory_engine import MemoryEngine
from tests.web.page import parameters, visit

FILTERS = "//aside[@aria-label='Filters']"
SECTIONS = f"{FILTERS}//section[1]//li/a"
HITS = "//ol[@class='hits']/li"


def test_a_search_shows_count_titles_and_marked_words(client: FlaskClient) -> None:
    page = visit(client, "/search?q=iron")
    assert page.text("//h1") == "Results for “iron”"
    assert page.text("//p[@class='count']").startswith("1 result in ")
    assert page.texts(f"{HITS}//h2") == ["Signs of Low Iron"]
    assert page.texts(f"{HITS}//h2//mark") == ["Iron"]
    assert "iron" in page.texts(f"{HITS}//p//mark")
    assert page.text("//title") == "iron – HealthHarbor"


def test_the_box_keeps_the_words(client: FlaskClient) -> None:
    assert visit(client, "/search?q=iron+%26+%22tea%22").one("//input[@type='search']").get("value") == 'iron & "tea"'


def test_a_hit_shows_section_date_reading_time_and_views(client: FlaskClient) -> None:
    meta = visit(client, "/search?q=iron").texts(f"{HITS}//ul[@class='meta']/li")
    assert meta == ["Health › Food", "January 6, 2025", "1 minute to read", "2,036 views"]


def test_a_hit_links_to_its_article_with_the_words_to_mark(client: FlaskClient) -> None:
    assert visit(client, "/search?q=iron+tea").link("Signs of Low Iron") == "/articles/food/iron?q=iron+tea"


def test_a_snippet_links_to_the_heading_it_stands_under(client: FlaskClient) -> None:
    page = visit(client, "/search?q=tiredness")
    assert page.link("What to Look For") == "/articles/food/iron?q=tiredness#what-to-look-for"


def test_pages_are_linked_with_their_relations(client: FlaskClient) -> None:
    page = visit(client, "/search?q=sleep&page=2")
    assert page.text("//p[@class='count']").startswith("11–20 of 26 results")
    pages = "//nav[@aria-label='Pages of results']"
    assert page.text(f"{pages}//a[@aria-current='page']") == "Page 2"
    assert page.one(f"{pages}//a[@rel='prev']").get("href") == "/search?q=sleep"
    assert page.one(f"{pages}//a[@rel='next']").get("href") == "/search?q=sleep&page=3"
    assert page.one("//head/link[@rel='next']").get("href") == "/search?q=sleep&page=3"
    assert page.one("//ol[@class='hits']").get("start") == "11"


def test_following_the_pages_shows_every_result_once(client: FlaskClient) -> None:
    address, seen = "/search?q=sleep", []
    while address:
        page = visit(client, address)
        seen += page.texts(f"{HITS}//h2")
        following = page.all("//head/link[@rel='next']")
        address = following[0].get("href") if following else ""
    assert len(seen) == len(set(seen)) == 26


def test_a_page_beyond_the_last_leads_back(client: FlaskClient) -> None:
    page = visit(client, "/search?q=sleep&page=9")
    assert page.status == 200
    assert page.text("//main//h2[starts-with(., 'There is')]") == "There is no page 9"
    assert page.link("page 3", "//div[@class='empty']") == "/search?q=sleep&page=3"


def test_sections_are_offered_with_their_counts_and_narrow_the_results(client: FlaskClient) -> None:
    page = visit(client, "/search?q=sleep&page=2")
    assert page.texts(f"{SECTIONS}/span[1]") == ["Health", "Family"]
    assert page.texts(f"{SECTIONS}//span[@class='visually-hidden']") == ["25 articles", "1 article"]
    narrowed = page.link("Health", FILTERS)
    assert parameters(narrowed) == {"q": "sleep", "section": "Health"}
    inside = visit(client, narrowed)
    assert inside.text(f"{FILTERS}//section[1]//a[@aria-current]/span[1]") == "Health"
    assert parameters(inside.link("Sleep", FILTERS))["section"] == "Health > Sleep"
    assert inside.text("//p[@class='count']").startswith("1–10 of 25 results")


def test_following_a_chosen_section_again_takes_it_away(client: FlaskClient) -> None:
    page = visit(client, "/search?q=sleep&section=Health+%3E+Sleep")
    chosen = page.one(f"{FILTERS}//section[1]//a[@aria-current='true']")
    assert parameters(chosen.get("href")) == {"q": "sleep", "section": "Health"}


def test_years_narrow_the_results_to_their_days(client: FlaskClient) -> None:
    page = visit(client, "/search?q=sleep")
    year = page.link("2023", FILTERS)
    assert parameters(year) == {"q": "sleep", "date_from": "2023-01-01", "date_to": "2023-12-31"}
    assert visit(client, year).texts("//ul[@aria-label='Filters in use']/li") == ["Remove the filter Published: 2023 ×"]


def test_every_filter_in_use_can_be_removed_alone_and_all_at_once(client: FlaskClient) -> None:
    address = "/search?q=sleep&section=Health&date_from=2022-01-01&strict=1&sort=date"
    page = visit(client, address)
    used = "//ul[@aria-label='Filters in use']"
    everything = parameters(address)
    for name, label in (("section", "Section"), ("date_from", "Published"), ("strict", "Match")):
        assert parameters(page.link(f"{label}:", used)) == {k: v for k, v in everything.items() if k != name}
    assert parameters(page.link("Remove all", used)) == {"q": "sleep", "sort": "date"}


def test_dates_can_be_typed_without_losing_words_and_section(client: FlaskClient) -> None:
    form = "//form[@class='dates']"
    page = visit(client, "/search?q=sleep&section=Health&date_from=2024-01-01")
    hidden = {each.get("name"): each.get("value") for each in page.all(f"{form}//input[@type='hidden']")}
    assert hidden == {"q": "sleep", "section": "Health"}
    assert page.one(f"{form}//input[@name='date_from']").get("value") == "2024-01-01"
    assert {each.get("for") for each in page.all(f"{form}//label")} == {"site-date-from", "site-date-to"}


def test_the_order_can_be_switched_and_says_which_is_in_force(client: FlaskClient) -> None:
    page = visit(client, "/search?q=sleep&sort=date&page=2")
    sort = "//nav[@aria-label='Sort']"
    assert page.texts(f"{sort}//a") == ["Best match", "Newest", "Most read"]
    assert page.text(f"{sort}//a[@aria-current='true']") == "Newest"
    assert page.link("Most read", sort) == "/search?q=sleep&sort=views"
    assert page.link("Best match", sort) == "/search?q=sleep"


def test_new_words_keep_the_order_but_search_everywhere(client: FlaskClient) -> None:
    page = visit(client, "/search?q=sleep&section=Health&sort=date&strict=1&page=2")
    kept = page.all("//form[@role='search']//input[@type='hidden']")
    assert {each.get("name"): each.get("value") for each in kept} == {"sort": "date", "strict": "1"}


def test_words_left_out_are_named(client: FlaskClient) -> None:
    assert "Searched without: what, about" in visit(client, "/search?q=what+about+iron").text("//main")


def test_a_section_can_be_browsed_without_words(client: FlaskClient) -> None:
    page = visit(client, "/search?section=Health+%3E+Food")
    assert page.text("//h1") == "Food"
    assert page.text("//p[@class='count']").startswith("2 articles")
    assert page.texts("//nav[@aria-label='Sort']//a") == ["Newest", "Most read"]


def test_nothing_found_helps_on(client: FlaskClient) -> None:
    page = visit(client, '/search?q="quiet+iron"&section=Family&strict=1')
    assert page.text("//p[@class='count']") == "No results"
    empty = "//div[@class='empty']"
    assert parameters(page.link("Search all sections", empty)) == {"q": '"quiet iron"', "strict": "1"}
    assert parameters(page.link("any of the words", empty)) == {"q": '"quiet iron"', "section": "Family"}
    assert parameters(page.link("single words", empty))["q"] == "quiet iron"
    assert page.link("Night 24", "//section[@aria-labelledby='site-showcase']")
    assert page.link("Sleep", "//section[@aria-labelledby='site-sections']") == "/search?section=Health+%3E+Sleep"


def test_nothing_found_without_filters_does_not_suggest_removing_them(client: FlaskClient) -> None:
    advice = visit(client, "/search?q=zebra").text("//div[@class='empty']")
    assert "sections and dates" not in advice
    assert "quotation marks" not in advice
    assert "spelling" in advice


def test_many_sections_fold_away_but_never_the_chosen_one() -> None:
    articles = [plain(f"a{n:02}", "Sleep", section=(f"Section {n:02}",)) for n in range(20)]
    client = create_app(Settings(), MemoryEngine(articles)).test_client()
    folded = f"{FILTERS}//details[@class='more']"
    assert visit(client, "/search?q=sleep").one(folded).get("open") is None
    assert visit(client, "/search?q=sleep&section=Section+19").one(folded).get("open") is not None
    assert visit(client, "/search?q=sleep").text(f"{folded}/summary") == "8 more sections"


def test_a_section_that_holds_everything_is_no_choice() -> None:
    articles = [plain("a", "Sleep", section=("Health", "Sleep")), plain("b", "Sleep", section=("Health", "Food"))]
    client = create_app(Settings(), MemoryEngine(articles)).test_client()
    assert visit(client, "/search?q=sleep").texts(f"{SECTIONS}/span[1]") == ["Food", "Sleep"]


@pytest.mark.parametrize(
    "article", [plain("untitled", ""), Article(id="bare", title="Bare"), plain("rtl", "مرحبا", "نوم sleep")]
)
def test_sparse_articles_are_listed_and_linked(article: Article) -> None:
    client = create_app(Settings(), MemoryEngine([article])).test_client()
    page = visit(client, "/search")
    assert visit(client, page.one(f"{HITS}//h2/a").get("href")).text("//h1") == article.title


def test_an_empty_collection_says_so_everywhere() -> None:
    client = create_app(Settings(), MemoryEngine()).test_client()
    assert "no articles to search yet" in visit(client, "/").text("//main")
    assert visit(client, "/search").text("//p[@class='count']") == "No articles"


def test_results_are_not_for_other_search_engines(client: FlaskClient) -> None:
    assert visit(client, "/search?q=sleep").one("//meta[@name='robots']").get("content") == "noindex"
