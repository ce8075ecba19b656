"""Reading an article: whatever the query, the article comes, and what can be searched for is marked."""

from __future__ import annotations

import pytest

from harbor_search.article import Article, Section
from harbor_search.config import Settings
from harbor_search.searching import read
from tests.support.memory_engine import MemoryEngine

IRON = Article("iron", "Iron & Tea", (Section("", "", "Tea takes iron away."),))
SETTINGS = Settings(max_query_length=40)


def marked(q: str) -> list[tuple[str, str]]:
    found = read(MemoryEngine([IRON]), "iron", SETTINGS, q=q)
    assert found and found.article is IRON
    texts = {"title": IRON.title, "body": IRON.body[0].text}
    return [(each.field, texts[each.field][each.start : each.end]) for each in found.occurrences]


def test_an_article_comes_with_the_places_of_the_words() -> None:
    assert sorted(marked(" iron ")) == [("body", "iron"), ("title", "Iron")]


@pytest.mark.parametrize("q", ["", "  ", "iron " * 20], ids=["none", "blank", "too long"])
def test_a_query_that_is_none_or_too_long_marks_nothing(q: str) -> None:
    assert marked(q) == []


def test_an_article_that_is_not_there_is_none() -> None:
    assert read(MemoryEngine([IRON]), "tea", SETTINGS, q="iron") is None
