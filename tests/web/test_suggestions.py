"""Suggestions for boxes and browsers, and related articles."""

from __future__ import annotations

from xml.etree import ElementTree

from flask.testing import FlaskClient

from tests.web.page import visit


def test_what_is_typed_brings_texts_and_articles(client: FlaskClient) -> None:
    answer = client.get("/api/v1/suggest?q=low+ir").get_json()
    assert answer == {
        "query": "low ir",
        "suggestions": [{"text": "signs of low iron", "kind": "title", "section": ["Health", "Food"]}],
        "hits": [
            {
                "id": "food/iron",
                "title": "Signs of Low Iron",
                "url": "https://example.org/food/iron",
                "section": ["Health", "Food"],
            }
        ],
    }


def test_a_section_bounds_suggestions(client: FlaskClient) -> None:
    found = client.get("/api/v1/suggest?q=night&section=Family").get_json()["hits"]
    assert [each["id"] for each in found] == ["family/toddlers"]


def test_nothing_typed_brings_nothing_and_nonsense_is_refused_by_name(client: FlaskClient) -> None:
    assert client.get("/api/v1/suggest?q=+").get_json() == {"query": " ", "suggestions": [], "hits": []}
    refused = client.get("/api/v1/suggest?q=a&q=b")
    assert (refused.status_code, refused.get_json()["parameter"]) == (400, "q")


def test_an_answer_that_is_known_is_not_sent_again(client: FlaskClient) -> None:
    tag = client.get("/api/v1/suggest?q=night").headers["ETag"]
    assert client.get("/api/v1/suggest?q=night", headers={"If-None-Match": tag}).status_code == 304


def test_browsers_get_suggestions_in_their_form(client: FlaskClient) -> None:
    description = ElementTree.fromstring(client.get("/opensearch.xml").data)
    url = next(each for each in description if each.get("type") == "application/x-suggestions+json")
    answer = client.get((url.get("template") or "").replace("{searchTerms}", "low%20iron"))
    assert answer.mimetype == "application/x-suggestions+json"
    assert answer.get_json(force=True) == ["low iron", ["signs of low iron"]]


def test_related_articles_are_about_the_same(client: FlaskClient) -> None:
    answer = client.get("/api/v1/articles/food/tea/related").get_json()
    assert answer["id"] == "food/tea"
    found = [each["id"] for each in answer["hits"]]
    assert "food/iron" in found and "food/tea" not in found
    assert client.get("/api/v1/articles/none/related").status_code == 404


def test_an_article_leads_to_related_ones(client: FlaskClient) -> None:
    page = visit(client, "/articles/food/tea")
    assert page.link("Signs of Low Iron", "//nav[@aria-labelledby='site-related']") == "/articles/food/iron"
