"""Where passages are cut."""

from __future__ import annotations

import pytest

from harbor_search.analysis.character_properties import character_properties, code_points
from harbor_search.snippets import boundaries


def cut_before(text: str, at: int, *, wanted: int, lowest: int) -> int:
    return int(boundaries.cut_before(code_points(text), character_properties(), at, wanted, lowest))


def cut_after(text: str, at: int, *, wanted: int, lowest: int) -> int:
    return int(boundaries.cut_after(code_points(text), character_properties(), at, wanted, lowest))


@pytest.mark.parametrize(
    "whole",
    [
        "e\u0301",
        "\u0e01\u0e33\u0e48",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "\U0001f44d\U0001f3fd",
        "\U0001f1e9\U0001f1ea",
        "\u1112\u1161\u11ab",
        "\ud83d\ude00",
        "1\ufe0f\u20e3",
    ],
)
def test_what_readers_see_as_one_character_stays_whole(whole: str) -> None:
    text = f"ab{whole}cd"
    inside = range(3, 2 + len(whole))
    for at in inside:
        assert cut_before(text, at, wanted=at, lowest=0) not in inside
        assert cut_after(text, at, wanted=at, lowest=0) not in inside


def test_a_cut_at_white_space_is_better_than_a_later_one_inside_a_word() -> None:
    text = "after covid-19 infection"
    assert text[: cut_before(text, 13, wanted=3, lowest=0)].strip() == "after"
    assert text[cut_after(text, 8, wanted=20, lowest=0) :] == "infection"


def test_a_cut_inside_a_word_is_better_than_losing_what_is_wanted() -> None:
    text = "after covid-19-infection"
    assert text[: cut_before(text, 15, wanted=12, lowest=0)] == "after covid-19-"


def test_between_chinese_characters_is_between_words() -> None:
    text = "\u7761\u7720\u5f88\u91cd\u8981"
    assert cut_before(text, 3, wanted=2, lowest=0) == 3
    assert cut_after(text, 2, wanted=2, lowest=2) == 2


def test_an_endless_word_is_cut_where_it_must_be() -> None:
    text = "x" * 100
    assert cut_before(text, 50, wanted=10, lowest=0) == 50
    assert cut_after(text, 50, wanted=60, lowest=40) == 60
