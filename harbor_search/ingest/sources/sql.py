"""A database: an article a row of a query, by SQLAlchemy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from harbor_search.ingest.outcome import Origin, Outcome, Refused
from harbor_search.ingest.sources.extras import required
from harbor_search.ingest.sources.kinds import Circumstances
from harbor_search.ingest.sources.mapping import mapped
from harbor_search.ingest.sources.records import outcome_of
from harbor_search.ingest.sources.source import Source

__all__ = ["read_sql"]

sqlalchemy = required("sqlalchemy", "sql", "reading a database")

ROWS = 500
"""Rows fetched at a time: enough that the way to the database counts little, few enough to hold."""


def read_sql(source: Source, how: Circumstances) -> Iterator[tuple[str, Outcome]]:
    """The outcome of each row of the source's query; columns are named as fields are, or mapped by `fields`.

    The rows are those of one moment, whatever is written meanwhile, as far as the database can give that.
    """
    number = 0
    try:
        engine = sqlalchemy.create_engine(_address(source.address))
        if engine.dialect.name == "sqlite":
            sqlalchemy.event.listen(engine, "connect", _decode_leniently)
        with engine.connect() as connection:
            _only_read(connection)
            # A cursor of the server where there is one: the rows need not fit into memory.
            rows = connection.execution_options(stream_results=True, yield_per=ROWS).execute(
                sqlalchemy.text(source.query)
            )
            for number, row in enumerate(rows.mappings(), 1):
                record = {name: _value(value) for name, value in row.items() if value is not None}
                label = f"{source.shown} row {number}"
                origin = Origin(f"{source.name or 'row'}:{number}", f"row {number}", how.rules)
                yield label, outcome_of(mapped(record, source.fields), origin, label)
    except (sqlalchemy.exc.SQLAlchemyError, ModuleNotFoundError) as error:
        yield source.shown, Refused(source.shown, f"the database cannot be read after row {number}: {_said(error)}")
    else:
        engine.dispose()


def _decode_leniently(connection: Any, _: Any) -> None:
    """SQLite keeps any bytes as text; one that is none would end the query. `no_characters` mends it, with a note."""
    connection.text_factory = lambda text: text.decode("utf-8", "surrogateescape")


def _only_read(connection: Any) -> None:
    """See that a slip in the query changes nothing, where the database can be told."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA query_only = ON")
    elif connection.dialect.name == "postgresql":
        connection.execution_options(postgresql_readonly=True)


def _address(address: str) -> str:
    """What people write for PostgreSQL is no name of a driver that SQLAlchemy knows."""
    for plain in ("postgres://", "postgresql://"):
        if address.startswith(plain):
            return f"postgresql+psycopg://{address.removeprefix(plain)}"
    return address


def _value(value: Any) -> Any:
    """A column's value as JSON could hold it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "replace")
    return value if isinstance(value, str | int | float | bool | list | dict | date) else str(value)


def _said(error: Exception) -> str:
    """The first line of what the driver said: the rest repeats the query, with its values."""
    return str(getattr(error, "orig", None) or error).strip().split("\n", 1)[0]
