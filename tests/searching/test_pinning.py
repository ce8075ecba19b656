"""A pinned article comes first, on no other page again, and the others come as they did."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from harbor_search.config import Settings
from harbor_search.engines import SearchEngine, open_engine
from harbor_search.pins import Pins
from harbor_search.results import SearchResults
from harbor_search.searching import SearchRequest, search
from tests.support.articles import plain

COUNT = 23
# Each has words of its own, lest they be taken for copies of each other.
ARTICLES = [
    plain(f"{n:02}", f"Iron {n}", "iron " * (COUNT - n) + " ".join(f"word{n}x{i}" for i in range(60 + n)))
    for n in range(COUNT)
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pinning")


@pytest.fixture(scope="module")
def engine(folder: Path) -> Iterator[SearchEngine]:
    made = open_engine(Settings(index=folder / "index"))
    made.rebuild([*ARTICLES, plain("zinc", "Zinc", "Nothing of the sort.")], lambda *_: None)
    yield made
    made.close()


def pinned(folder: Path, article_id: str, query: str = "iron") -> Settings:
    file = folder / f"{article_id}-{len(query)}.txt"
    file.write_text(f"# for people\n{query} => {article_id}\n")
    return Settings(index=folder / "index", pins=str(file))


def ask(engine: SearchEngine, settings: Settings, **more: object) -> SearchResults:
    return search(engine, SearchRequest(**({"q": "Iron"} | more)), settings)  # type: ignore[arg-type]


def all_pages(engine: SearchEngine, settings: Settings, size: int) -> list[str]:
    pages = range(1, COUNT // size + 3)
    return [hit.id for page in pages for hit in ask(engine, settings, page=page, per_page=size).hits]


@pytest.mark.parametrize("size", [1, 5, 10])
@pytest.mark.parametrize("place", [0, 1, 4, 5, 9, 10, 11, 22])
def test_on_all_pages_together_the_pinned_article_is_first_and_nothing_is_missing_or_there_twice(
    engine: SearchEngine, folder: Path, place: int, size: int
) -> None:
    ranking = all_pages(engine, Settings(index=folder / "index"), size)
    assert len(ranking) == COUNT
    chosen = ranking[place]
    expected = [chosen, *(each for each in ranking if each != chosen)]
    assert all_pages(engine, pinned(folder, chosen), size) == expected


def test_an_article_that_does_not_match_can_come_first_too(engine: SearchEngine, folder: Path) -> None:
    settings = pinned(folder, "zinc")
    found = ask(engine, settings, per_page=50)
    assert found.hits[0].id == "zinc" and found.hits[0].lacks == ()
    assert (len(found.hits), found.total) == (COUNT + 1, COUNT + 1)
    nothing = ask(engine, pinned(folder, "zinc", "wolfram"), q="wolfram")
    assert [hit.id for hit in nothing.hits] == ["zinc"]


def test_what_is_shown_of_a_pinned_article_is_what_was_shown_before(engine: SearchEngine, folder: Path) -> None:
    before = {hit.id: hit for hit in ask(engine, Settings(index=folder / "index")).hits}
    first = ask(engine, pinned(folder, "04")).hits[0]
    assert (first.title_ranges, first.snippets, first.lacks) == (
        before["04"].title_ranges,
        before["04"].snippets,
        before["04"].lacks,
    )


@pytest.mark.parametrize("more", [{"sort": "date"}, {"literal": True}, {"strict": True}, {"section": ("Health",)}])
def test_whoever_wants_an_order_of_their_own_gets_it(
    engine: SearchEngine, folder: Path, more: dict[str, object]
) -> None:
    plain_order = ask(engine, Settings(index=folder / "index"), **more)
    assert [hit.id for hit in ask(engine, pinned(folder, "zinc"), **more).hits] == [hit.id for hit in plain_order.hits]


def test_a_pin_of_an_article_that_is_gone_is_passed_over(engine: SearchEngine, folder: Path) -> None:
    assert ask(engine, pinned(folder, "gone")).total == COUNT


def test_the_file_is_read_again_when_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("harbor_search.pins.time.monotonic", lambda: now)
    file, pins = tmp_path / "pins.txt", Pins(tmp_path / "pins.txt")
    assert pins.get("iron") == ""
    file.write_text("Iron   Tablets => a\nnonsense\n")
    now += 2
    assert pins.get(" iron tablets ") == "a"
    file.write_text("iron tablets => bb\n")
    now += 2
    assert pins.get("iron tablets") == "bb"
    os.unlink(file)
    now += 2
    assert pins.get("iron tablets") == ""


@pytest.mark.parametrize("article_id", ["00", "15", "zinc"])
@pytest.mark.parametrize("page", [1, 2])
def test_scores_of_pages_with_a_pinned_article_are_explained(
    engine: SearchEngine, folder: Path, article_id: str, page: int
) -> None:
    hits = ask(engine, pinned(folder, article_id), page=page, explain=True).hits
    assert (hits[0].id == article_id) is (page == 1)
    for hit in hits:
        assert hit.explanation is not None
        assert sum(part.score for part in hit.explanation.parts) == pytest.approx(hit.score, abs=1e-6)
