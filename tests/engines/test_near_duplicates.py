"""Near-duplicates: found while indexing, one hit for each group, all of them reachable."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from harbor_search.article import Article, Section
from harbor_search.config import Settings
from harbor_search.engines import Criteria, SearchEngine, Sort, open_engine
from harbor_search.engines.opensearch import OpenSearchEngine, counting
from harbor_search.errors import OperationalError
from harbor_search.query import Term
from harbor_search.results import SearchResults
from harbor_search.searching import parse_request, search
from harbor_search.store.columns import ColumnsWriter
from harbor_search.store.segment.near_duplicates import SIGNATURE, find_groups, read_groups
from tests.engines.conftest import ENGINES

WORDS = [f"word{number}" for number in range(500)]


def article(name: str, seed: int, *, instead: str = "", section: str = "Health", year: int = 2024) -> Article:
    """An article of 200 words that depend on `seed`, one of them another."""
    words = random.Random(seed).sample(WORDS, 200)
    words[100] = instead or words[100]
    return Article(
        id=name,
        title=f"Title of {seed}",
        body=(Section("", "", " ".join(["common", *words])),),
        section=(section,),
        published=date(year, 1, 1),
    )


ARTICLES = [
    article("one", 1),
    article("one-copy", 1, instead="bergen", section="Care", year=2025),
    article("one-other", 1, instead="oslo", year=2025),
    article("two", 2),
    article("two-copy", 2),
    article("three", 3),
]


@pytest.fixture(params=ENGINES)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of an engine that has no index yet."""
    if request.param == "opensearch":
        made: Settings = request.getfixturevalue("opensearch_settings")()
        return made
    return Settings(index=tmp_path)


@pytest.fixture
def engine(settings: Settings) -> Iterator[SearchEngine]:
    """An engine with ARTICLES."""
    with_index = open_engine(settings)
    with_index.rebuild(iter(ARTICLES), lambda *_: None)
    yield with_index
    with_index.close()


def found(engine: SearchEngine, query: str, **parameters: str) -> SearchResults:
    """One page of results."""
    settings = Settings()
    return search(engine, parse_request({"q": query, **parameters}, settings), settings)


def test_a_group_is_one_hit_that_says_how_many_are_similar(engine: SearchEngine) -> None:
    results = found(engine, "common")
    assert results.total == 3
    assert sorted(hit.similar for hit in results.hits) == [0, 1, 2]


def test_short_articles_stand_for_themselves_however_alike(settings: Settings) -> None:
    notice = (Section("", "", "common words of a notice that a site puts under each of its short pages"),)
    engine = open_engine(settings)
    engine.rebuild([Article(id=name, title="Notice", body=notice) for name in "ab"], lambda *_: None)
    try:
        assert found(engine, "notice").total == 2
    finally:
        engine.close()


def test_the_one_that_has_the_words_is_the_hit(engine: SearchEngine) -> None:
    assert [hit.id for hit in found(engine, "common bergen").hits][0] == "one-copy"
    assert [hit.id for hit in found(engine, "common oslo").hits][0] == "one-other"


