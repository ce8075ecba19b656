"""Folding: letters in all their forms made one."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harbor_search.analysis import fold
from harbor_search.analysis.characters import JOINER, MARK, SEPARATOR, SOLO, VOICING, WORD, classify


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Iron", "iron"),
        ("É", "e"),
        ("Ångström", "angstrom"),
        ("Straße", "strasse"),
        ("ﬁnal", "final"),
        ("ＡＢＣ１２", "abc12"),
        ("İstanbul", "istanbul"),
        ("x²", "x2"),
        ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
        ("ς", "σ"),
        ("Ёлка", "елка"),
        ("d'Été", "d'ete"),
        ("Øæœłđðþıħ", "oaeoelddthih"),
        ("ĳsĲ", "ijsij"),
        ("ｱﾚﾙｷﾞｰ", "アレルギー"),
        ("한국", "한국"),
        ("мой", "мой"),
    ],
)
def test_a_word_is_folded_to_lower_case_without_accents(word: str, folded: str) -> None:
    assert fold(word) == folded


@given(st.text(st.characters()))
def test_folding_twice_is_folding_once(word: str) -> None:
    assert fold(fold(word)) == fold(word)


@given(st.text(st.characters()))
def test_upper_and_lower_case_fold_to_the_same_where_unicode_says_they_are(word: str) -> None:
    assert fold(word.casefold()) == fold(word)


def test_the_tokenizers_fold_of_each_character_agrees_with_that_of_words() -> None:
    for code in range(sys.maxunicode + 1):
        kind, folded = classify(chr(code))
        if kind in (WORD, SOLO):
            assert len(folded) == 1 and fold(folded) == fold(chr(code)), hex(code)
        else:
            assert folded == ("'" if kind == JOINER else ""), hex(code)


@pytest.mark.parametrize(
    ("characters", "kind"),
    [
        ("aZ9éßжאब한", WORD),
        ("東タ々ไ", SOLO),
        ("'’ʼ‘ʻ`´", JOINER),
        ("\u00ad\u0640\u0301\u200d\ufe0f", MARK),
        ("\u3099\u309aﾞﾟ", VOICING),
        (" -_/.·•«\u2028\ud800\U0001f600", SEPARATOR),
    ],
)
def test_each_character_is_of_one_class(characters: str, kind: int) -> None:
    assert {classify(character)[0] for character in characters} == {kind}
