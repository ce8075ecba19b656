"""CSV and TSV: an article a row, fields named by the first row."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import IO, Any

from harbor_search.ingest.outcome import Origin, Outcome, Read, Refused, reason_of
from harbor_search.ingest.sources.kinds import Circumstances
from harbor_search.ingest.sources.mapping import mapped
from harbor_search.ingest.sources.records import outcome_of
from harbor_search.ingest.sources.source import Source, printable
from harbor_search.ingest.stream_encoding import WINDOWS, beginning_of, encoding_of

__all__ = ["read_csv"]

_SAMPLE = 65_536
"""Characters from which the delimiter is told."""

_SEPARATOR = re.compile(r"\ufeff?sep=(.)\r?\n?")
"""The line above the header by which spreadsheets tell each other what parts the fields."""


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
            notes = _notes(stream.encoding)
            for line, values in rows:
                where = f"{label}:{line}"
                origin = Origin(f"{stem}:{line}", f"{source.path.name}:{line}", how.rules)
                outcome = _row(header, values, source, origin, where)
                if notes and isinstance(outcome, Read):
                    outcome, notes = Read(outcome.article, (*outcome.notes, *notes)), ()
                yield where, outcome
    except (OSError, EOFError, zlib.error) as error:
        reason = reason_of(error) if isinstance(error, OSError) and error.errno else f"the file is damaged: {error}"
        yield label, Refused(label, reason)
    except csv.Error as error:
        yield label, Refused(f"{label}:{line + 1}", f"the rows cannot be told apart from here on: {error}")


def _open(source: Source) -> io.TextIOWrapper:
    path = source.path
    open_bytes = gzip.open if path.name.lower().endswith(".gz") else open
    with open_bytes(path, "rb") as stream:
        encoding = encoding_of(beginning_of(stream))
    return io.TextIOWrapper(open_bytes(path, "rb"), encoding=encoding, errors="replace", newline="")


def _notes(encoding: str) -> tuple[str, ...]:
    return ("the file is no valid UTF-8 and was read as Windows-1252",) if encoding == WINDOWS else ()


def _rows(stream: IO[str], source: Source, how: Circumstances) -> Iterator[tuple[int, Sequence[str]]]:
    """Rows that are not empty, each with the number of its first line.

    Raises:
        csv.Error: a quote of the last row never closes, so that all rows below it would be one.
    """
    csv.field_size_limit(how.max_bytes)
    # Looked at without seeking back, which a compressed stream does slowly.
    first = stream.readline(_SAMPLE)
    stated = _SEPARATOR.fullmatch(first)
    lines = _Lines(stream, "" if stated else first)
    reader = csv.reader(lines, delimiter=stated[1] if stated else _delimiter(first, source))
    begin = 1
    for values in reader:
        if lines.ended and lines.quotes % 2:
            raise csv.Error(f"a quote in line {begin} never closes")
        lines.quotes = 0
        if any(values):
            yield begin + bool(stated), values
        begin = reader.line_num + 1


class _Lines:
    """The lines of a table, with how many quotes the row that is being read has so far."""

    def __init__(self, stream: IO[str], first: str) -> None:
        self.quotes = 0
        self.ended = False
        self._lines = chain([first] if first else [], stream)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines, None)
        if line is None:
            self.ended = True
            raise StopIteration
        self.quotes += line.count('"')
        return line


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
