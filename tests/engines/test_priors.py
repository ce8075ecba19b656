"""Dates and views that count: both engines order the same, by the same scores, and say so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest

from harbor_search.article import Article, Section
from harbor_search.config import Settings
from harbor_search.engines import SearchEngine, open_engine
from harbor_search.results import SearchResults
from harbor_search.searching import parse_request, search

TODAY = date.today()


def article(name: str, **more: object) -> Article:
    return Article(name, f"About {name}", (Section("", "", "Tea and iron."),), **more)  # type: ignore[arg-type]


ARTICLES = [
    article("a", published=TODAY - timedelta(days=3000), views=10),
    article("b", published=TODAY),
    article("c", views=1000),
    article("d", published=TODAY + timedelta(days=9), views=0),
]
PRIORS = {"freshness": 0.2, "popularity": 0.5, "near_duplicates": 0.0}


@pytest.fixture(scope="module")
def settings(make_shared_settings: Callable[..., Settings]) -> Settings:
    return make_shared_settings(**PRIORS)


@pytest.fixture(scope="module")
def engine(settings: Settings) -> Iterator[SearchEngine]:
    made = open_engine(settings)
    made.rebuild(ARTICLES, lambda *_: None)
    yield made
    made.close()


def asked(engine: SearchEngine, settings: Settings, q: str) -> SearchResults:
    return search(engine, parse_request({"q": q, "explain": "1"}, settings), settings)


def test_what_is_new_and_what_is_read_gains_so_much(engine: SearchEngine, settings: Settings) -> None:
    hits = asked(engine, settings, "tea iron").hits
    scores = {hit.id: hit.score for hit in hits}
    assert list(scores) == ["c", "b", "d", "a"]
    assert scores["b"] == scores["d"]
    # Views by their logarithm, of which the most has 1.5; the one with none and of today has 1.2.
    assert scores["c"] / scores["b"] == pytest.approx(1.5 / 1.2, rel=1e-5)


def test_both_are_parts_of_what_explains_a_score(engine: SearchEngine, settings: Settings) -> None:
    for hit in asked(engine, settings, "tea iron").hits:
        assert hit.explanation is not None
        assert sum(part.score for part in hit.explanation.parts) == pytest.approx(hit.score, abs=1e-6)
        kinds = {part.kind for part in hit.explanation.parts}
        assert ("freshness" in kinds) == (hit.id != "c")
        assert ("popularity" in kinds) == (hit.id in "ac")


def test_a_title_that_is_the_query_is_a_part_of_its_own(engine: SearchEngine, settings: Settings) -> None:
    best = asked(engine, settings, "about d").hits[0]
    assert best.id == "d" and best.explanation is not None
    assert "title_match" in {part.kind for part in best.explanation.parts}
