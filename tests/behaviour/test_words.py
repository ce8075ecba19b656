"""What counts as the same word, and which words do not count."""

from __future__ import annotations

import pytest

from tests.behaviour.collection import Collection, marked


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("what can I do about my back pain", "back pain"),
        ("how is it that the heart is racing", "heart racing"),
        ("What's the best of the iron foods?", "best iron foods"),
    ],
)
def test_words_that_only_ask_do_not_change_the_answer(collection: Collection, question: str, words: str) -> None:
    assert collection.ids(question) == collection.ids(words)


def test_words_left_out_are_named(collection: Collection) -> None:
    assert collection.ask("what about the iron").applied.dropped == ("what", "about", "the")


def test_negations_stay(collection: Collection) -> None:
    assert collection.ask("not sleeping").applied.dropped == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("MIGRAINE", "migraine"),
        ("moles", "mole"),
        ("sleeping", "sleep"),
        ("doctor's", "doctor"),
        ("can\u2019t sleep", "can't sleep"),
        ("caf\u00e9", "cafe"),
        ("cafe\u0301", "cafe"),
        ("night-time", '"night time"'),
    ],
)
def test_spellings_of_one_word_find_the_same(collection: Collection, one: str, other: str) -> None:
    assert collection.ids(one)
    assert set(collection.ids(one)) == set(collection.ids(other))


def test_a_word_is_found_wherever_it_stands_in_an_article(collection: Collection) -> None:
    assert set(collection.ids("cranberry")) == collection.containing(r"\bcranberr(y|ies)\b")
    assert set(collection.ids("gluten")) == collection.containing(r"\bgluten\b")
    assert set(collection.ids("ferritin")) == collection.containing(r"\bferritin\b")


def test_a_part_of_a_word_is_not_the_word(collection: Collection) -> None:
    assert collection.ids("cran") == []


def test_what_no_article_has_finds_nothing(collection: Collection) -> None:
    results = collection.ask("xyzzyplugh")
    assert (results.hits, results.total) == ((), 0)


def test_what_the_site_writes_around_articles_is_not_found(collection: Collection) -> None:
    assert collection.ids("HealthHarbor") == []
    assert collection.ids("Location:HOME") == collection.ids("location home")


def test_every_hit_shows_why_it_was_found(collection: Collection) -> None:
    for hit in collection.ask("restless legs").hits:
        words = marked(hit)
        assert words, hit.id
        assert all(word.startswith(("restless", "leg")) for word in words), (hit.id, words)


def test_the_best_passage_is_shown(collection: Collection) -> None:
    hit = collection.ask("paper bag").hits[0]
    assert any("paper bag" in each.text for each in hit.snippets)
    assert hit.snippets[0].heading == "What to Do in the Moment"
