"""The query log: how often what was asked, by day, and what was opened or asked next.

There is no row for a request, only counts, so nothing in it can be put together to one reader's visit: no address, no
cookie, no program, no time of day.
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

__all__ = ["QUERY_LOG", "Asked", "Counts", "QueryLog"]

QUERY_LOG = "queries.sqlite"
"""The file's name in the folder of the index."""

LONGEST = 100
"""Characters of a query that is counted: longer ones are texts that somebody pasted, and may be about somebody."""

MOST = 10_000
"""Different entries that are counted before they are written; an attack brings more, and nobody wants to read them."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS asked (day TEXT, query TEXT, count INTEGER, pages INTEGER, hits INTEGER, slowest_ms REAL,
    PRIMARY KEY (day, query)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS opened (day TEXT, query TEXT, article TEXT, count INTEGER,
    PRIMARY KEY (day, query, article)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS next (day TEXT, query TEXT, other TEXT, count INTEGER,
    PRIMARY KEY (day, query, other)) WITHOUT ROWID;
"""


@dataclass(slots=True)
class _Tally:
    count: int = 0
    pages: int = 0
    hits: int = 0
    slowest_ms: float = 0.0


class Counts:
    """What was asked since they were last written. Threads may not share them."""

    def __init__(self) -> None:
        self.asked: defaultdict[str, _Tally] = defaultdict(_Tally)
        self.opened: Counter[tuple[str, str]] = Counter()
        self.next: Counter[tuple[str, str]] = Counter()

    def add_search(self, query: str, hits: int, ms: float, *, page: bool) -> None:
        """Count a search that found so many articles in so many milliseconds; on a `page`, where one can be opened."""
        query = folded_query(query)
        if query and len(query) <= LONGEST and (query in self.asked or len(self.asked) < MOST):
            tally = self.asked[query]
            tally.count += 1
            tally.pages += page
            tally.hits = hits
            tally.slowest_ms = max(tally.slowest_ms, ms)

    def add_opened(self, query: str, article_id: str) -> None:
        """Count an article that was opened from the results of a query."""
        self._add(self.opened, query, article_id)

    def add_next(self, query: str, other: str) -> None:
        """Count a query that was asked from the results of another."""
        other = folded_query(other)
        if other and len(other) <= LONGEST and other != folded_query(query):
            self._add(self.next, query, other)

    def _add(self, counter: Counter[tuple[str, str]], query: str, what: str) -> None:
        key = folded_query(query), what
        if key[0] and len(key[0]) <= LONGEST and (key in counter or len(counter) < MOST):
            counter[key] += 1

    def __bool__(self) -> bool:
        return bool(self.asked or self.opened or self.next)


@dataclass(slots=True)
class Asked:
    """A query over some days: how often it was asked, on pages how often, the articles that it found last, the longest
    that it took, which articles were opened from its results how often, and which queries were asked from there."""

    query: str
    count: int
    pages: int
    hits: int
    slowest_ms: float
    opened: Counter[str] = field(default_factory=Counter)
    next: Counter[str] = field(default_factory=Counter)

    @property
    def opens(self) -> int:
        """How many articles were opened from its results."""
        return sum(self.opened.values())


class QueryLog:
    """The log in the file `path`; processes may share it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, counts: Counts, day: date, *, keep_days: int) -> None:
        """Add counts to those of a day; counts older than `keep_days` go.

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

    def since(self, first: date) -> list[Asked]:
        """The queries asked on that day or later, the most frequent first.

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
            found = {row[0]: Asked(*row[:5]) for row in rows}
            for table in ("opened", "next"):
                query = f"SELECT query, {_WHAT[table]}, sum(count) FROM {table} WHERE day >= ? GROUP BY 1, 2"  # nosec B608
                for name, what, count in database.execute(query, (first.isoformat(),)):
                    if name in found:
                        getattr(found[name], table)[what] = count
        return list(found.values())

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, 10.0)) as database:
                # A power cut may take the last seconds of counts, but not the file.
                database.execute("PRAGMA journal_mode = WAL")
                database.execute("PRAGMA synchronous = NORMAL")
                database.executescript(_SCHEMA)
                with database:
                    yield database
        except (sqlite3.Error, OSError) as error:
            raise OperationalError(f"the query log {self._path} cannot be used: {error}") from error


_WHAT = {"opened": "article", "next": "other"}
