"""Results say what was done to the query, which articles have all of it, and how to undo it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from harbor_search.config import Settings
from harbor_search.engines import SearchEngine
from harbor_search.explanation import Change, Explanation, FieldPart, Part
from harbor_search.results import Applied, Hit, Match, SearchResults, Tiers
from harbor_search.searching import SearchRequest
from harbor_search.web import pages, quick_search
from tests.web.page import Page, parameters, visit

COMPLETE = Hit("one", "", "Back Pain", (), ("Health",), date(2024, 1, 1), 1, 2.0, ())
OTHERWISE = Hit("two", "", "Ache", (), (), None, None, 1.5, (), (), (Match("pain", "synonym", "ache"),))
LACKING = Hit("three", "", "Backs", (), (), None, None, 1.0, (), ("pain",))


def shown(client: FlaskClient, monkeypatch: pytest.MonkeyPatch, *hits: Hit, query: str = "", **more: object) -> Page:
    """The page for an answer of the search that only a large collection would give."""
    answer = SearchResults("bakc pain", hits, 65 if hits else 0, "eq", 1, 10, {}, 0.4, "1", "x", **more)  # type: ignore[arg-type]
    original = pages.search

    def search(engine: SearchEngine, asked: SearchRequest, settings: Settings, **how: Any) -> SearchResults:
        return answer if asked.q else original(engine, asked, settings, **how)

    for module in (pages, quick_search):
        monkeypatch.setattr(module, "search", search)
    return visit(client, f"/search?q=bakc+pain{query}")


def test_articles_with_only_some_of_the_words_are_set_apart(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = shown(client, monkeypatch, COMPLETE, OTHERWISE, LACKING, tiers=Tiers(47, 18, 10))
    line = page.text("//p[@class='tiers']")
    assert line == "47 articles have every word, 10 of them side by side; 18 more have some of them."
    items = page.texts("//ol[@class='hits']/li")
    assert items[2] == "These articles have only some of the words"
    assert "Without: pain" in items[3]
    assert "pain found as ache" in items[1]


def test_where_no_article_has_every_word_that_is_said_first(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = shown(client, monkeypatch, LACKING, tiers=Tiers(0, 1))
    assert page.text("//p[@class='tiers']") == "No article has every word; these have some of them."


def test_no_more_is_said_where_all_articles_have_every_word(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = shown(client, monkeypatch, COMPLETE, tiers=Tiers(1, 0))
    assert not page.all("//p[@class='tiers']") and not page.all("//li[@class='rest']")


def test_a_correction_is_named_and_can_be_undone(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    page = shown(client, monkeypatch, COMPLETE, applied=Applied(corrections=(("bakc", "back"),)))
    assert "Searched for: back (bakc)" in page.text("//p[@class='notice']")
    assert parameters(page.link("Search instead")) == {"q": "bakc pain", "literal": "1"}


def test_a_word_that_was_read_as_a_field_is_told_and_can_be_searched_as_text(client: FlaskClient) -> None:
    page = visit(client, "/search?q=fever+body%3Aaches")
    assert "Looked for in one place alone: aches (in the text)." in page.text("//p[@class='notice']")
    assert parameters(page.link("Search for it as text instead")) == {"q": "fever body: aches"}
    assert not visit(client, "/search?q=fever+body%3A+aches").all("//p[@class='notice']")


def test_words_that_no_article_has_are_named(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    page = shown(client, monkeypatch, LACKING, applied=Applied(absent=("fiebre", "bebe")))
    assert "No article has: fiebre, bebe" in page.text("//p[@class='aside']")


def test_other_names_are_named_and_can_be_left_out(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    page = shown(client, monkeypatch, COMPLETE, applied=Applied(synonyms=(("pain", "ache"),)))
    assert "We also looked for: ache." in page.text("//p[@class='aside']")
    assert parameters(page.link("Only the words"))["literal"] == "1"


def test_what_was_searched_literally_can_be_searched_freely_again(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = shown(client, monkeypatch, COMPLETE, query="&literal=1")
    assert parameters(page.link("Allow other spellings")) == {"q": "bakc pain"}


def test_what_may_have_been_meant_is_offered_where_nothing_is_found_too(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = shown(client, monkeypatch, COMPLETE, did_you_mean=("back pain",))
    assert parameters(some.link("back pain", "//p[@class='notice']")) == {"q": "back pain"}
    monkeypatch.undo()
    none = shown(client, monkeypatch, did_you_mean=("back pain",))
    assert parameters(none.link("Search for “back pain”", "//div[@class='empty']")) == {"q": "back pain"}


def test_a_page_that_is_asked_for_reasons_says_where_each_score_comes_from(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = Part("word", "<back>", 1.5, 3, 1.0, (FieldPart("title", 1, 1.0), FieldPart("body", 2, 0.5)))
    bonus = Part("all_words", "", 0.5)
    reasons = Explanation(2.0, 1, 0.0, (part, bonus), (Change("<pain>", "title", 0.4, 1),))
    page = shown(client, monkeypatch, replace(COMPLETE, explanation=reasons), query="&explain=1")
    assert page.texts("//details[@class='explanation']//tr") == [
        "<back>in the title 1×, in the text 2×1.500",
        "All words are there0.500",
    ]
    assert page.text("//details[@class='explanation']//li") == "“<pain>” in the title: number 1"


def test_counts_beside_choices_that_are_estimates_say_so(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "//aside[@class='filters']//p[@class='aside']"
    assert shown(client, monkeypatch, COMPLETE, facets_relation="approx").text(said) == "These numbers are estimates."
    assert not shown(client, monkeypatch, COMPLETE).all(said)
