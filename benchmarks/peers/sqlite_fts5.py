"""SQLite's FTS5, through Python's own sqlite3 module."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.protocol import Peer, Text
from benchmarks.queries import Clause, Query

__all__ = ["PEER", "connect", "engine"]

_TOP = "select rowid, rank from texts where texts match ? order by rank limit ?"
_COUNT = "select count(*) from texts where texts match ?"


def _available() -> str | None:
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("create virtual table t using fts5(text)")
    except sqlite3.OperationalError:
        return "this Python's SQLite is built without FTS5"
    finally:
        connection.close()
    return None


def _clause(clause: Clause) -> str:
    return f'"{" ".join(clause.words)}"'


def _translate(query: Query) -> str:
    must, should, must_not = ([_clause(c) for c in part] for part in (query.must, query.should, query.must_not))
    text = " AND ".join(must) if must else " OR ".join(should)
    if must and should:
        text = f"({text}) AND ({' OR '.join([must[0], *should])})"
    for clause in must_not:
        text = f"({text}) NOT {clause}"
    return text


PEER = Peer(
    name="sqlite",
    available=_available,
    version=lambda: sqlite3.sqlite_version,
    translate=_translate,
    notes=(
        "sqlite: unicode61 without diacritics removal. It has no optional clauses beside required ones, so in mixed "
        "queries a required word is counted twice in the score: the same documents match, in another order.",
    ),
)


def connect(folder: str, memory_mb: int) -> sqlite3.Connection:
    """The database in `folder`, with memory enough to keep what it reads."""
    connection = sqlite3.connect(Path(folder) / "texts.sqlite")
    connection.execute(f"pragma cache_size = {-1024 * memory_mb}")
    connection.execute(f"pragma mmap_size = {1 << 32}")
    return connection


class _Fts5:
    def index(self, texts: Iterator[Text], folder: str, threads: int, memory_mb: int) -> None:
        with connect(folder, memory_mb) as connection:
            connection.execute(
                "create virtual table texts using fts5(id unindexed, text, tokenize='unicode61 remove_diacritics 0')"
            )
            connection.executemany("insert into texts(id, text) values (?, ?)", texts)
        connection.close()

    def optimise(self, folder: str) -> None:
        with connect(folder, 256) as connection:
            connection.execute("insert into texts(texts) values ('optimize')")
        connection.execute("vacuum")
        connection.close()

    def open(self, folder: str) -> None:
        self.connection = connect(folder, 1024)

    def parse(self, query: str) -> Any:
        return query  # the statement parses it: SQLite has no query objects

    def top(self, parsed: Any, k: int) -> Any:
        return self.connection.execute(_TOP, (parsed, k)).fetchall()

    def top_counted(self, parsed: Any, k: int) -> Any:
        return self.top(parsed, k), self.count(parsed)

    def count(self, parsed: Any) -> int:
        found: int = self.connection.execute(_COUNT, (parsed,)).fetchone()[0]
        return found

    def hits(self, answer: Any) -> list[tuple[str, float]]:
        by_row = "select id from texts where rowid = ?"
        return [(self.connection.execute(by_row, (row,)).fetchone()[0], -rank) for row, rank in answer]


def engine() -> _Fts5:
    """FTS5 for a worker."""
    return _Fts5()
