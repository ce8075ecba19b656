"""`GET /api/v1/search`: the contract that programs rely on."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from harbor_search.config import Settings
from harbor_search.web import create_app
from tests.support.articles import collection
from tests.support.memory_engine import MemoryEngine

ADDRESS = "/api/v1/search"

SHAPE: dict[str, Any] = {
    "query": str,
    "hits": [
        {
            "id": str,
            "url": str,
            "title": str,
            "title_ranges": [[int]],
            "section": [str],
            "date": (str, type(None)),
            "views": (int, type(None)),
            "score": float,
            "snippets": [{"field": str, "heading": str, "anchor": str, "text": str, "ranges": [[int]]}],
            "lacks": [str],
            "matched": [dict],
            "similar": int,
            "words": int,
            "explanation": type(None),
            "repeats": str,
        }
    ],
    "total": int,
    "total_relation": str,
    "page": int,
    "per_page": int,
    "total_pages": int,
    "facets": {
        "section": [{"value": str, "label": str, "count": int}],
        "year": [{"value": str, "label": str, "count": int}],
    },
    "facets_relation": str,
    "processing_time_ms": float,
    "partial": bool,
    "applied": {
        "corrections": [dict],
        "synonyms": [dict],
        "dropped": [str],
        "spellings": [dict],
        "feedback": bool,
        "fields": [dict],
        "absent": [str],
    },
    "generation": str,
    "query_id": str,
    "tiers": (dict, type(None)),
    "by_meaning": int,
    "did_you_mean": [str],
}


def check(value: Any, shape: Any, where: str = "answer") -> None:
    """`value` has exactly the names and types of `shape`."""
    if isinstance(shape, dict):
        assert isinstance(value, dict), where
        assert list(value) == list(shape), where
        for name, inner in shape.items():
            check(value[name], inner, f"{where}.{name}")
    elif isinstance(shape, list):
        assert isinstance(value, list), where
        for number, each in enumerate(value):
            check(each, shape[0], f"{where}[{number}]")
    else:
        assert isinstance(value, shape), f"{where} is {value!r}"


def links(response: TestResponse) -> dict[str, str]:
    """The Link header as relation -> address."""
    found = re.findall(r'<([^>]+)>; rel="(\w+)"', response.headers["Link"])
    return {relation: address for address, relation in found}


def test_an_answer_has_exactly_the_documented_shape(client: FlaskClient) -> None:
    response = client.get(f"{ADDRESS}?q=iron")
    assert response.mimetype == "application/json"
    check(response.json, SHAPE)
    assert response.json is not None
    assert response.json["hits"][0]["id"] == "food/iron"
    assert response.json["hits"][0]["section"] == ["Health", "Food"]
    assert response.json["hits"][0]["date"] == "2025-01-06"
    assert response.json["hits"][0]["views"] == 2036


def test_ranges_mark_the_words_in_title_and_snippets(client: FlaskClient) -> None:
    hit = client.get(f"{ADDRESS}?q=iron").json["hits"][0]  # type: ignore[index]
    assert [hit["title"][start:end] for start, end in hit["title_ranges"]] == ["Iron"]
    marked = [snippet["text"][start:end].lower() for snippet in hit["snippets"] for start, end in snippet["ranges"]]
    assert marked and set(marked) == {"iron"}


def test_the_section_filter_takes_the_facets_value_and_the_page_counts_agree(client: FlaskClient) -> None:
    facets = client.get(f"{ADDRESS}?q=sleep").json["facets"]  # type: ignore[index]
    chosen = next(each for each in facets["section"] if each["label"] == "Sleep")
    assert chosen["value"] == "Health > Sleep"
    answer = client.get(ADDRESS, query_string={"q": "sleep", "section": chosen["value"]}).json
    assert answer is not None
    assert answer["total"] == chosen["count"] == 24
    assert answer["total_pages"] == 3
    assert {tuple(hit["section"]) for hit in answer["hits"]} == {("Health", "Sleep")}


def test_dates_filter_inclusively_and_leave_out_undated_articles(client: FlaskClient) -> None:
    answer = client.get(f"{ADDRESS}?q=sleep&date_from=2024-05-01&date_to=2024-05-01").json
    assert answer is not None
    assert [hit["id"] for hit in answer["hits"]] == ["food/tea"]


def test_sorting_by_date_puts_the_newest_first_and_undated_last(client: FlaskClient) -> None:
    answer = client.get(f"{ADDRESS}?q=sleep&sort=date&per_page=100").json
    assert answer is not None
    dates = [hit["date"] for hit in answer["hits"]]
    assert dates[:-1] == sorted(dates[:-1], reverse=True)
    assert dates[-1] is None


def test_without_words_all_articles_are_listed(client: FlaskClient) -> None:
    answer = client.get(ADDRESS).json
    assert answer is not None
    assert answer["total"] == len(collection())


def test_links_lead_to_the_first_previous_next_and_last_page(client: FlaskClient) -> None:
    found = links(client.get(f"{ADDRESS}?q=sleep&page=2&section=Health+%3E+Sleep"))
    base = "http://localhost/api/v1/search?q=sleep"
    rest = "section=Health+%3E+Sleep"
    assert found == {
        "first": f"{base}&{rest}",
        "prev": f"{base}&{rest}",
        "next": f"{base}&page=3&{rest}",
        "last": f"{base}&page=3&{rest}",
    }


def test_following_next_links_yields_every_article_once(client: FlaskClient) -> None:
    address, seen = f"{ADDRESS}?per_page=4", []
    while address:
        response = client.get(address)
        assert response.json is not None
        seen += [hit["id"] for hit in response.json["hits"]]
        address = links(response).get("next", "")
    assert sorted(seen) == sorted(each.id for each in collection())


def test_a_page_beyond_the_last_is_empty_and_links_back(client: FlaskClient) -> None:
    response = client.get(f"{ADDRESS}?q=sleep&page=50")
    assert response.json is not None
    assert response.json["hits"] == []
    assert links(response)["prev"].endswith("page=3")


def test_an_unchanged_answer_costs_304_and_no_search(client: FlaskClient, engine: MemoryEngine) -> None:
    first = client.get(f"{ADDRESS}?q=sleep")
    engine.search = None  # type: ignore[assignment,method-assign]
    again = client.get(f"{ADDRESS}?q=sleep", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "no-cache" in again.headers["Cache-Control"]


def test_a_new_generation_changes_the_tag(client: FlaskClient, engine: MemoryEngine) -> None:
    tag = client.get(f"{ADDRESS}?q=sleep").headers["ETag"]
    engine.rebuild(collection()[:3], lambda *_: None)
    response = client.get(f"{ADDRESS}?q=sleep", headers={"If-None-Match": tag})
    assert response.status_code == 200
    assert response.headers["ETag"] != tag


def test_the_tag_does_not_depend_on_how_the_same_question_is_written(client: FlaskClient) -> None:
    one = client.get(f"{ADDRESS}?q=sleep&page=1&sort=relevance&utm_source=x")
    other = client.get(f"{ADDRESS}?sort=&q=sleep")
    different = client.get(f"{ADDRESS}?q=sleep&page=2")
    assert one.headers["ETag"] == other.headers["ETag"] != different.headers["ETag"]


def test_other_settings_give_other_tags(engine: MemoryEngine) -> None:
    tags = {
        create_app(settings, engine).test_client().get(f"{ADDRESS}?q=sleep").headers["ETag"]
        for settings in (Settings(), Settings(snippets_per_hit=1))
    }
    assert len(tags) == 2


def test_scripts_of_any_site_may_ask(client: FlaskClient) -> None:
    asked = client.get(f"{ADDRESS}?q=sleep", headers={"Origin": "https://elsewhere.example"})
    assert asked.headers["Access-Control-Allow-Origin"] == "*"
    assert "Link" in asked.headers["Access-Control-Expose-Headers"]
    before = client.options(
        ADDRESS, headers={"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    )
    assert before.status_code == 200
    assert before.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in before.headers["Access-Control-Allow-Methods"]
    assert "If-None-Match" in before.headers["Access-Control-Allow-Headers"]


def test_head_tells_what_get_would_without_a_body(client: FlaskClient) -> None:
    head = client.head(f"{ADDRESS}?q=sleep")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == client.get(f"{ADDRESS}?q=sleep").headers["ETag"]
    assert "Link" in head.headers


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=1.5", "page"),
        ("page=99999999999999999999", "page"),
        ("page=\u0663", "page"),
        ("per_page=101", "per_page"),
        ("page=2000&per_page=10", "page"),
        ("sort=best", "sort"),
        ("date_from=yesterday", "date_from"),
        ("date_to=2025-02-30", "date_to"),
        ("date_from=2025-02-01&date_to=2025-01-01", "date_from"),
        ("strict=maybe", "strict"),
        ("facets=maybe", "facets"),
        ("snippets=2", "snippets"),
        ("total=all", "total"),
        ("total=none&total=none", "total"),
        ("q=" + "x" * 10_001, "q"),
        ("q=a&q=b", "q"),
        ("section=A&section=B", "section"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_the_name_of_its_parameter(
    client: FlaskClient, query: str, parameter: str
) -> None:
    response = client.get(f"{ADDRESS}?{query}")
    assert response.status_code == 400
    assert response.mimetype == "application/problem+json"
    assert response.json is not None
    assert response.json["parameter"] == parameter
    assert response.json["detail"]


def test_unknown_parameters_are_ignored_however_often_they_come(client: FlaskClient) -> None:
    assert client.get(f"{ADDRESS}?q=sleep&fbclid=1&fbclid=2").status_code == 200


def test_what_is_not_wanted_is_left_out_and_the_hits_stay_the_same(client: FlaskClient) -> None:
    whole, part = (client.get(f"{ADDRESS}?q=sleep{more}").json for more in ("", "&facets=0&snippets=0&total=none"))
    assert whole is not None and part is not None
    assert list(part) == list(SHAPE)
    assert [hit | {"title_ranges": [], "snippets": []} for hit in whole["hits"]] == part["hits"]
    assert whole["facets"]["section"] and part["facets"] == {}
    assert part["total"] <= whole["total"]


def test_a_total_that_cannot_be_is_refused_with_those_that_can(client: FlaskClient) -> None:
    problem = client.get(f"{ADDRESS}?total=roughly").json
    assert problem is not None
    assert problem["choices"] == ["exact", "bounded", "none"]


def test_answers_with_more_and_with_less_have_different_tags(client: FlaskClient) -> None:
    wanted = ["", "&facets=0", "&snippets=0", "&total=bounded", "&total=none", "&facets=1&snippets=1&total=exact"]
    tags = [client.get(f"{ADDRESS}?q=sleep{more}").headers["ETag"] for more in wanted]
    assert tags[-1] == tags[0], "what is the default anyway changes nothing"
    assert len(set(tags)) == len(wanted) - 1
