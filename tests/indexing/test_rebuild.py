"""A rebuild takes what can be read, names what cannot, and stops before it would publish a broken collection."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from harbor_search.article import Article
from harbor_search.config import Settings
from harbor_search.engines import GenerationInfo, SearchEngine
from harbor_search.errors import OperationalError, UserError
from harbor_search.indexing import rebuild, rollback, verify

from .engine_in_memory import EngineInMemory


def quiet(stage: str, done: int, total: int | None) -> None: ...


def record(number: int, **values: object) -> str:
    return json.dumps({"id": f"a{number}", "title": f"Title {number}", "text": f"Some words of {number}.", **values})


def collection(folder: Path, good: int, bad: int, *, bad_first: bool = False) -> Path:
    lines = [record(number) for number in range(good)]
    broken = ["{not json"] * bad
    folder.mkdir(exist_ok=True)
    (folder / "articles.jsonl").write_text("\n".join(broken + lines if bad_first else lines + broken) + "\n")
    return folder


@pytest.fixture
def engine() -> EngineInMemory:
    made = EngineInMemory()
    made.rebuild([Article(id="old", title="Old")], quiet)
    return made


def require_old_is_live(engine: EngineInMemory) -> None:
    assert engine.generation() == "1"
    assert engine.article("old") is not None


def settings(**values: Any) -> Settings:
    return dataclasses.replace(Settings(), **values)


def test_the_fake_is_a_search_engine(engine: SearchEngine) -> None:
    assert engine.generation() == "1"


def test_a_rebuild_publishes_all_articles_and_reports_them(engine: EngineInMemory, tmp_path: Path) -> None:
    report = rebuild(engine, [collection(tmp_path / "c", good=3, bad=0)], Settings(), quiet)
    assert (report.generation, report.read, report.indexed, report.bytes) == ("2", 3, 3, 300)
    assert report.refused == report.skipped == report.noted == ()
    assert report.seconds >= 0
    assert engine.article("a2") is not None
    assert engine.article("old") is None


def test_what_was_refused_skipped_or_mended_is_named(engine: EngineInMemory, tmp_path: Path) -> None:
    folder = collection(tmp_path / "c", good=2, bad=1)
    (folder / "logo.png").write_bytes(b"\x89PNG")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "odd.jsonl").write_text(record(7, date="2025-02-31") + "\n")
    report = rebuild(engine, [folder], Settings(), quiet)
    assert (report.read, report.indexed) == (5, 3)
    assert sorted(Path(each.source).name for each in report.refused) == ["articles.jsonl:3", "empty.txt"]
    assert all(each.reason for each in report.refused)
    assert [Path(each.source).name for each in report.skipped] == ["logo.png"]
    assert [each.source for each in report.noted] == ["a7"]
    assert "2025-02-31" in report.noted[0].reason


def test_several_sources_make_one_index(engine: EngineInMemory, tmp_path: Path) -> None:
    (tmp_path / "more.jsonl").write_text(record(100) + "\n")
    report = rebuild(engine, [collection(tmp_path / "c", 2, 0), tmp_path / "more.jsonl"], Settings(), quiet)
    assert report.indexed == 3


def test_past_the_share_of_refused_articles_the_rebuild_stops_with_the_first_reasons(
    engine: EngineInMemory, tmp_path: Path
) -> None:
    folder = collection(tmp_path / "c", good=50, bad=50)
    with pytest.raises(OperationalError) as stopped:
        rebuild(engine, [folder], settings(max_refused=0.1, max_refused_grace=3), quiet)
    message = str(stopped.value)
    assert "max_refused (10%) and max_refused_grace (3)" in message
    assert "articles.jsonl:51: the line is not valid JSON" in message
    assert message.count("not valid JSON") == 5 and "more" in message
    require_old_is_live(engine)


def test_it_stops_as_soon_as_the_share_cannot_be_met_any_more(engine: EngineInMemory, tmp_path: Path) -> None:
    read: list[int] = []
    folder = collection(tmp_path / "c", good=100, bad=100, bad_first=True)
    with pytest.raises(OperationalError, match="^21 of the 21 articles"):
        rebuild(engine, [folder], settings(max_refused=0.1), lambda stage, done, total: read.append(done))
    assert read == []
    require_old_is_live(engine)


@pytest.mark.parametrize(("bad", "stops"), [(10, False), (11, True)])
def test_refused_articles_that_lie_together_are_measured_against_the_whole(
    engine: EngineInMemory, tmp_path: Path, bad: int, stops: bool
) -> None:
    folder = collection(tmp_path / "c", good=100 - bad, bad=bad, bad_first=True)
    tolerance = settings(max_refused=0.1, max_refused_grace=5)
    if stops:
        with pytest.raises(OperationalError, match="nothing was published"):
            rebuild(engine, [folder], tolerance, quiet)
        require_old_is_live(engine)
    else:
        assert rebuild(engine, [folder], tolerance, quiet).indexed == 90


def test_files_that_are_no_articles_do_not_water_the_share_down(engine: EngineInMemory, tmp_path: Path) -> None:
    folder = collection(tmp_path / "c", good=20, bad=5)
    for number in range(200):
        (folder / f"{number}.png").touch()
    with pytest.raises(OperationalError, match="nothing was published"):
        rebuild(engine, [folder], settings(max_refused=0.1, max_refused_grace=3), quiet)
    require_old_is_live(engine)


@pytest.mark.parametrize(("bad", "stops"), [(10, False), (11, True)])
def test_a_few_refused_articles_are_always_tolerated(
    engine: EngineInMemory, tmp_path: Path, bad: int, stops: bool
) -> None:
    folder = collection(tmp_path / "c", good=2, bad=bad)
    if stops:
        with pytest.raises(OperationalError, match="^11 of the 13 articles"):
            rebuild(engine, [folder], Settings(), quiet)
    else:
        assert rebuild(engine, [folder], Settings(), quiet).indexed == 2


def test_an_empty_index_is_not_published(engine: EngineInMemory, tmp_path: Path) -> None:
    with pytest.raises(OperationalError, match="no article was found.*that holds the articles$"):
        rebuild(engine, [tmp_path], Settings(), quiet)
    require_old_is_live(engine)


def test_when_there_is_nothing_but_refused_files_the_message_has_their_reasons(
    engine: EngineInMemory, tmp_path: Path
) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "logo.png").touch()
    with pytest.raises(OperationalError, match=r"no article was found.*First: .*empty\.txt: "):
        rebuild(engine, [tmp_path], Settings(), quiet)
    (tmp_path / "empty.txt").unlink()
    with pytest.raises(OperationalError, match=r"no article was found.*First: .*logo\.png: "):
        rebuild(engine, [tmp_path], Settings(), quiet)
    require_old_is_live(engine)


def test_a_source_that_is_not_there_is_the_caller_s_mistake(engine: EngineInMemory, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nowhere"):
        rebuild(engine, [tmp_path / "nowhere"], Settings(), quiet)
    require_old_is_live(engine)


def test_a_source_larger_than_the_setting_is_refused(engine: EngineInMemory, tmp_path: Path) -> None:
    folder = collection(tmp_path / "c", good=2, bad=0)
    with (folder / "articles.jsonl").open("a") as stream:
        stream.write(record(9, text="long " * 1000) + "\n")
    report = rebuild(engine, [folder], settings(max_source_bytes=1000), quiet)
    assert report.indexed == 2
    assert "max_source_bytes" in report.refused[0].reason


def test_progress_is_told_how_many_articles_to_expect(engine: EngineInMemory, tmp_path: Path) -> None:
    told: list[tuple[str, int, int | None]] = []
    rebuild(engine, [collection(tmp_path / "c", 3, 1)], Settings(), lambda *values: told.append(values))
    assert told == [("index", 1, 4), ("index", 2, 4), ("index", 3, 4), ("publish", 1, 1)]


def test_an_engine_that_fails_half_way_lets_go_of_the_sources(tmp_path: Path) -> None:
    taken: list[Iterable[Article]] = []

    class Failing(EngineInMemory):
        def rebuild(self, articles: Iterable[Article], *rest: object, **more: object) -> GenerationInfo:
            taken.append(articles)
            next(iter(articles))
            raise OperationalError("the disk is full")

    with pytest.raises(OperationalError, match="the disk is full"):
        rebuild(Failing(), [collection(tmp_path / "c", 3, 0)], Settings(), quiet)
    assert list(taken[0]) == [], "the stream of articles is closed"


def test_rolling_back_and_verifying_go_to_the_engine(engine: EngineInMemory, tmp_path: Path) -> None:
    rebuild(engine, [collection(tmp_path / "c", 2, 0)], Settings(), quiet)
    assert verify(engine) == ()
    engine.faults = ("terms.bin is missing",)
    assert verify(engine) == ("terms.bin is missing",)
    info = rollback(engine)
    assert (info.name, info.articles) == ("1", 1)
    require_old_is_live(engine)
    with pytest.raises(OperationalError, match="no older generation"):
        rollback(engine)
