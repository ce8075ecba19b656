"""Which article comes first."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from tests.behaviour.collection import Collection


def test_an_article_asked_for_by_its_title_comes_first(collection: Collection) -> None:
    titles = {each.id: each.title for each in collection.articles.values()}
    assert not_first(collection, titles) == []


def test_a_title_typed_carelessly_does_too(collection: Collection) -> None:
    titles = {each.id: re.sub(r"[^a-z0-9 ]", "", each.title.lower()) for each in collection.articles.values()}
    assert not_first(collection, titles) == []


def not_first(collection: Collection, queries: Mapping[str, str]) -> list[str]:
    """Of queries by article id, those that do not find their article first."""
    return [query for article_id, query in queries.items() if collection.ids(query)[:1] != [article_id]]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("sciatica", "Sciatica: When Back Pain Travels Down the Leg"),
        ("knee pain", "Knee Pain on the Stairs: Causes and Simple Care"),
        ("snoring", "Snoring or Sleep Apnoea: How to Tell the Difference"),
        ("insomnia", "Habits That Keep Insomnia Going, and How to Break Them"),
        ("constipation", "Constipation: Gentle Ways to Get Moving Again"),
        ("cholesterol", "Understanding Your Cholesterol Results"),
        ("croup", "Croup and Coughs: A Parent's Night-Time Guide"),
        ("iron tablets", "Iron Tablets: Side Effects and How to Take Them"),
        ("chest pain", "Chest Pain: When to Call for Help Straight Away"),
        ("restless legs", "Restless Legs at Night: Causes, Relief and the Iron Link"),
    ],
)
def test_the_article_about_a_subject_comes_before_those_that_mention_it(
    collection: Collection, query: str, title: str
) -> None:
    assert collection.titles(query, 1) == [title]


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("how do I get up after a fall", "Preventing Falls: Staying Steady at Home and Outdoors"),
        ("what is a normal blood pressure reading", "How to Measure Your Blood Pressure at Home"),
        ("can I drink coffee with my iron tablets", "Do Tea and Coffee Block Iron?"),
        ("my baby has a fever, when should I worry", "Fever in Babies: What Is Normal and When to Worry"),
        ("why do I wake up at 3 in the morning", "Why Do I Keep Waking Up at 3 A.M.?"),
        ("does cranberry juice help", "Urinary Tract Infections: Symptoms and Next Steps"),
        ("should I breathe into a paper bag", "What a Panic Attack Feels Like and What to Do"),
    ],
)
def test_a_question_leads_to_the_article_that_answers_it(collection: Collection, question: str, title: str) -> None:
    assert title in collection.titles(question, 2)


def test_an_article_with_all_the_words_comes_before_those_with_some(collection: Collection) -> None:
    ids = collection.ids("tannins iron")
    assert ids[0] == "food-and-nutrition/do-tea-and-coffee-block-iron"
    assert len(ids) > 5


def test_a_rare_word_weighs_more_than_a_frequent_one(collection: Collection) -> None:
    assert collection.ids("doctor cranberry")[0] == "womens-health/urinary-tract-infections-symptoms-and-next-steps"


def test_the_order_of_bare_words_does_not_decide_what_is_found(collection: Collection) -> None:
    assert set(collection.ids("iron tea")) == set(collection.ids("tea iron"))


def test_the_same_question_has_the_same_answer_every_time(collection: Collection) -> None:
    assert collection.ids("tired all the time") == collection.ids("tired all the time")
