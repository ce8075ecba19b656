"""A database: an article a row of a query, on SQLite and on a PostgreSQL of the test's own."""

from __future__ import annotations

import os
import pwd
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from harbor_search.errors import UserError
from harbor_search.ingest import Outcome, Read, Refused, Skipped, Source, read_articles
from tests.ingest.reading import MAX_BYTES

QUERY = "SELECT id, headline, body, day FROM articles ORDER BY id"
FIELDS = {"title": "headline", "text": "body", "date": "day"}


def read(address: str, query: str = QUERY, **more: object) -> list[Outcome]:
    source = Source(address, query=query, fields=FIELDS, **more)  # type: ignore[arg-type]
    return list(read_articles([source], max_bytes=MAX_BYTES))


def names(found: list[Outcome]) -> list[tuple[str, str, date | None]]:
    articles = [each.article for each in found if isinstance(each, Read)]
    return [(each.id, each.title, each.published) for each in articles]


@pytest.fixture
def site(tmp_path: Path) -> str:
    with sqlite3.connect(tmp_path / "site.db") as connection:
        connection.execute("CREATE TABLE articles (id INTEGER, headline TEXT, body TEXT, day TEXT, status TEXT)")
        rows = [
            (1, "Iron", "Greens.", "2025-01-31", "live"),
            (2, "Tea", "Hot.", None, "draft"),
            (3, "No", "", None, ""),
        ]
        connection.executemany("INSERT INTO articles VALUES (?, ?, ?, ?, ?)", rows)
    connection.close()
    return f"sqlite:///{tmp_path / 'site.db'}"


def test_each_row_of_the_query_is_an_article(site: str) -> None:
    found = read(site)
    assert names(found) == [("1", "Iron", date(2025, 1, 31)), ("2", "Tea", None)]
    assert isinstance(found[2], Skipped) and found[2].source.endswith("row 3")


def test_a_row_that_is_not_to_be_published_is_skipped(site: str) -> None:
    found = read(site, "SELECT * FROM articles WHERE id < 3")
    assert [type(each) for each in found] == [Read, Skipped]


def test_bytes_that_are_no_text_cost_themselves_and_a_note(site: str) -> None:
    found = read(
        site, "SELECT id, 'I' || CAST(x'ff' AS TEXT) || 'ron' AS headline, body, day FROM articles WHERE id < 3"
    )
    assert [title for _, title, _ in names(found)] == ["I\ufffdron", "I\ufffdron"]
    assert isinstance(found[0], Read) and "a byte that is no text" in found[0].notes[0]


def test_a_query_that_the_database_refuses_is_one_refusal_with_its_words(site: str) -> None:
    [found] = read(site, "SELECT * FROM elsewhere")
    assert isinstance(found, Refused) and "no such table: elsewhere" in found.reason


def test_a_database_without_a_query_is_a_mistake_that_says_what_to_write(site: str) -> None:
    with pytest.raises(UserError, match=r"\[\[sources\]\].*query = 'SELECT"):
        read_articles([site], max_bytes=MAX_BYTES)


def test_a_database_that_is_not_there_is_refused_without_its_password() -> None:
    [found] = read("postgresql://me:secret@127.0.0.1:1/site")
    assert isinstance(found, Refused) and "secret" not in str(found)


def _binaries() -> Path | None:
    """Where PostgreSQL's server lies: Debian keeps it away from the path."""
    on_path = shutil.which("initdb")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return Path(on_path).resolve().parent if on_path else found[-1].parent if found else None


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """The address of an empty database, at a socket in a folder of its own."""
    binaries = _binaries()
    if binaries is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is not installed (.ci/run does that)")
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    # Short: the path of a socket may have a hundred characters. PostgreSQL refuses to be run by root.
    folder = Path(tempfile.mkdtemp(prefix="hs-pg-", dir="/tmp"))
    user = "nobody" if os.geteuid() == 0 else None
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)

    def call(*command: str | Path) -> None:
        subprocess.run(
            command,
            check=True,
            cwd=folder,
            user=user,
            timeout=300,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    try:
        call(binaries / "initdb", "-D", folder / "data", "-U", "harbor", "--auth=trust", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        call(binaries / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log", "-o", options, "start")
        try:
            yield f"postgresql://harbor@/postgres?host={folder}"
        finally:
            call(binaries / "pg_ctl", "-D", folder / "data", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_a_postgresql_database_is_read_row_by_row(postgres: str) -> None:
    import psycopg

    with psycopg.connect(postgres) as connection:
        connection.execute(
            "CREATE TABLE articles (id int, headline text, body text, day date, views numeric, tags text[])"
        )
        connection.execute(
            "INSERT INTO articles SELECT n, 'Page ' || n, 'Text of page ' || n, date '2025-01-01' - n, n, ARRAY['a', 'b']"
            " FROM generate_series(1, 1200) n"
        )
    found = read(postgres, "SELECT * FROM articles ORDER BY id")
    assert len(found) == 1200
    assert names(found)[0] == ("1", "Page 1", date(2024, 12, 31))
    last = found[-1]
    assert isinstance(last, Read) and (last.article.views, last.article.tags) == (1200, ("a", "b"))


@pytest.mark.parametrize("query", ["DROP TABLE articles", "DELETE FROM articles RETURNING id, headline, body, day"])
def test_a_query_changes_nothing(site: str, query: str) -> None:
    assert [type(each) for each in read(site, query)] == [Refused]
    assert len(read(site)) == 3
