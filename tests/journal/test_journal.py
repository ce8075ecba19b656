"""The journal keeps the last change of each article, in the order of changes, across processes and kills."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from harbor_search.errors import OperationalError
from harbor_search.journal import Change, Journal


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "written.sqlite")


def test_each_change_says_what_it_did(journal: Journal) -> None:
    steps = [("a", b"1"), ("a", b"1"), ("a", b"2"), ("a", None), ("a", None), ("b", None), ("a", b"1")]
    did = [journal.record([Change(name, record)])[0] for name, record in steps]
    assert did == ["created", "unchanged", "replaced", "deleted", "unchanged", "absent", "created"]


def test_changes_of_one_call_are_made_in_their_order(journal: Journal) -> None:
    did = journal.record([Change("a", b"1"), Change("a", b"2"), Change("a", None), Change("b", b"3")])
    assert did == ["created", "replaced", "deleted", "created"]
    assert [(each.id, each.record) for each in journal.since("")] == [("a", None), ("b", b"3")]


def test_an_index_lacks_what_came_after_its_mark(journal: Journal) -> None:
    journal.record([Change("a", b"1"), Change("b", b"1")])
    mark = journal.mark()
    assert journal.since(mark) == []
    journal.record([Change("c", b"1"), Change("a", b"2")])
    assert [each.id for each in journal.since(mark)] == ["c", "a"]
    first = journal.since(mark, 1)[0]
    assert [each.id for each in journal.since(journal.mark_at(first))] == ["a"]


def test_writing_the_same_again_gives_an_index_nothing_to_do(journal: Journal) -> None:
    journal.record([Change("a", b"1")])
    mark = journal.mark()
    journal.record([Change("a", b"1")])
    assert journal.mark() == mark


def test_the_mark_of_another_journal_counts_for_nothing(journal: Journal, tmp_path: Path) -> None:
    """A folder that is deleted and begun anew counts from 1 again: its first writes must not pass for old ones."""
    other = Journal(tmp_path / "other.sqlite")
    other.record([Change(str(number), b"1") for number in range(5)])
    journal.record([Change("a", b"1")])
    assert [each.id for each in journal.since(other.mark())] == ["a"]


def test_a_snapshot_does_not_see_what_is_written_meanwhile(journal: Journal) -> None:
    journal.record([Change("a", b"1"), Change("b", b"1"), Change("b", None)])
    with journal.snapshot() as snapshot:
        journal.record([Change("a", b"2"), Change("c", b"1")])
        assert snapshot.ids() == {"a", "b"}
        assert [(each.id, each.record) for each in snapshot.entries()] == [("a", b"1")]
        assert [each.id for each in journal.since(snapshot.mark)] == ["a", "c"]


def test_another_process_goes_on_where_this_one_was(journal: Journal, tmp_path: Path) -> None:
    journal.record([Change("a", b"1")])
    other = Journal(tmp_path / "written.sqlite")
    other.record([Change("b", b"1")])
    assert [each.id for each in journal.since("")] == ["a", "b"]
    assert journal.mark() == other.mark()


def test_a_group_that_the_disk_refuses_is_not_kept_in_part(journal: Journal, tmp_path: Path) -> None:
    journal.record([Change("a", b"1")])
    blocked = sqlite3.connect(tmp_path / "written.sqlite", isolation_level=None)
    blocked.execute(
        "CREATE TRIGGER full BEFORE INSERT ON entries WHEN NEW.id = 'c' BEGIN SELECT RAISE(ABORT, 'full'); END"
    )
    with pytest.raises(OperationalError, match="cannot be written: full"):
        journal.record([Change("b", b"1"), Change("c", b"1")])
    assert [each.id for each in journal.since("")] == ["a"]


def test_every_answer_waits_for_the_disk(journal: Journal) -> None:
    """FULL (2) syncs the log with each transaction; NORMAL would lose the last ones in a power cut."""
    assert journal._database.execute("PRAGMA synchronous").fetchone() == (2,)
    assert journal._database.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_file_that_is_no_journal_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "written.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(OperationalError, match="written.sqlite cannot be opened"):
        Journal(tmp_path / "written.sqlite")


def test_a_journal_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "written.sqlite")
    database.execute("PRAGMA user_version = 7")
    database.close()
    with pytest.raises(OperationalError, match="newer version"):
        Journal(tmp_path / "written.sqlite")
