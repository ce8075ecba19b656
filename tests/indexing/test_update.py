"""An update follows the sources: what is new enters, what changed is replaced, what is gone leaves, with one exception."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from harbor_search.config import Settings
from harbor_search.errors import OperationalError, UserError
from harbor_search.indexing import update
from harbor_search.reports import UpdateReport

from .engine_in_memory import EngineInMemory


def quiet(stage: str, done: int, total: int | None) -> None: ...


def write(folder: Path, **pages: str) -> Path:
    """A folder with these pages and no others; an empty text makes one that cannot be read."""
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(f"# About {name}\n\n{text}\n" if text else "")
    return folder


def updated(engine: EngineInMemory, folder: Path, **settings: object) -> UpdateReport:
    return update(engine, [folder], dataclasses.replace(Settings(), **settings), quiet)  # type: ignore[arg-type]


def counts(report: UpdateReport) -> tuple[int, int, int]:
    return report.added, report.changed, report.removed


def names(engine: EngineInMemory) -> list[str]:
    return sorted(engine.generations[engine.live])


@pytest.fixture
def engine(tmp_path: Path) -> EngineInMemory:
    made = EngineInMemory()
    updated(made, write(tmp_path / "c", naps="Short.", iron="Greens.", tea="Hot."))
    return made


def test_the_first_update_adds_everything(engine: EngineInMemory) -> None:
    assert names(engine) == ["iron", "naps", "tea"]


def test_new_changed_and_missing_articles_are_counted_and_followed(engine: EngineInMemory, tmp_path: Path) -> None:
    report = updated(engine, write(tmp_path / "c", naps="Long.", iron="Greens.", milk="White."))
    assert counts(report) == (1, 1, 1)
    assert report.published and not report.rebuilt
    assert (report.index.generation, report.index.read, report.index.indexed) == ("2", 3, 3)
    assert names(engine) == ["iron", "milk", "naps"]


def test_where_nothing_changed_nothing_is_published(engine: EngineInMemory, tmp_path: Path) -> None:
    report = updated(engine, tmp_path / "c")
    assert counts(report) == (0, 0, 0)
    assert not report.published
    assert (report.index.generation, report.index.indexed) == ("1", 3)


def test_an_article_that_can_no_longer_be_read_stays_and_is_named(engine: EngineInMemory, tmp_path: Path) -> None:
    report = updated(engine, write(tmp_path / "c", naps="", iron="Greens."))
    assert counts(report) == (0, 0, 1)
    assert names(engine) == ["iron", "naps"], "tea is gone, naps may come back"
    assert [each.source for each in report.kept] == ["naps"]
    assert "could not be read" in report.kept[0].reason
    assert [Path(each.source).name for each in report.index.refused] == ["naps.md"]


def test_an_article_that_is_a_draft_now_leaves(engine: EngineInMemory, tmp_path: Path) -> None:
    folder = write(tmp_path / "c", iron="Greens.", tea="Hot.")
    (folder / "naps.md").write_text("---\ndraft: true\n---\n\n# About naps\n\nShort.\n")
    report = updated(engine, folder)
    assert counts(report) == (0, 0, 1)
    assert len(report.index.skipped) == 1
    assert names(engine) == ["iron", "tea"]


def test_of_a_file_with_a_broken_line_no_article_leaves(tmp_path: Path) -> None:
    engine = EngineInMemory()
    lines = [json.dumps({"id": f"a{n}", "title": f"Title {n}", "text": "Some words."}) for n in range(5)]
    folder = write(tmp_path / "c", tea="Hot.", milk="White.")
    (folder / "export.jsonl").write_text("\n".join(lines))
    updated(engine, folder)
    (folder / "export.jsonl").write_text("\n".join([*lines[:2], lines[2][:20]]))
    (folder / "milk.md").unlink()
    report = updated(engine, folder)
    assert [each.source for each in report.kept] == ["a2", "a3", "a4"]
    assert names(engine) == ["a0", "a1", "a2", "a3", "a4", "tea"]


def test_too_many_refused_articles_stop_the_update(engine: EngineInMemory, tmp_path: Path) -> None:
    folder = write(tmp_path / "c", naps="Other.", iron="", tea="")
    with pytest.raises(OperationalError, match="nothing was published"):
        updated(engine, folder, max_refused_grace=1)
    assert engine.generation() == "1"


def test_sources_without_any_article_do_not_empty_the_index(engine: EngineInMemory, tmp_path: Path) -> None:
    with pytest.raises(OperationalError, match="no article was found"):
        updated(engine, write(tmp_path / "c"))
    assert engine.generation() == "1"


def test_a_source_that_is_not_there_is_the_caller_s_mistake(engine: EngineInMemory, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nowhere"):
        updated(engine, tmp_path / "nowhere")


def test_an_update_that_would_remove_most_articles_is_stopped(tmp_path: Path) -> None:
    engine = EngineInMemory()
    updated(engine, write(tmp_path / "c", **{f"page{number}": "Text." for number in range(32)}))
    later = write(tmp_path / "c", page0="Text.", page1="Text.")
    with pytest.raises(OperationalError, match=r"30 of the 32 articles.*--allow-removals"):
        updated(engine, later)
    assert len(names(engine)) == 32
    updated(engine, later, max_removed=1.0)
    assert names(engine) == ["page0", "page1"]


def test_a_few_articles_of_a_handful_may_always_leave(tmp_path: Path) -> None:
    engine = EngineInMemory()
    updated(engine, write(tmp_path / "c", a="Text.", b="Text.", c="Text.", d="Text."))
    updated(engine, write(tmp_path / "c", d="Text."))
    assert names(engine) == ["d"]


def expired(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / f"{name}.md").write_text(f"---\nexpires: 2020-01-01\n---\n\n# About {name}\n\nText.\n")
    return folder


def test_articles_that_say_that_they_have_expired_may_all_leave_at_once(tmp_path: Path) -> None:
    engine = EngineInMemory()
    pages = [f"page{number}" for number in range(16)]
    folder = write(tmp_path / "c", **dict.fromkeys(pages, "Text."))
    updated(engine, folder)
    assert counts(updated(engine, expired(folder, *pages[:12]))) == (0, 0, 12)
    assert len(names(engine)) == 4
    assert counts(updated(engine, expired(folder, *pages))) == (0, 0, 4)
    assert names(engine) == []
    assert not updated(engine, folder).published
    assert counts(updated(engine, write(folder, milk="White."))) == (1, 0, 0)


def test_what_is_kept_back_does_not_excuse_that_others_are_gone(tmp_path: Path) -> None:
    engine = EngineInMemory()
    pages = [f"page{number}" for number in range(16)]
    folder = expired(write(tmp_path / "c", **dict.fromkeys(pages, "Text.")), *(f"old{number}" for number in range(16)))
    updated(engine, folder)
    for name in pages[4:]:
        (folder / f"{name}.md").unlink()
    with pytest.raises(OperationalError, match="12 of the 16 articles"):
        updated(engine, folder)
    for name in pages[:4]:
        (folder / f"{name}.md").unlink()
    with pytest.raises(OperationalError, match="no article was found"):
        updated(engine, folder, max_removed=1.0)
    assert len(names(engine)) == 16


def test_records_of_a_file_that_have_expired_may_all_leave_at_once(tmp_path: Path) -> None:
    engine = EngineInMemory()
    records = [{"id": f"a{n}", "source": "The paper", "title": f"Title {n}", "text": "Words."} for n in range(8)]
    folder = write(tmp_path / "c")
    (folder / "export.jsonl").write_text("\n".join(map(json.dumps, records)))
    updated(engine, folder)
    (folder / "export.jsonl").write_text("\n".join(json.dumps({**each, "expires": "2020-01-01"}) for each in records))
    updated(engine, folder)
    assert names(engine) == []


def test_a_first_index_is_not_an_empty_one(tmp_path: Path) -> None:
    engine = EngineInMemory()
    with pytest.raises(OperationalError, match="no article was found"):
        updated(engine, expired(write(tmp_path / "c"), "a"))
    assert not engine.generations
