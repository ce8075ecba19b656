"""Pages by SQLite's FTS5: weighted columns, snippet(), and facets by group by."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from benchmarks.fielded.page import TITLE_WEIGHT, Page, PageEngine, PageHit
from benchmarks.peers.sqlite_fts5 import connect
from benchmarks.protocol import Text

__all__ = ["engine"]

_CREATE = """create virtual table texts using fts5(
    id unindexed, title, section unindexed, year unindexed, body, tokenize='unicode61 remove_diacritics 0')"""
_WEIGHTS = f"insert into texts(texts, rank) values ('rank', 'bm25(0, {TITLE_WEIGHT}, 0, 0, 1)')"
_TOP = """select id, title, snippet(texts, 4, '', '', '...', 40), rank
    from texts where texts match ? order by rank limit ?"""
_FACET = "select {0}, count(*) from texts where texts match ? group by {0}"


class _Pages(PageEngine):
    def index(self, texts: Iterator[Text], folder: str, threads: int, memory_mb: int) -> None:
        with connect(folder, memory_mb) as connection:
            connection.execute(_CREATE)
            connection.execute(_WEIGHTS)
            connection.executemany("insert into texts values (?, ?, ?, ?, ?)", texts)
        connection.close()

    def optimise(self, folder: str) -> None:
        with connect(folder, 256) as connection:
            connection.execute("insert into texts(texts) values ('optimize')")
        connection.execute("vacuum")
        connection.close()

    def open(self, folder: str) -> None:
        self.connection: sqlite3.Connection = connect(folder, 1024)

    def parse(self, query: str) -> Any:
        return query

    def top(self, parsed: Any, k: int) -> Page:
        rows = self.connection.execute(_TOP, (parsed, k))
        hits = [PageHit(identifier, title, snippet, -rank) for identifier, title, snippet, rank in rows]
        sections, years = (
            dict(self.connection.execute(_FACET.format(column), (parsed,))) for column in ("section", "year")
        )
        return Page(hits, sum(sections.values()), sections, years)


def engine() -> _Pages:
    """FTS5 for a worker that makes pages."""
    return _Pages()
