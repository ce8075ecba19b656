"""What is suggested to somebody who is typing."""

from __future__ import annotations

import pytest

from harbor_search.suggestions import Outline, SuggestionIndex, collect_entries

TITLES = [
    ("Heart Attack", ["What are the signs?", "Help at once"]),
    ("Heart Failure", ["What are the signs?"]),
    ("High Blood Pressure", ["Lower your blood pressure"]),
    ("Low Blood Pressure", []),
    ("Diabetes", ["Living with diabetes"]),
    ("Ringing in the Ears", ["Tinnitus at night"]),
    ("Pneumonia", []),
]


@pytest.fixture(scope="module")
def index() -> SuggestionIndex:
    outlines = [Outline(number, number % 2, -1, *each) for number, each in enumerate(TITLES)]
    return SuggestionIndex(collect_entries(outlines))


def texts(index: SuggestionIndex, typed: str, **how: frozenset[int]) -> list[str]:
    return [each.text for each in index.find(typed, 8, **how)[0]]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("hear", "Heart Attack"),
        ("heart f", "Heart Failure"),
        ("HEART FAILURE", "Heart Failure"),
        ("diabtes", "Diabetes"),
        ("diabtes ", "Diabetes"),
        ("pnemon", "Pneumonia"),
        ("ringing in the e", "Ringing in the Ears"),
        ("tinn", "Tinnitus at night"),
    ],
)
def test_the_last_word_may_be_unfinished_and_any_misspelt(index: SuggestionIndex, typed: str, first: str) -> None:
    assert texts(index, typed)[0] == first


def test_what_several_titles_say_is_suggested_as_a_phrase(index: SuggestionIndex) -> None:
    assert ("blood pressure", "phrase") in [(each.text, each.kind) for each in index.find("blood", 8)[0]]


def test_titles_come_along_as_articles_to_go_to(index: SuggestionIndex) -> None:
    assert [each.document for each in index.find("pressure", 8)[1]] == [2, 3]


def test_a_section_narrows(index: SuggestionIndex) -> None:
    assert texts(index, "heart", sections=frozenset([1])) == ["Heart Failure"]


@pytest.mark.parametrize("typed", ["", "?!", "zzzzqqqq", "x" * 300, "\ud800"])
def test_where_there_is_nothing_to_suggest_nothing_is(index: SuggestionIndex, typed: str) -> None:
    assert index.find(typed, 8) == ([], [])


def test_an_empty_collection_has_no_suggestions() -> None:
    assert SuggestionIndex(collect_entries([])).find("heart", 8) == ([], [])
