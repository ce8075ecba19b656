"""Requests that were asked before are understood already; their answers are those of the index as it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harbor_search.article import Article, Section
from harbor_search.config import Settings
from harbor_search.engines.embedded import EmbeddedEngine
from harbor_search.searching import SearchRequest, search
from harbor_search.searching.engine_request import PreparedSearches, prepare
from tests.support.memory_engine import MemoryEngine

BARE = SearchRequest(q="iron tea", literal=True, facets=False, snippets=False, fold=False)


def rebuild(engine: EmbeddedEngine, *texts: str) -> None:
    articles = [Article(f"a{i}", "", (Section("", "", text),)) for i, text in enumerate(texts)]
    engine.rebuild(articles, lambda *_: None)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(index=tmp_path / "index", analyzer="simple")


@pytest.mark.parametrize("text", ["iron tea", "+iron -tea", '"iron tea"', "-tea", "iron (tea OR milk)", "ironing"])
def test_a_request_asked_again_is_answered_from_the_live_generation(settings: Settings, text: str) -> None:
    engine, request = EmbeddedEngine(settings), BARE._replace(q=text)
    rebuild(engine, "iron tea", "iron", "milk")
    before = [search(engine, request, settings) for _ in range(3)]
    rebuild(engine, "milk", "iron tea", "tea", "iron milk", "ironing")
    after = [search(engine, request, settings) for _ in range(3)]
    fresh = search(EmbeddedEngine(settings), request, settings)
    assert {each.generation for each in before} != {each.generation for each in after}
    assert all((each.hits, each.total) == (before[0].hits, before[0].total) for each in before)
    assert all((each.hits, each.total) == (fresh.hits, fresh.total) for each in after)


def test_a_request_asked_again_is_reduced_where_the_index_has_grown(settings: Settings) -> None:
    narrow = Settings(index=settings.index, analyzer="simple", max_query_cost=8)
    engine = EmbeddedEngine(narrow)
    rebuild(engine, "iron tea", "milk")
    assert not search(engine, BARE, narrow).partial
    rebuild(engine, *["iron tea"] * 7, "iron")
    found = [search(engine, BARE, narrow) for _ in range(3)]
    assert [each.partial for each in found[1:]] == [True, True]


def test_so_is_one_that_was_under_way_while_others_asked_the_new_index(settings: Settings) -> None:
    narrow = Settings(index=settings.index, analyzer="simple", max_query_cost=8)
    engine = EmbeddedEngine(narrow)
    rebuild(engine, "iron tea", "milk")

    def meanwhile(_: int) -> None:
        rebuild(engine, *["iron tea"] * 7, "iron")
        search(engine, BARE._replace(q="milk"), narrow)

    search(engine, BARE, narrow, admit=meanwhile)
    assert search(engine, BARE, narrow).partial


def test_other_settings_count_at_once(settings: Settings) -> None:
    engine = EmbeddedEngine(settings)
    rebuild(engine, *["iron tea"] * 9)
    narrow = Settings(index=settings.index, analyzer="simple", max_query_cost=9)
    assert [search(engine, BARE, each).partial for each in (settings, narrow, settings)] == [False, True, False]


def test_pages_and_their_marks_are_as_before(settings: Settings) -> None:
    engine = EmbeddedEngine(settings)
    rebuild(engine, "iron tea", "iron", "tea")
    for request in (BARE, BARE._replace(snippets=True), BARE._replace(per_page=1, page=2), BARE._replace(strict=True)):
        one, other = (search(engine, request, settings) for _ in range(2))
        assert (one.hits, one.total, one.page) == (other.hits, other.total, other.page)


MEANT = SearchRequest(q="iorn", facets=False)


def test_words_of_a_request_asked_again_are_understood_in_the_live_generation(settings: Settings) -> None:
    """What no article had is corrected, and is not any more when one has it."""
    engine = EmbeddedEngine(settings)
    rebuild(engine, *["iron tea"] * 3)
    before = [search(engine, MEANT, settings) for _ in range(3)]
    assert all(each.applied.corrections and each.total == 3 for each in before)
    rebuild(engine, *["iron tea"] * 3, "iorn")
    after = [search(engine, MEANT, settings) for _ in range(3)]
    assert [(each.applied.corrections, each.total) for each in after] == [((), 1)] * 3


def test_a_request_asked_again_is_looked_up_in_the_synonyms_as_they_are(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harbor_search.synonyms.files._LOOK_EVERY", 0.0)
    listed = tmp_path / "own.txt"
    listed.write_text("tea, chai\n", "utf-8")
    engine, own = EmbeddedEngine(settings), replace(settings, synonyms=str(listed))
    rebuild(engine, "chai", "brew", "water")
    asked = SearchRequest(q="tea", facets=False)
    assert [[hit.id for hit in search(engine, asked, own).hits] for _ in range(3)] == [["a0"]] * 3
    listed.write_text("tea, brewed drink, brew\n", "utf-8")
    assert [[hit.id for hit in search(engine, asked, own).hits] for _ in range(3)] == [["a1"]] * 3


def test_with_more_questions_than_are_remembered_only_the_first_ones_are_forgotten() -> None:
    engine, settings = MemoryEngine(), Settings()
    searches, number = PreparedSearches(settings), 1_100
    prepared = prepare(engine, SearchRequest(q="croup"), settings)
    searches.keep(SearchRequest(q="croup"), prepared, "1", "1")  # the first of a generation only begins it
    requests = [SearchRequest(q=f"croup {each}") for each in range(number)]
    for request in requests:
        searches.keep(request, prepared, "1", "1")
    known = [searches.get(request) is not None for request in requests]
    assert not known[0]
    assert known == sorted(known)
    assert sum(known) > number // 2
