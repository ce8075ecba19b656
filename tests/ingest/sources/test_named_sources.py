"""Several sources in one collection: their names stand before ids, and what two have alike stays apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from harbor_search.errors import UserError
from harbor_search.ingest import Read, Refused, Source, as_source, configured_sources, read_articles
from tests.ingest.reading import MAX_BYTES


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    for folder in ("en", "de"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "visit.md").write_text(f"# Visit {folder}\n\nText.\n")
    return tmp_path / "en", tmp_path / "de"


def ids(*sources: Source | Path | str) -> list[str]:
    found = read_articles(sources, max_bytes=MAX_BYTES)
    return [each.article.id if isinstance(each, Read) else str(each) for each in found]


def test_the_name_of_a_source_stands_before_its_ids(two: tuple[Path, Path]) -> None:
    assert ids(f"english={two[0]}", two[1]) == ["english/visit", "visit"]


def test_an_article_that_is_called_by_its_address_keeps_that_id(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"url": "https://example.org/a", "title": "A", "text": "Text."}\n')
    assert ids(f"blog={tmp_path / 'a.jsonl'}") == ["https://example.org/a"]


def test_of_two_sources_without_names_the_later_gets_the_name_of_its_folder_where_ids_clash(
    two: tuple[Path, Path],
) -> None:
    first, second = read_articles(two, max_bytes=MAX_BYTES)
    assert isinstance(first, Read) and isinstance(second, Read)
    assert (first.article.id, second.article.id) == ("visit", "de/visit")
    assert not first.notes and "sources with names" in second.notes[0]


def test_one_id_twice_in_one_source_is_still_refused(tmp_path: Path) -> None:
    lines = ('{"id": "x", "title": "A", "text": "Text."}\n', '{"id": "x", "title": "A", "text": "Another."}\n')
    (tmp_path / "a.jsonl").write_text("".join(lines))
    outcomes = list(read_articles([f"blog={tmp_path / 'a.jsonl'}"], max_bytes=MAX_BYTES))
    assert isinstance(outcomes[1], Refused) and "'blog/x' is taken by" in outcomes[1].reason


def test_a_path_with_an_equals_sign_is_a_path_where_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a=b").mkdir()
    assert as_source("a=b") == Source("a=b")
    assert as_source("a=c") == Source("c", "a")


@pytest.mark.parametrize("name", ["Deutsch", "a" * 65])
def test_a_name_that_cannot_stand_in_an_id_is_refused(name: str) -> None:
    with pytest.raises(UserError, match="small letters, digits"):
        as_source(f"{name}=folder")


def test_sources_come_from_tables_of_the_settings() -> None:
    tables = [{"address": "a", "name": "blog", "exclude": "old/"}, {"address": "b", "include": ["*.md", "*.txt"]}]
    assert configured_sources(tables) == (
        Source("a", "blog", exclude=("old/",)),
        Source("b", include=("*.md", "*.txt")),
    )


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ([{"name": "blog"}], r"sources\[1\] has no address"),
        ([{"address": "a"}, {"adress": "b"}], r"sources\[2\]: a source has no 'adress'"),
        ([{"address": 7}], "must be a text, not 7"),
        ([{"address": "a", "include": [7]}], "must be a list of texts"),
        ([{"address": "a", "kind": "tape"}], "there is no kind 'tape'"),
        ([{"address": "a", "name": "x"}, {"address": "b", "name": "x"}], "two sources are named 'x'"),
    ],
)
def test_a_table_that_describes_no_source_is_refused(tables: list[dict[str, object]], told: str) -> None:
    with pytest.raises(UserError, match=told):
        configured_sources(tables)


def test_a_password_in_an_address_is_not_shown() -> None:
    assert str(Source("postgresql://me:secret@db/site", "db")) == "db=postgresql://me:***@db/site"
