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
        ("Kaua‘i Kauaʻi l`eau d´or", ["kaua'i", "kaua'i", "l'eau", "d'or"]),
        ("مـــاء", ["ماء"]),
        ("ｷﾞ ﾊﾟ か\u3099 ｱﾞ", ["ギ", "パ", "が", "ア"]),
        ("٢٥ мг", ["25", "мг"]),
    ],
)
def test_a_text_is_cut_into_folded_words(text: str, words: list[str]) -> None:
    assert _words(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2.5 mg, not 2-5", ["2.5", "mg", "not", "2", "5"]),
        ("0,5 ml", ["0,5", "ml"]),
        ("1,000 and 1,000,000.5 and 1.000.000,5", ["1,000", "and", "1,000,000.5", "and", "1.000.000,5"]),
        ("It took 5. Then 7, 8", ["it", "took", "5", "then", "7", "8"]),
        ("2.5mg", ["2.5mg"]),
        (".5 mg", [".5", "mg"]),
    ],
)
def test_a_number_is_one_word_with_its_point_and_commas(text: str, words: list[str]) -> None:
    assert _words(text) == words


@pytest.mark.parametrize("text", ["27.11.2026", "27,11,2026", "1.1.1.1", "1,2,3"])
def test_dates_and_lists_are_as_many_numbers_as_they_have(text: str) -> None:
    assert _words(text) == text.replace(",", ".").split(".")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("C++, C# (.NET)", ["c++", "c#", ".net"]),
        ("C++.", ["c++"]),
        ("Issue#5 and A+", ["issue", "5", "and", "a"]),
        ("one.Two ...three", ["one", "two", "three"]),
        ("c+++ d##", ["c", "d"]),
    ],
)
def test_signs_that_make_names_stay_with_their_word(text: str, words: list[str]) -> None:
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


@given(st.text("aB9 ()/:;-"))
def test_signs_that_only_part_words_do_so_whatever_else_is_in_a_text(text: str) -> None:
    # What is no plain text is read sign by sign.
    assert list(tokenize(text)) == list(tokenize(f"{text} é"))[:-1]