@pytest.mark.parametrize("most", [2_000, 1])
def test_values_of_facets_are_counted_without_what_is_folded_away(
    engine: SearchEngine, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    # A cluster counts so many groups one by one, and estimates beyond.
    monkeypatch.setattr(counting, "MOST_GROUPS_OF_FACETS", most)
    answer = found(engine, "common")
    assert {value.value: value.count for value in answer.facets["section"]} == {"Health": 3, "Care": 1}
    assert {value.value: value.count for value in answer.facets["year"]} == {"2024": 3, "2025": 1}
    estimated = isinstance(engine, OpenSearchEngine) and most == 1
    assert answer.facets_relation == ("approx" if estimated else "eq")


def test_what_is_folded_away_can_be_asked_for(engine: SearchEngine) -> None:
    assert sorted(hit.id for hit in engine.similar("one")) == ["one-copy", "one-other"]
    assert engine.similar("three") == engine.similar("no such article") == ()
    assert found(engine, "common", fold="0").total == 6


@pytest.mark.parametrize("parameters", [{"facets": "0"}, {"sort": "date"}, {"sort": "views"}, {"section": "Health"}])
def test_totals_and_pages_agree_in_every_order_and_with_filters(
    engine: SearchEngine, parameters: dict[str, str]
) -> None:
    whole = found(engine, "common", **parameters)
    paged = [hit.id for page in "123" for hit in found(engine, "common", page=page, per_page="1", **parameters).hits]
    assert whole.total == len(paged) == 3
    assert paged == [hit.id for hit in whole.hits]


def test_facets_count_what_choosing_them_shows(engine: SearchEngine) -> None:
    facets = found(engine, "common").facets
    for each in facets["section"]:
        assert found(engine, "common", section=each.value).total == each.count
    for each in facets["year"]:
        year = {"date_from": f"{each.value}-01-01", "date_to": f"{each.value}-12-31"}
        assert found(engine, "common", **year).total == each.count


def test_an_update_finds_groups_across_old_and_new_and_forgets_those_that_left(engine: SearchEngine) -> None:
    later = [*ARTICLES[:1], *ARTICLES[3:], article("three-copy", 3)]
    engine.update(iter(later), lambda: None, lambda *_: None)
    assert [hit.id for hit in engine.similar("three")] == ["three-copy"]
    assert engine.similar("one") == ()
    assert engine.stats().live.near_duplicates == 2


def test_what_is_written_joins_groups_and_leaves_them(engine: SearchEngine) -> None:
    engine.write([article("four-copy", 3), article("two", 4)], frozenset({"one"}), "later", lambda *_: None)
    assert [hit.id for hit in engine.similar("three")] == ["four-copy"]
    assert [hit.id for hit in engine.similar("one-copy")] == ["one-other"]
    assert engine.similar("two") == engine.similar("two-copy") == ()
    assert engine.stats().live.near_duplicates == 2
    assert found(engine, "common").total == 4
    assert sorted(hit.similar for hit in found(engine, "common", fold="0").hits) == [0, 0, 1, 1, 1, 1]


@pytest.mark.parametrize("sort", ["relevance", "date"])
def test_going_through_all_matches_meets_each_group_once(engine: SearchEngine, sort: Sort) -> None:
    copies = [article(f"copy{number:02}", number % 30, year=2000 + number % 7) for number in range(70)]
    engine.rebuild(iter(copies), lambda *_: None)
    query, criteria = Term("common"), Criteria(sort=sort, fold=True)
    whole = [hit.id for hit in engine.search(query, criteria._replace(limit=50)).hits]
    assert len(whole) == 30
    seen: list[str] = []
    going = criteria._replace(limit=7, after="")
    for _ in range(5):
        answer = engine.search(query, going)
        seen += [hit.id for hit in answer.hits]
        going = going._replace(generation=answer.generation, offset=len(seen), after=answer.after or None)
    assert seen == whole


def test_nothing_is_folded_where_near_duplicates_are_not_looked_for(settings: Settings) -> None:
    engine = open_engine(replace(settings, near_duplicates=0.0))
    assert engine.rebuild(iter(ARTICLES), lambda *_: None).near_duplicates == 0
    assert found(engine, "common").total == 6


def test_a_large_group_does_not_hide_what_comes_after_it(settings: Settings) -> None:
    engine = open_engine(settings)
    copies = [article(f"copy{number:03}", 1) for number in range(100)]
    engine.rebuild(iter([*copies, article("other", 2)]), lambda *_: None)
    results = found(engine, "common", per_page="2", facets="0")
    assert [hit.id for hit in results.hits if hit.id == "other"] == ["other"]
    assert (results.total, results.hits[0].similar + results.hits[1].similar) == (2, 99)


def test_documents_without_words_or_that_left_are_like_nothing() -> None:
    signatures = np.zeros((3, SIGNATURE), np.uint16)
    assert find_groups(signatures, 0.9)[0].size == 0
    signatures[1:] = 7
    assert find_groups(signatures, 0.9)[0].tolist() == [1, 2]


@pytest.mark.parametrize(("column", "value"), [("documents", 99), ("documents", -1), ("groups", 7), ("groups", -1)])
def test_damaged_groups_are_an_error_that_names_the_file_and_the_cure(tmp_path: Path, column: str, value: int) -> None:
    columns = {"documents": np.array([0, 1], np.int32), "groups": np.zeros(2, np.int32)}
    columns[column][1] = value
    with ColumnsWriter(tmp_path / "near-duplicates") as file:
        for name, values in columns.items():
            file.add(name, values)
    with pytest.raises(OperationalError, match="near-duplicates is damaged.*rebuild"):
        read_groups(tmp_path, 2)
