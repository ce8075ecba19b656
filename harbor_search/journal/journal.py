"""Written articles by id, in the order of their last change, in a database file of SQLite.

SQLite's write-ahead log is the log that a service needs that promises durability: each transaction is synced to the
disk before it counts as done (`synchronous=FULL`), what a killed process left behind is taken back when the file is
opened next, and processes take turns. Of each id the last change is kept, so that the file grows with the articles and
not with the writes.
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

PATIENCE = 10.0
"""Seconds to wait for another process's transaction, which takes milliseconds; a disk that stalls takes longer."""

Outcome = Literal["created", "replaced", "unchanged", "deleted", "absent"]
"""What a change did to what the journal knew."""

_VERSION = 1

_SCHEMA = """
CREATE TABLE journal (identity TEXT NOT NULL, sequence INTEGER NOT NULL);
CREATE TABLE entries (id TEXT PRIMARY KEY, sequence INTEGER NOT NULL UNIQUE, record BLOB) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Change:
    """The article with this id is to be what `record` says (JSON), or to be gone (None)."""

    id: str
    record: bytes | None


@dataclass(frozen=True, slots=True)
class Entry:
    """The last change of one article; a later change has a higher `sequence`, whatever article it is of."""

    sequence: int
    id: str
    record: bytes | None


class Journal:
    """The journal in the file `path`. Threads may not share one; processes may each open it."""

    def __init__(self, path: Path) -> None:
        """Open the journal, making it if there is none.

        Raises:
            OperationalError: the file cannot be made, opened or read.
        """
        self._path = path
        with self._faults("opened"):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(path, PATIENCE, isolation_level=None, check_same_thread=False)
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = FULL")
            self._identity = self._prepare()

    @classmethod
    def open_if_there(cls, path: Path) -> Journal | None:
        """The journal, None where nothing was ever written."""
        return cls(path) if path.exists() else None

    def record(self, changes: Sequence[Change]) -> list[Outcome]:
        """Keep `changes`, in their order, together: when this returns they are on the disk, all of them.

        What changes nothing gets no sequence of its own.

        Raises:
            OperationalError: the disk refused; none of them is kept.
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
        """How far the journal is: the mark of an index that has everything in it."""
        with self._faults("read"):
            return f"{self._identity}:{self._sequence()}"

    def since(self, mark: str, most: int = -1) -> list[Entry]:
        """The entries that an index with this mark lacks, the oldest first; at most so many (-1: all).

        A mark of another journal says nothing about this one.
        """
        with self._faults("read"):
            rows = self._database.execute(
                "SELECT sequence, id, record FROM entries WHERE sequence > ? ORDER BY sequence LIMIT ?",
                (self._number(mark), most),
            )
            return [Entry(*row) for row in rows]

    def after(self, article_id: str, most: int) -> list[Entry]:
        """The first entries, at most so many, that are not deletions, in the order of their ids after `article_id`."""
        with self._faults("read"):
            rows = self._database.execute(
                "SELECT sequence, id, record FROM entries WHERE id > ? AND record IS NOT NULL ORDER BY id LIMIT ?",
                (article_id, most),
            )
            return [Entry(*row) for row in rows]

    def entry(self, article_id: str) -> Entry | None:
        """The last change of this article; None where it was never written or deleted."""
        with self._faults("read"):
            row = self._database.execute(
                "SELECT sequence, id, record FROM entries WHERE id = ?", (article_id,)
            ).fetchone()
            return Entry(*row) if row else None

    def mark_at(self, entry: Entry) -> str:
        """The mark of an index that has everything up to `entry`."""
        return f"{self._identity}:{entry.sequence}"

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """The journal as it is now, whatever is written meanwhile."""
        other = Journal(self._path)
        try:
            with other._faults("read"):
                other._database.execute("BEGIN")
                mark = other.mark()  # the first look is what fixes the moment
            yield Snapshot(other, mark)
        finally:
            other.close()

    def copy_to(self, path: Path) -> None:
        """Write the journal as it is at one moment to the new file `path`, whatever is written meanwhile.

        Raises:
            OperationalError: the journal cannot be read, or the file not be written.
        """
        with self._faults("copied"), closing(sqlite3.connect(path, isolation_level=None)) as copy:
            self._database.backup(copy)
            # One file, without a log beside it.
            copy.execute("PRAGMA journal_mode = DELETE")

    def adopt(self, other: Journal, *, replace: bool) -> None:
        """Take the entries of `other`, older than this one, as changes made now, together.

        Those of articles that this one knows are left out; with `replace` instead all that it knows is forgotten.
        A journal that `other` is an earlier state of has all of it already.

        Raises:
            OperationalError: one cannot be read, or the other not be written; nothing has changed.
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
        """Forget what was written or deleted under this id; False where nothing was.

        An index keeps what it has until a rebuild or an update reads the sources, which count again.

        Raises:
            OperationalError: the disk refused.
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
        """The journal's identity; a new one where the file is new.

        Raises:
            OperationalError: the file is of another format.
        """
        if self._version() == 0:
            with self._transaction():
                if self._version() == 0:  # nobody else was faster
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
    """A journal at one moment; `mark` is its mark then."""

    def __init__(self, journal: Journal, mark: str) -> None:
        self._journal = journal
        self.mark = mark

    def ids(self) -> Set[str]:
        """The ids of all articles that were written or deleted."""
        with self._journal._faults("read"):
            return {row[0] for row in self._journal._database.execute("SELECT id FROM entries")}

    def entries(self) -> Iterator[Entry]:
        """All entries that are not deletions, in the order of their ids."""
        rows = self._journal._database.execute(
            "SELECT sequence, id, record FROM entries WHERE record IS NOT NULL ORDER BY id"
        )
        with self._journal._faults("read"):
            for row in rows:
                yield Entry(*row)
