"""Related articles: those that are about what an article is about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harbor_search import Article, Section, open_index
from harbor_search.index import Index
from harbor_search.searching import related

ARTICLES = {
    "snoring": ("Snoring", "Snoring keeps partners awake. Apnea may be behind snoring."),
    "apnea": ("Sleep Apnea", "Who snores may have apnea, and a mask helps."),
    "mask": ("Living With a Mask", "A mask is worn for apnea at night."),
    "iron": ("Low Iron", "Ferritin says how much iron is stored."),
    "ferritin": ("The Ferritin Test", "A test of ferritin in the blood shows low iron."),
    "stop": ("What It Is", "It is what it is, and so on."),
    "alone": ("Zugzwang", "Zugzwang obliges."),
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with open_index(tmp_path_factory.mktemp("related")) as index:
        index.rebuild(Article(key, title, (Section("", "", text),)) for key, (title, text) in ARTICLES.items())
        yield index


def ids(index: Index, key: str, **most: int) -> list[str]:
    article = index.article(key)
    assert article is not None
    return [each.id for each in related(index.engine, article, **most)]


def test_articles_on_the_same_subject_come_first_and_others_not_at_all(index: Index) -> None:
    assert set(ids(index, "snoring")) == {"apnea", "mask"}
    assert ids(index, "iron") == ["ferritin"]


def test_an_article_is_not_related_to_itself(index: Index) -> None:
    for key in ARTICLES:
        assert key not in ids(index, key)


def test_no_more_come_than_were_asked_for_and_these_are_the_best(index: Index) -> None:
    assert ids(index, "apnea", most=1) == ids(index, "apnea")[:1]


def test_an_article_that_shares_no_telling_word_has_none(index: Index) -> None:
    assert ids(index, "alone") == []
    assert ids(index, "stop") == []


def test_a_word_that_says_nothing_in_another_language_tells_of_an_article_in_this_one(tmp_path: Path) -> None:
    texts = {"cold": "The cold war.", "long": "A long war.", "tea": "A cup of tea.", "milk": "Milk in a cup."}
    articles = [Article(key, key.title(), (Section("", "", text),), language="en") for key, text in texts.items()]
    german = Article("de", "Husten", (Section("", "", "Der Husten war lange da."),), language="de")
    with open_index(tmp_path) as index:
        index.rebuild([*articles, german])
        assert "long" in ids(index, "cold")
        assert ids(index, "de") == []
