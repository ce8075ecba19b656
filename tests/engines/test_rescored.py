"""An index under other settings of the ranking, without opening it anew."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest

from harbor_search import Article, Section, open_index
from harbor_search.config import Settings
from harbor_search.engines import SearchEngine, open_engine, rescored
from harbor_search.searching import SearchRequest, search

QUERIES = ("morning fatigue", "iron", "fatigue after iron tea", '"morning tea"')


@pytest.fixture(name="settings", scope="module")
def _settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("index")
    words = "morning fatigue iron tea sleep ferritin anaemia cough".split()
    articles = [
        Article(
            f"{n}", f"{words[n % 8]} {n}", (Section("", "", " ".join(words[: 1 + n * 3 % 8] * (1 + n % 3))),), views=n
        )
        for n in range(40)
    ]
    with open_index(folder, synonyms="none", near_duplicates=0.0) as index:
        index.rebuild(articles)
    return Settings(index=folder, synonyms="none")


def scores(engine: SearchEngine, settings: Settings) -> list[list[tuple[str, float]]]:
    return [[(hit.id, hit.score) for hit in search(engine, SearchRequest(q=q), settings).hits] for q in QUERIES]


@pytest.mark.parametrize(
    "changed",
    [
        {"k1": 0.5},
        {"title_weight": 0.0, "body_b": 0.1},
        {"feedback_weight": 0.0},
        {"feedback_weight": 1.0, "k1": 4.0},
        {"title_match": 1.0, "all_words_first": 1.0},
        {"popularity": 0.3},
        {},
    ],
    ids=str,
)
def test_hits_are_those_of_an_engine_that_is_opened_with_these_settings(
    settings: Settings, changed: dict[str, float]
) -> None:
    other = replace(settings, **changed)  # type: ignore[arg-type]
    with closing(open_engine(settings)) as engine, closing(open_engine(other)) as opened:
        before = scores(engine, settings)
        assert scores(rescored(engine, other), other) == scores(opened, other)
        assert scores(engine, settings) == before
