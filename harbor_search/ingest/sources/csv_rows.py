"""CSV and TSV: an article a row, fields named by the first row."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from typing import IO, Any

from harbor_search.ingest.outcome import Origin, Outcome, Refused, reason_of
from harbor_search.ingest.sources.kinds import Circumstances
from harbor_search.ingest.sources.mapping import mapped
from harbor_search.ingest.sources.records import outcome_of
from harbor_search.ingest.sources.source import Source, printable

__all__ = ["read_csv"]

_SAMPLE = 65_536
"""Characters from which the delimiter is told."""


def read_csv(source: Source, how: Circumstances) -> Iterator[tuple[str, Outcome]]:
    """The outcome of each row, with its label `file.csv:17`, the number being that of the row's first line."""
    label, stem = printable(source.path), source.path.name.partition(".")[0]
    line = 0
    try:
        with _open(source) as stream:
            rows = _rows(stream, source, how)
            header = next(rows, (0, []))[1]
            if fault := _fault(header, source):
                yield label, Refused(label, fault)
                return
            for line, values in rows:
                where = f"{label}:{line}"
                origin = Origin(f"{stem}:{line}", f"{source.path.name}:{line}", how.rules)
                yield where, _row(header, values, source, origin, where)
    except (OSError, EOFError, zlib.error) as error:
        reason = reason_of(error) if isinstance(error, OSError) and error.errno else f"the file is damaged: {error}"
        yield label, Refused(label, reason)
    except csv.Error as error:
        yield label, Refused(f"{label}:{line + 1}", f"the rows cannot be told apart from here on: {error}")


def _open(source: Source) -> IO[str]:
    path = source.path
    open_bytes = gzip.open if path.name.lower().endswith(".gz") else open
    with open_bytes(path, "rb") as beginning:
        head = beginning.read(2)
    # Spreadsheets write UTF-8 with a mark, or UTF-16; a wrong byte costs its character.
    encoding = "utf-16" if head in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return io.TextIOWrapper(open_bytes(path, "rb"), encoding=encoding, errors="replace", newline="")


def _rows(stream: IO[str], source: Source, how: Circumstances) -> Iterator[tuple[int, Sequence[str]]]:
    """Rows that are not empty, each with the number of its first line."""
    csv.field_size_limit(how.max_bytes)
    # Looked at without seeking back, which a compressed stream does slowly.
    first = stream.readline(_SAMPLE)
    reader = csv.reader(_after(first, stream), delimiter=_delimiter(first, source))
    begin = 1
    for values in reader:
        if any(values):
            yield begin, values
        begin = reader.line_num + 1


def _after(first: str, stream: IO[str]) -> Iterator[str]:
    yield first
    yield from stream


def _delimiter(header: str, source: Source) -> str:
    if source.path.name.lower().removesuffix(".gz").endswith(".tsv"):
        return "\t"
    return max(",;\t|", key=header.count)


def _fault(header: Sequence[str], source: Source) -> str:
    if not header:
        return "the file is empty"
    missing = [column for column in source.fields.values() if column not in header]
    if missing:
        return f"there is no column {missing[0]!r}, which the source's `fields` name; there are {', '.join(header)}"
    return ""


def _row(header: Sequence[str], values: Sequence[str], source: Source, origin: Origin, label: str) -> Outcome:
    if len(values) > len(header):
        return Refused(label, f"the row has {len(values)} fields, the first row {len(header)}; is one not quoted?")
    record: dict[str, Any] = {name: value for name, value in zip(header, values, strict=False) if value}
    return outcome_of(mapped(record, source.fields), origin, label)
