"""What is written takes the place of the index that was live, whoever searches it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from harbor_search.article import Article, Section
from harbor_search.config import Settings
from harbor_search.engines import SearchEngine, open_engine

Make = Callable[..., Settings]


def quiet(stage: str, done: int, total: int | None) -> None:
    pass


def article(number: int) -> Article:
    return Article(f"a{number}", f"Article {number}", (Section("", "", "An article about iron."),))


@pytest.fixture
def engine(opensearch_settings: Make) -> Iterator[SearchEngine]:
    with closing(open_engine(opensearch_settings())) as engine:
        engine.rebuild([article(1)], quiet)
        yield engine


def test_who_understands_a_query_by_the_words_of_an_index_that_is_replaced_gets_those_of_the_next(
    engine: SearchEngine,
) -> None:
    words = engine.vocabulary()
    engine.write([article(2)], frozenset(), "two", quiet)
    assert words.generation != engine.generation()
    words.prefetch(["iron"])
    assert words.frequency("iron") == 2
    assert words.together(["article", "iron"]) == words.adjacent(["about", "iron"]) == 2
    assert words.spelt("iron")
    assert [each.word for each in words.lexicon.similar("artcle", 2)] == ["article"]
