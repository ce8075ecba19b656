"""What a word is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harbor_search.analysis import tokenize


def _words(text: str) -> list[str]:
    return [token.text for token in tokenize(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        (" \n-- ... ", []),
        ("Low iron, often.", ["low", "iron", "often"]),
        ("covid-19 and/or B12", ["covid", "19", "and", "or", "b12"]),
        ("don't rock 'n' roll", ["don't", "rock", "n", "roll"]),
        ("don’t donʼt don＇t", ["don't", "don't", "don't"]),
        ("the mothers' group''s", ["the", "mothers", "group", "s"]),
        ("'quoted'", ["quoted"]),
        ("under_score", ["under", "score"]),
        ("Café CAFE\u0301 nai\u0308ve", ["cafe", "cafe", "naive"]),
        ("soft\u00adhyphen zero\u200bwidth", ["softhyphen", "zerowidth"]),
        ("\u0301\u00ad", []),
        ("３７ ℃", ["37"]),
        ("東京タワー", ["東", "京", "タ", "ワ", "ー"]),
        ("in東京it", ["in", "東", "京", "it"]),
        ("a's東", ["a's", "東"]),
        ("नमस्ते", ["नमस्ते"]),
        ("a\ud800b", ["a", "b"]),
        ("👩‍⚕️ nurse", ["nurse"]),
    ],
)
def test_a_text_is_cut_into_folded_words(text: str, words: list[str]) -> None:
    assert _words(text) == words


@given(st.text(st.characters()))
def test_positions_count_without_gaps_and_ranges_follow_each_other(text: str) -> None:
    tokens = list(tokenize(text))
    assert [token.position for token in tokens] == list(range(len(tokens)))
    end = 0
    for token in tokens:
        assert end <= token.start < token.end <= len(text)
        assert token.text
        end = token.end


@given(st.text(st.characters()), st.text(st.characters()))
def test_a_space_between_two_texts_keeps_their_words_apart(first: str, second: str) -> None:
    assert _words(f"{first} {second}") == _words(first) + _words(second)


def test_ranges_are_of_the_text_as_it_is_written() -> None:
    text = "«Cafe\u0301», it’s 東"
    assert [text[token.start : token.end] for token in tokenize(text)] == ["Cafe\u0301", "it’s", "東"]
