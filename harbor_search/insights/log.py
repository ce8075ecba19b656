"""The query log: counts of queries, opened results and follow-up queries, by day.

There are no rows for single requests, only counts, so no reader's visit can be reconstructed: no address, no cookie, no
user agent, no time of day.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from harbor_search.errors import OperationalError
from harbor_search.pins import folded_query

__all__ = ["QUERY_LOG", "QueryStats", "Counts", "QueryLog"]

QUERY_LOG = "queries.sqlite"
"""The file's name in the folder of the index."""

MAX_QUERY_LENGTH = 100
"""Characters; longer queries are not counted: they are pasted texts, which may contain personal data."""

MAX_ENTRIES = 10_000
"""Distinct entries counted between two writes; only an attack exceeds this."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS asked (day TEXT, query TEXT, count INTEGER, pages INTEGER, hits INTEGER, slowest_ms REAL,
    PRIMARY KEY (day, query)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS opened (day TEXT, query TEXT, article TEXT, count INTEGER,
    PRIMARY KEY (day, query, article)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS next (day TEXT, query TEXT, other TEXT, count INTEGER,
    PRIMARY KEY (day, query, other)) WITHOUT ROWID;
"""


@dataclass(slots=True)
class _QueryCounts:
    count: int = 0
    pages: int = 0
    hits: int = 0
    slowest_ms: float = 0.0


class Counts:
    """Counts since the last write. Not thread-safe."""

    def __init__(self) -> None:
        self.asked: defaultdict[str, _QueryCounts] = defaultdict(_QueryCounts)
        self.opened: Counter[tuple[str, str]] = Counter()
        self.next: Counter[tuple[str, str]] = Counter()

    def add_search(self, query: str, hits: int, ms: float, *, page: bool) -> None:
        """Count a search with `hits` results that took `ms` milliseconds; `page`: shown on a page with links."""
        query = folded_query(query)
        if query and len(query) <= MAX_QUERY_LENGTH and (query in self.asked or len(self.asked) < MAX_ENTRIES):
            tally = self.asked[query]
            tally.count += 1
            tally.pages += page
            tally.hits = hits
            tally.slowest_ms = max(tally.slowest_ms, ms)

    def add_opened(self, query: str, article_id: str) -> None:
        """Count an article opened from the results of a query."""
        self._add(self.opened, query, article_id)

    def add_next(self, query: str, other: str) -> None:
        """Count a follow-up query, made from the results page of `query`."""
        other = folded_query(other)
        if other and len(other) <= MAX_QUERY_LENGTH and other != folded_query(query):
            self._add(self.next, query, other)

    def _add(self, counter: Counter[tuple[str, str]], query: str, what: str) -> None:
        key = folded_query(query), what
        if key[0] and len(key[0]) <= MAX_QUERY_LENGTH and (key in counter or len(counter) < MAX_ENTRIES):
            counter[key] += 1

    def __bool__(self) -> bool:
        return bool(self.asked or self.opened or self.next)


@dataclass(slots=True)
class QueryStats:
    """A query over some days: how often it was searched, how often on pages, its latest number of results, its longest
    time, how often which articles were opened from its results, and how often which queries followed."""

    query: str
    count: int
    pages: int
    hits: int
    slowest_ms: float
    opened: Counter[str] = field(default_factory=Counter)
    next: Counter[str] = field(default_factory=Counter)

    @property
    def opens(self) -> int:
        """How often an article was opened from its results."""
        return sum(self.opened.values())


class QueryLog:
    """The log in the file `path`; processes may share it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, counts: Counts, day: date, *, keep_days: int) -> None:
        """Add counts to those of a day, and delete counts older than `keep_days`.

        Raises:
            OperationalError: the file cannot be written.
        """
        with self._open() as database:
            for query, each in counts.asked.items():
                database.execute(
                    "INSERT INTO asked VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET count = count +"
                    " excluded.count, pages = pages + excluded.pages, hits = excluded.hits,"
                    " slowest_ms = max(slowest_ms, excluded.slowest_ms)",
                    (day.isoformat(), query, each.count, each.pages, each.hits, each.slowest_ms),
                )
            for table, counter in (("opened", counts.opened), ("next", counts.next)):
                database.executemany(
                    f"INSERT INTO {table} VALUES (?, ?, ?, ?)"  # nosec B608
                    " ON CONFLICT DO UPDATE SET count = count + excluded.count",
                    [(day.isoformat(), query, what, count) for (query, what), count in counter.items()],
                )
            first = (day - timedelta(days=keep_days)).isoformat()
            for table in ("asked", "opened", "next"):
                database.execute(f"DELETE FROM {table} WHERE day < ?", (first,))  # nosec B608

    def since(self, first: date) -> list[QueryStats]:
        """The queries from day `first` on, the most frequent first.

        Raises:
            OperationalError: the file cannot be read.
        """
        if not self._path.exists():
            return []
        with self._open() as database:
            rows = database.execute(
                "SELECT query, sum(count), sum(pages), hits, max(slowest_ms), max(day) FROM asked WHERE day >= ?"
                " GROUP BY query ORDER BY sum(count) DESC, query",
                (first.isoformat(),),
            )
            found = {row[0]: QueryStats(*row[:5]) for row in rows}
            for table in ("opened", "next"):
                query = f"SELECT query, {_VALUE_COLUMN[table]}, sum(count) FROM {table} WHERE day >= ? GROUP BY 1, 2"  # nosec B608
                for name, what, count in database.execute(query, (first.isoformat(),)):
                    if name in found:
                        getattr(found[name], table)[what] = count
        return list(found.values())

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, 10.0)) as database:
                # A power cut may lose the last seconds of counts, but does not damage the file.
                database.execute("PRAGMA journal_mode = WAL")
                database.execute("PRAGMA synchronous = NORMAL")
                database.executescript(_SCHEMA)
                with database:
                    yield database
        except (sqlite3.Error, OSError) as error:
            raise OperationalError(f"the query log {self._path} cannot be used: {error}") from error


_VALUE_COLUMN = {"opened": "article", "next": "other"}
