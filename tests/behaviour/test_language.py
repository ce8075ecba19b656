"""What readers can write besides words."""

from __future__ import annotations

import pytest

from tests.behaviour.collection import Collection


def test_words_in_quotes_stand_side_by_side_in_every_hit(collection: Collection) -> None:
    assert set(collection.ids('"restless legs"')) == collection.containing(r"\brestless\s+legs?\b")
    assert set(collection.ids('"a good night"')) == collection.containing(r"\ba\s+good\s+night('s|s)?\b")


def test_quotes_keep_the_order_of_the_words(collection: Collection) -> None:
    assert collection.ids('"legs restless"') == []


def test_small_words_count_in_quotes(collection: Collection) -> None:
    assert set(collection.ids('"out of the sun"')) == collection.containing(r"\bout\s+of\s+the\s+sun\b")


def test_a_minus_keeps_articles_out(collection: Collection) -> None:
    without = collection.ids("iron -tea")
    assert without
    assert set(without) == set(collection.ids("iron")) - collection.containing(r"\bteas?\b")


def test_a_plus_is_a_must(collection: Collection) -> None:
    assert set(collection.ids("+ferritin sleep iron")) == set(collection.ids("ferritin"))


def test_and_or_not_and_parentheses_do_what_they_say(collection: Collection) -> None:
    iron, tea, coffee, milk = (set(collection.ids(each)) for each in ("iron", "tea", "coffee", "milk"))
    assert set(collection.ids("iron AND tea")) == iron & tea
    assert set(collection.ids("iron AND (tea OR coffee)")) == iron & (tea | coffee)
    assert set(collection.ids("iron AND tea NOT milk")) == iron & tea - milk


def test_strict_wants_every_word(collection: Collection) -> None:
    assert set(collection.ids("iron tea", strict="1")) == set(collection.ids("iron AND tea"))
    assert set(collection.ids("iron tea")) == set(collection.ids("iron OR tea"))


def test_a_field_narrows_to_it(collection: Collection) -> None:
    found = collection.ids("title:sleep")
    assert found
    assert all("sleep" in collection.articles[each].title.lower() for each in found)
    assert set(found) < set(collection.ids("sleep"))


def test_a_star_stands_for_any_ending(collection: Collection) -> None:
    assert set(collection.ids("cholest*")) >= set(collection.ids("cholesterol"))
    assert set(collection.ids("melano*")) == collection.containing(r"\bmelano")


@pytest.mark.parametrize(
    ("misspelt", "word"), [("migrane~", "migraine"), ("colesterol~", "cholesterol"), ("excema~2", "eczema")]
)
def test_a_tilde_forgives_a_letter(collection: Collection, misspelt: str, word: str) -> None:
    assert collection.ids(misspelt)[:1] == collection.ids(word)[:1]
    assert collection.ids(misspelt)


def test_near_words_are_found_at_a_distance(collection: Collection) -> None:
    near = set(collection.ids('"iron meal"~6'))
    assert set(collection.ids('"iron meal"')) <= near <= set(collection.ids("iron AND meal"))
    assert near


@pytest.mark.parametrize(
    "query", ['"', "AND", "((", "-", "title:", "\x00", "sleep)) OR", '"back pain', "*", "~3", "😴"]
)
def test_signs_that_make_no_sense_do_no_harm(collection: Collection, query: str) -> None:
    collection.ask(query)
