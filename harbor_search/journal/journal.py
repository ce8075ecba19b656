"""The journal of written articles: the last change of each id, in order of change, in a SQLite database.

SQLite's write-ahead log provides durability: each transaction is synced to the disk before it is committed
(`synchronous=FULL`), incomplete transactions of a killed process are rolled back when the file is opened next, and
processes take turns. Only the last change of each id is kept, so the file grows with the articles, not with the writes.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator, Sequence, Set
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from harbor_search.errors import OperationalError

__all__ = ["JOURNAL", "Change", "Entry", "Journal", "Outcome"]

JOURNAL = "written.sqlite"
"""The file's name in the folder of the index."""

TIMEOUT = 10.0
"""Seconds to wait for another process's transaction, which takes milliseconds; a disk that stalls takes longer."""

Outcome = Literal["created", "replaced", "unchanged", "deleted", "absent"]
"""The effect of a change on the journal."""

_VERSION = 1

_SCHEMA = """
CREATE TABLE journal (identity TEXT NOT NULL, sequence INTEGER NOT NULL);
CREATE TABLE entries (id TEXT PRIMARY KEY, sequence INTEGER NOT NULL UNIQUE, record BLOB) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Change:
    """Write the article with this id as `record` (JSON), or delete it (None)."""

    id: str
    record: bytes | None


@dataclass(frozen=True, slots=True)
class Entry:
    """The last change of one article; `sequence` increases from change to change, across articles."""

    sequence: int
    id: str
    record: bytes | None


class Journal:
    """The journal in the file `path`. Not thread-safe; several processes may open it."""

    def __init__(self, path: Path) -> None:
        """Open the journal; create it if there is none.

        Raises:
            OperationalError: the file cannot be created, opened or read.
        """
        self._path = path
        with self._faults("opened"):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(path, TIMEOUT, isolation_level=None, check_same_thread=False)
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = FULL")
            self._identity = self._prepare()

    @classmethod
    def open_existing(cls, path: Path) -> Journal | None:
        """The journal; None if nothing was ever written."""
        return cls(path) if path.exists() else None

    def record(self, changes: Sequence[Change]) -> list[Outcome]:
        """Write `changes` durably, in order and in one transaction; returns the outcome of each.

        A change without effect gets no sequence number.

        Raises:
            OperationalError: writing failed; none of them is recorded.
        """
        with self._faults("written"), self._transaction():
            sequence = self._sequence()
            outcomes: list[Outcome] = []
            for change in changes:
                outcome = self._outcome(change)
                outcomes.append(outcome)
                if outcome != "unchanged":
                    sequence += 1
                    self._database.execute(
                        "INSERT OR REPLACE INTO entries VALUES (?, ?, ?)",
                        (change.id, sequence, change.record),
                    )
            self._database.execute("UPDATE journal SET sequence = ?", (sequence,))
        return outcomes

    def mark(self) -> str:
        """The mark of an index that contains all changes so far."""
        with self._faults("read"):
            return f"{self._identity}:{self._sequence()}"

    def since(self, mark: str, limit: int = -1) -> list[Entry]:
        """The entries that an index with this mark lacks, oldest first; at most `limit` (-1: all).

        With the mark of another journal, these are all entries.
        """
        with self._faults("read"):
            rows = self._database.execute(
                "SELECT sequence, id, record FROM entries WHERE sequence > ? ORDER BY sequence LIMIT ?",
                (self._number(mark), limit),
            )
            return [Entry(*row) for row in rows]

    def after(self, article_id: str, limit: int) -> list[Entry]:
        """The first `limit` entries with ids after `article_id`, in the order of ids, without deletions."""
        with self._faults("read"):
            rows = self._database.execute(
                "SELECT sequence, id, record FROM entries WHERE id > ? AND record IS NOT NULL ORDER BY id LIMIT ?",
                (article_id, limit),
            )
            return [Entry(*row) for row in rows]

    def entry(self, article_id: str) -> Entry | None:
        """The last change of this article; None if it was never written or deleted."""
        with self._faults("read"):
            row = self._database.execute(
                "SELECT sequence, id, record FROM entries WHERE id = ?", (article_id,)
            ).fetchone()
            return Entry(*row) if row else None

    def mark_at(self, entry: Entry) -> str:
        """The mark of an index that contains all changes up to `entry`."""
        return f"{self._identity}:{entry.sequence}"

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """A consistent view of the journal as it is now."""
        other = Journal(self._path)
        try:
            with other._faults("read"):
                other._database.execute("BEGIN")
                mark = other.mark()  # the first read determines the snapshot
            yield Snapshot(other, mark)
        finally:
            other.close()

    def copy_to(self, path: Path) -> None:
        """Write a consistent copy of the journal to the new file `path`.

        Raises:
            OperationalError: the journal cannot be read, or the file cannot be written.
        """
        with self._faults("copied"), closing(sqlite3.connect(path, isolation_level=None)) as copy:
            self._database.backup(copy)
            # A single file, without a write-ahead log.
            copy.execute("PRAGMA journal_mode = DELETE")

    def adopt(self, other: Journal, *, replace: bool) -> None:
        """Record the entries of the older journal `other` as new changes, in one transaction.

        Articles that this journal has are skipped; with `replace`, all entries of this journal are deleted first. Does
        nothing if `other` is an earlier state of this journal, unless `replace`.

        Raises:
            OperationalError: reading or writing failed; nothing has changed.
        """
        if self._identity == other._identity and not replace:
            return
        with self._faults("written"), self._transaction():
            if replace:
                self._database.execute("DELETE FROM entries")
            sequence = self._sequence()
            for entry in other.since(""):
                sequence += 1
                self._database.execute(
                    "INSERT OR IGNORE INTO entries VALUES (?, ?, ?)", (entry.id, sequence, entry.record)
                )
            self._database.execute("UPDATE journal SET sequence = ?", (sequence,))

    def forget(self, article_id: str) -> bool:
        """Remove the entry of this id; returns whether there was one.

        An index is not affected until a rebuild or update, in which the sources then decide about the article.

        Raises:
            OperationalError: writing failed.
        """
        with self._faults("written"), self._transaction():
            return bool(self._database.execute("DELETE FROM entries WHERE id = ?", (article_id,)).rowcount)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _outcome(self, change: Change) -> Outcome:
        row = self._database.execute("SELECT record FROM entries WHERE id = ?", (change.id,)).fetchone()
        if row is not None and row[0] == change.record:
            return "unchanged"
        if change.record is None:
            return "absent" if row is None else "deleted"
        return "created" if row is None or row[0] is None else "replaced"

    def _sequence(self) -> int:
        (sequence,) = self._database.execute("SELECT sequence FROM journal").fetchone()
        return int(sequence)

    def _number(self, mark: str) -> int:
        identity, _, number = mark.rpartition(":")
        return int(number) if identity == self._identity else 0

    def _prepare(self) -> str:
        """The journal's identity; creates the tables and a new identity in a new file.

        Raises:
            OperationalError: the file has another format.
        """
        if self._version() == 0:
            with self._transaction():
                if self._version() == 0:  # no other process was faster
                    for statement in filter(str.strip, _SCHEMA.split(";")):
                        self._database.execute(statement)
                    self._database.execute("INSERT INTO journal VALUES (?, 0)", (secrets.token_hex(8),))
                    self._database.execute(f"PRAGMA user_version = {_VERSION}")
        if self._version() != _VERSION:
            raise OperationalError(f"{self._path} was written by a newer version of harbor_search; use that one")
        (identity,) = self._database.execute("SELECT identity FROM journal").fetchone()
        return str(identity)

    def _version(self) -> int:
        (version,) = self._database.execute("PRAGMA user_version").fetchone()
        return int(version)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    @contextmanager
    def _faults(self, done: str) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise OperationalError(
                f"the journal {self._path} cannot be {done}: {error}; check that folder and its disk, then try again"
            ) from error


class Snapshot:
    """A consistent view of a journal; `mark` is its mark at that time."""

    def __init__(self, journal: Journal, mark: str) -> None:
        self._journal = journal
        self.mark = mark

    def ids(self) -> Set[str]:
        """The ids of all written or deleted articles."""
        with self._journal._faults("read"):
            return {row[0] for row in self._journal._database.execute("SELECT id FROM entries")}

    def entries(self) -> Iterator[Entry]:
        """All entries in the order of ids, without deletions."""
        rows = self._journal._database.execute(
            "SELECT sequence, id, record FROM entries WHERE record IS NOT NULL ORDER BY id"
        )
        with self._journal._faults("read"):
            for row in rows:
                yield Entry(*row)
