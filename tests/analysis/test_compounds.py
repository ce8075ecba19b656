"""The ways to write a compound."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harbor_search.analysis.compounds import joined, spellings, splits


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("Wi-Fi", {"wifi"}),
        ("wi\u2011fi", {"wifi"}),
        ("B12", {"b 12"}),
        ("B-12", {"b12"}),
        ("2.5mg", {"2.5 mg"}),
        ("5-mg", {"5mg"}),
        ("COVID19", {"covid 19"}),
        ("SARS-CoV-2", {"sarscov2", "sars cov2", "sarscov 2"}),
        ("vitamin-b12", {"vitaminb12", "vitamin b 12", "vitaminb 12"}),
        ("wifi", set()),
        ("2-5", set()),
        ("and/or", set()),
        ("U.S.", set()),
        ("mother's-help", set()),
        ("a-b-c-d-e", set()),
        ("", set()),
    ],
)
def test_a_word_with_a_hyphen_or_a_digit_is_written_in_other_ways(word: str, others: set[str]) -> None:
    assert set(spellings(word)) == others


@pytest.mark.parametrize(
    ("first", "second", "word"),
    [
        ("check", "up", "checkup"),
        ("Heart", "Attack", "heartattack"),
        ("B", "12", "b12"),
        ("2", "5", ""),
        ("the", "rapist", ""),
        ("don't", "know", ""),
    ],
)
def test_neighbours_make_one_word_but_for_numbers_and_articles(first: str, second: str, word: str) -> None:
    assert joined(first, second) == word


def test_a_closed_word_is_split_where_both_parts_could_be_words() -> None:
    assert ("check", "up") in set(splits("checkup"))
    assert ("e", "mail") in set(splits("email"))
    assert ("the", "rapist") not in set(splits("therapist"))
    assert ("a", "bout") not in set(splits("about"))
    assert not set(splits("b12")) and not set(splits("cat"))


@given(st.text(st.characters()))
def test_any_text_has_spellings_of_the_same_letters(text: str) -> None:
    letters = {other.replace(" ", "") for other in spellings(text)}
    assert len(letters) <= 1
    assert len(set(spellings(text))) == len(spellings(text)) <= 7
