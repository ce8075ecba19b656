"""Search results as JSON: one shape and one spelling for every interface."""

from __future__ import annotations

import json
from datetime import date

import numpy

from harbor_search.results import Applied, FacetValue, Hit, Match, SearchResults, Snippet, Tiers
from harbor_search.searching import results_to_dict, results_to_json, to_json

HIT = Hit(
    id="food/iron",
    url="",
    title="Iron & Tea",
    title_ranges=((0, 4),),
    section=("Health", "Food"),
    date=date(2025, 1, 6),
    views=None,
    score=1.5,
    snippets=(Snippet("body", "What", "what", "Low iron <b>", ((4, 8),)),),
    lacks=("tea",),
    matched=(Match("iron", "form", "irons"),),
    similar=2,
    words=300,
)
RESULTS = SearchResults(
    query="iron",
    hits=(HIT,),
    total=11,
    total_relation="gte",
    page=2,
    per_page=10,
    facets={"section": (FacetValue("Health > Food", "Food", 11),), "year": ()},
    processing_time_ms=0.5,
    generation="7",
    query_id="f00",
    applied=Applied(
        corrections=(("irn", "iron"),),
        synonyms=(("iron", "ferrum"),),
        dropped=("the",),
        spellings=(("iron", "yron"),),
        fields=(("tea", "title"),),
        absent=("zzz",),
    ),
    tiers=Tiers(3, 8),
    did_you_mean=("irony",),
)


def test_results_take_the_shape_of_the_design() -> None:
    assert results_to_dict(RESULTS) == {
        "query": "iron",
        "hits": [
            {
                "id": "food/iron",
                "url": "",
                "title": "Iron & Tea",
                "title_ranges": [[0, 4]],
                "section": ["Health", "Food"],
                "date": "2025-01-06",
                "views": None,
                "score": 1.5,
                "snippets": [
                    {"field": "body", "heading": "What", "anchor": "what", "text": "Low iron <b>", "ranges": [[4, 8]]}
                ],
                "lacks": ["tea"],
                "matched": [{"word": "iron", "by": "form", "text": "irons"}],
                "similar": 2,
                "words": 300,
                "explanation": None,
                "repeats": "",
            }
        ],
        "total": 11,
        "total_relation": "gte",
        "page": 2,
        "per_page": 10,
        "total_pages": 2,
        "facets": {"section": [{"value": "Health > Food", "label": "Food", "count": 11}], "year": []},
        "facets_relation": "eq",
        "processing_time_ms": 0.5,
        "partial": False,
        "applied": {
            "corrections": [{"from": "irn", "to": "iron"}],
            "synonyms": [{"word": "iron", "synonym": "ferrum"}],
            "dropped": ["the"],
            "spellings": [{"word": "iron", "spelling": "yron"}],
            "feedback": False,
            "fields": [{"text": "tea", "field": "title"}],
            "absent": ["zzz"],
        },
        "generation": "7",
        "query_id": "f00",
        "tiers": {"all": 3, "some": 8, "together": None},
        "by_meaning": 0,
        "did_you_mean": ["irony"],
    }


def test_json_is_one_line_in_the_given_order_and_texts_keep_their_letters() -> None:
    assert to_json({"b": "naïve 睡眠", "a": [1, None]}) == '{"b":"naïve 睡眠","a":[1,null]}\n'.encode()


def test_a_lone_surrogate_does_not_stop_an_answer() -> None:
    assert json.loads(to_json({"a": "x\ud800y"})) == {"a": "x?y"}


def test_numbers_of_an_engine_that_works_on_arrays_are_plain_numbers() -> None:
    at = numpy.int32(3)
    hit = Hit("a", "", "abcdef", ((at, at + 1),), (), None, None, numpy.float32(2), ())  # type: ignore[arg-type]
    results = SearchResults(
        "q",
        (hit,),
        1,
        "eq",
        1,
        10,
        {"year": (FacetValue("2025", "2025", numpy.int64(1)),)},
        1.0,
        "1",
        "id",  # type: ignore[arg-type]
    )
    answer = json.loads(to_json(results_to_dict(results)))
    assert (answer["hits"][0]["title_ranges"], answer["hits"][0]["score"]) == ([[3, 4]], 2.0)


def test_results_are_written_as_their_dictionary_is() -> None:
    for results in (RESULTS, RESULTS._replace(query="x\ud800y")):
        assert results_to_json(results) == to_json(results_to_dict(results))


def test_a_number_that_json_cannot_say_is_null() -> None:
    assert to_json({"score": float("nan")}) == b'{"score":null}\n'
