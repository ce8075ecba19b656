"""A file that looks as it did when it was read is not read again, within bounds."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harbor_search.ingest import Outcome, PublicationRules, Read, ReadBefore, Refused, file_reading, read_articles
from tests.ingest.reading import MAX_BYTES


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    for name in ("a", "b"):
        (tmp_path / f"{name}.md").write_text(f"# {name}\n\nText.\n")
    return tmp_path


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of files as they are read."""
    names: list[str] = []
    reader = file_reading.reader_for

    def noting(suffix: str) -> file_reading.Reader:
        return lambda data, origin: (names.append(origin.name), reader(suffix)(data, origin))[1]

    monkeypatch.setattr(file_reading, "reader_for", noting)
    return names


def read(docs: Path, before: ReadBefore) -> list[Outcome]:
    return list(read_articles([docs], max_bytes=MAX_BYTES, before=before))


def test_only_what_has_changed_is_read_again(docs: Path, opened: list[str]) -> None:
    before = ReadBefore(1_000_000)
    first = read(docs, before)
    assert read(docs, before) == first
    (docs / "b.md").write_text("# c\n\nOther.\n")
    changed = read(docs, before)
    assert [each.article.title for each in changed if isinstance(each, Read)] == ["a", "c"]
    assert opened == ["a.md", "b.md", "b.md"]


def test_a_file_of_the_same_size_and_time_in_its_place_is_another(docs: Path, opened: list[str]) -> None:
    before = ReadBefore(1_000_000)
    read(docs, before)
    (docs / "new").write_text("# x\n\nText.\n")
    status = (docs / "a.md").stat()
    os.utime(docs / "new", ns=(status.st_atime_ns, status.st_mtime_ns))
    (docs / "new").replace(docs / "a.md")
    read(docs, before)
    assert opened == ["a.md", "b.md", "a.md"]


def test_what_was_read_holds_until_an_article_is_published_or_expires(docs: Path, opened: list[str]) -> None:
    (docs / "a.md").write_text("---\npublishDate: 2030-01-01\nexpiryDate: 2031-01-01\n---\n\nText.\n")
    before = ReadBefore(1_000_000)

    def titles(now: datetime) -> list[str]:
        outcomes = read_articles([docs], max_bytes=MAX_BYTES, before=before, rules=PublicationRules(now=now, zone=UTC))
        return [each.article.title for each in outcomes if isinstance(each, Read)]

    assert titles(datetime(2029, 12, 30, tzinfo=UTC)) == titles(datetime(2029, 12, 31, tzinfo=UTC)) == ["b"]
    assert titles(datetime(2030, 1, 1, tzinfo=UTC)) == titles(datetime(2030, 12, 31, tzinfo=UTC)) == ["a", "b"]
    assert titles(datetime(2031, 1, 1, tzinfo=UTC)) == titles(datetime(2099, 1, 1, tzinfo=UTC)) == ["b"]
    assert opened == ["a.md", "b.md", "a.md", "a.md"]


def test_a_file_that_could_not_be_read_is_tried_again(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = ReadBefore(1_000_000)

    def failing(suffix: str) -> file_reading.Reader:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patched:
        patched.setattr(file_reading, "reader_for", failing)
        assert [type(each) for each in read(docs, before)] == [Refused, Refused]
    assert [type(each) for each in read(docs, before)] == [Read, Read]


def test_what_does_not_fit_is_read_each_time(docs: Path, opened: list[str]) -> None:
    before = ReadBefore(10)
    assert read(docs, before) == read(docs, before)
    assert len(opened) == 4


def test_files_are_judged_anew_when_the_clock_was_set_back(docs: Path, opened: list[str]) -> None:
    (docs / "b.md").write_text("---\ntitle: b\ndate: 2030-01-02\n---\nText.\n")
    before = ReadBefore(1_000_000)

    def titles(day: int, hour: int = 0) -> list[str]:
        rules = PublicationRules(now=datetime(2030, 1, day, hour, tzinfo=UTC), zone=UTC)
        found = read_articles([docs], max_bytes=MAX_BYTES, before=before, rules=rules)
        return [each.article.title for each in found if isinstance(each, Read)]

    assert titles(3) == ["a", "b"]
    assert titles(1) == ["a"]
    assert titles(2, 12) == ["a", "b"]
