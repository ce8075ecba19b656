"""What was read as a field's is told, and can be searched as text."""

from __future__ import annotations

import pytest

from harbor_search.query import Limits, Term, fields_as_text, parse

LIMITS = Limits(terms=128, nesting=8, prefix_minimum=2)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("fever body:aches", [("aches", "body")]),
        ('title:"deep sleep" -headings:tea', [("deep sleep", "title"), ("tea", "headings")]),
        ("title:(sleep rest)", [("sleep", "title"), ("rest", "title")]),
        ("slee* lead:nap* name:grip~", [("nap*", "lead"), ("grip~1", "names")]),
        ("tea section:Health/Food tag:iron", [("Health > Food", "section"), ("iron", "tag")]),
        ("tea date:2024", [("2024-01-01..2024-12-31", "date")]),
        ("fever, body: aches", []),
        ("tea OR coffee", []),
    ],
)
def test_words_that_are_looked_for_in_one_field_are_told(query: str, told: list[tuple[str, str]]) -> None:
    applied = parse(query, limits=LIMITS, strict=False).applied
    assert sorted(applied.fields) == sorted(told)


@pytest.mark.parametrize(
    "query",
    [
        "fever body:aches",
        "BODY:aches",
        "body\uff1aaches",
        "title:body:aches",
        "+lead:tea date:2024",
        "title:(sleep rest)",
    ],
)
def test_with_a_space_behind_the_colon_all_of_it_is_text(query: str) -> None:
    text = fields_as_text(query)
    assert not parse(text, limits=LIMITS, strict=False).applied.fields
    assert text.replace(" ", "") == query.replace(" ", "")


def test_what_has_no_field_stays_as_it_is() -> None:
    for query in ("update:now http://x.org covid-19", "somebody:else", "ratio 2:1"):
        assert fields_as_text(query) == query


def test_the_words_themselves_are_searched_as_text() -> None:
    words = parse(fields_as_text("fever body:aches"), limits=LIMITS, strict=False).words
    assert words == (Term("fever"), Term("body"), Term("aches"))
