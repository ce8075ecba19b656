"""The language of a query is that of its function words."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from harbor_search.analysis import LANGUAGES
from harbor_search.analysis.query_language import foreign_language, stop_words_in
from harbor_search.analysis.stopwords import ENGLISH


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Was hilft mir gegen den Husten?", "german"),
        ("Wie lange dauert eine Grippe", "german"),
        ("can you die of the flu", "english"),
        ("qu'est-ce que la grippe", "french"),
        ("grippe", "english"),
        ("how to say je ne sais quoi", "english"),
        ("", "english"),
    ],
)
def test_a_query_is_in_the_language_that_its_function_words_are_of(text: str, language: str) -> None:
    assert stop_words_in(text, "english+french+german").language == language


@pytest.mark.parametrize(
    "text",
    [
        *("car insurance", "cold war", "war crimes", "die hard", "hat sizes", "bin bags", "man flu", "Will Smith"),
        *("health care", "skin care", "day care", "sea level", "men health", "want ads", "men shoes", "ham recipe"),
        *("will man go to war", "De La Soul", "el al airlines", "op ed of the day", "a man in a van at sea", "tai chi"),
    ],
)
@pytest.mark.parametrize(
    "analyzer", ["english+german", "+".join(("english", *sorted({*LANGUAGES.values()} - {"english"}))), "english"]
)
def test_a_word_that_names_something_does_not_put_an_english_query_into_another_language(
    text: str, analyzer: str
) -> None:
    assert stop_words_in(text, analyzer) is ENGLISH


class Articles:
    """Articles that have a few words, some of which stand beside each other."""

    words = frozenset("baby kind fiber fever angina diabetes type tiny cornelia de lange cri du chat sleep als".split())
    text = "cornelia de lange, cri du chat, de quervan"

    def frequency(self, word: str) -> int:
        return int(word in self.words)

    def adjacent(self, words: Sequence[str]) -> int:
        return int(" ".join(words) in self.text)


ARTICLES = Articles()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("mi bebe tiene fiebre alta", "spanish"),
        ("¿Cómo puedo dormir mejor por la noche?", "spanish"),
        ("tengo dolor de cabeza", "spanish"),
        ("j'ai mal à la tête", "french"),
        ("comment soigner une angine", "french"),
        ("mein Kind hat Fieber", "german"),
        ("Was hilft gegen Kopfschmerzen", "german"),
        ("come curare il raffreddore", "italian"),
        ("¿qué es la diabetes y cómo puedo curarla?", "spanish"),
    ],
)
def test_a_query_in_none_of_the_languages_of_the_collection_is_told(text: str, language: str) -> None:
    found = foreign_language(text, "english", ARTICLES)
    assert found is not None and found.language == language


@pytest.mark.parametrize(
    "text",
    [
        *("cornelia de lange syndrom", "cri du chat sindrome", "als diseese", "my babby has a fevr", "feever in babys"),
        *("de quervan", "stomache ake", "fiebre", "hydroxizine", "sleap diabetis", "", "?!", "diabetes tipo 2"),
    ],
)
def test_a_misspelt_query_is_in_no_other_language(text: str) -> None:
    assert foreign_language(text, "english", ARTICLES) is None


def test_a_function_word_that_names_hold_too_tells_where_it_is_in_none_and_two_words_are_unknown() -> None:
    assert foreign_language("dolor de cabeza", "english", ARTICLES) is not None
    assert foreign_language("dolor de baby", "english", ARTICLES) is None
    assert foreign_language("de lange dolor cabeza", "english", ARTICLES) is None


def test_a_language_of_the_collection_is_not_foreign() -> None:
    text = "mein Kind hat Fieber und hustet"
    assert foreign_language(text, "english", ARTICLES) is not None
    assert foreign_language(text, "english+german", ARTICLES) is None
