"""Which words say nothing is a matter of the language."""

from __future__ import annotations

import pytest

from harbor_search.analysis import LANGUAGES
from harbor_search.analysis.stopwords import ENGLISH, all_stop_words


@pytest.mark.parametrize("language", sorted({*LANGUAGES.values()}))
def test_every_language_with_a_stemmer_has_its_function_words(language: str) -> None:
    stop = all_stop_words(language)
    assert (stop.language, len(stop.words) > 70, len(stop.qualifiers) > 20) == (language, True, True)
    assert not stop.words & stop.qualifiers
    assert all(word == word.lower() for word in stop.words | stop.qualifiers)


def test_a_collection_without_a_language_has_english_function_words() -> None:
    assert all_stop_words("simple") is ENGLISH


def test_words_that_are_typed_without_accents_are_function_words_too() -> None:
    assert {"für", "fur", "fuer", "können", "konnen"} <= all_stop_words("german").words
    assert {"qué", "que"} <= all_stop_words("spanish").words
    assert {"est-ce", "qu'est-ce"} <= all_stop_words("french").words


def test_all_function_words_of_a_mixed_collection_are_those_of_any_of_its_languages() -> None:
    stop = all_stop_words("english+german")
    assert {"the", "der"} <= stop.words
    assert {"without", "ohne"} <= stop.qualifiers


def test_a_word_that_names_something_in_english_is_a_function_word_in_its_own_language_alone() -> None:
    assert not {"car", "war", "die", "size"} & all_stop_words("english+french+german+turkish").words
    assert {"war", "die"} <= all_stop_words("german+english").words
