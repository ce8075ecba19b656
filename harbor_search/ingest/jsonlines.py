"""JSON Lines: a file of records, one a line, plain or compressed with gzip."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from io import BufferedIOBase
from pathlib import Path
from typing import Any

from harbor_search.ingest.decoding import decode
from harbor_search.ingest.no_characters import mended
from harbor_search.ingest.outcome import (
    Origin,
    Outcome,
    Read,
    Refused,
    Skipped,
    Unreadable,
    Unwanted,
    not_understood,
    reason_of,
)
from harbor_search.ingest.publication_rules import PublicationRules
from harbor_search.ingest.record import holds_text, read_record
from harbor_search.ingest.repeated_keys import merged
from harbor_search.ingest.sources.files import SourceFile
from harbor_search.ingest.sources.mapping import mapped

__all__ = ["count_lines", "parse_record", "read_lines"]

_SURROGATES = (r"\ud", r"\uD")
"""How the escape of a surrogate begins; UTF-8 itself cannot hold one."""

NO_TEXT = "its records have no field for an article's text, such as 'text' or 'sections'"

CHUNK = 1 << 20
MAX_COUNTED = 64 * CHUNK
"""Bytes of text that are worth reading twice to know how long the rest will take."""


def read_lines(
    file: SourceFile, stem: str, max_bytes: int, rules: PublicationRules, fields: Mapping[str, str]
) -> Iterator[tuple[str, Outcome]]:
    """The outcome of each line that is not blank, with its label `file.jsonl:17`; a bad line ends nothing.

    `fields` maps names of fields to those that the records have. Records without an id or a URL are called `stem:17`. A
    file whose first record has no field for text describes articles that lie elsewhere and is skipped.
    """
    number = 0
    first = True
    try:
        with _open(file.path) as stream:
            for number, line in enumerate(_lines(stream, max_bytes), 1):
                if line is not None and not line.strip():
                    continue
                label = f"{file.label}:{number}"
                origin = Origin(f"{stem}:{number}", f"{file.name}:{number}", rules, file.inherited)
                outcome = _read_line(line, origin, label, max_bytes, fields)
                if first and outcome is None:
                    yield file.label, Skipped(file.label, NO_TEXT)
                    return
                first = False
                yield label, outcome or Refused(label, NO_TEXT)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        label = f"{file.label}:{number + 1}"
        yield label, Refused(label, f"the compressed file is damaged: {error}")
    except OSError as error:
        yield file.label, Refused(file.label, reason_of(error))
    else:
        if first:
            yield file.label, Refused(file.label, "the file is empty")


def count_lines(path: Path) -> int | None:
    """How many lines the file has, or None where it is too long to be read twice or cannot be read."""
    lines = counted = 0
    try:
        with _open(path) as stream:
            while chunk := stream.read(CHUNK):
                lines += chunk.count(b"\n")
                counted += len(chunk)
                if counted > MAX_COUNTED:
                    return None
                last = chunk
    except (OSError, EOFError, zlib.error):
        return None
    return lines + (counted > 0 and not last.endswith(b"\n"))


def _open(path: Path) -> BufferedIOBase:
    return gzip.open(path, "rb") if path.name.lower().endswith(".gz") else path.open("rb")


def _lines(stream: BufferedIOBase, max_bytes: int) -> Iterator[bytes | None]:
    """The lines of `stream`; None for one that is longer than `max_bytes`."""
    while line := stream.readline(max_bytes + 1):
        if len(line) <= max_bytes or line.endswith(b"\n"):
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(CHUNK)
        yield None


def _read_line(
    line: bytes | None, origin: Origin, label: str, max_bytes: int, fields: Mapping[str, str]
) -> Outcome | None:
    """The line's outcome; None where it is a record without any field for text."""
    if line is None:
        return Refused(label, f"the line is longer than {max_bytes} bytes; split it or raise max_source_bytes")
    try:
        record, notes = parse_record(line)
        record = mapped(record, fields)
        if not holds_text(record):
            return None
        read = read_record(record, origin)
        return Read(read.article, (*notes, *read.notes)) if notes else read
    except Unreadable as error:
        return Refused(label, str(error))
    except Unwanted as error:
        return Skipped(label, str(error), kept_back=error.kept_back)
    except Exception as error:
        # Records come in any form; one must not stop the others.
        return Refused(label, not_understood(error))


def parse_record(line: bytes, what: str = "the line") -> tuple[dict[str, Any], tuple[str, ...]]:
    """The record in `line`, which messages call `what`, and what was mended in it.

    Raises:
        Unreadable: it is no JSON, or no object.
    """
    notes: tuple[str, ...] = ()
    try:
        text = line.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        text, notes = decode(line.strip())
    try:
        record = json.loads(text, object_pairs_hook=merged)
        if any(escape in text for escape in _SURROGATES):
            record, halves = mended(record)
            notes = (*notes, *halves)
    except RecursionError:
        raise Unreadable("the JSON is nested too deep") from None
    except json.JSONDecodeError as error:
        fault = error.msg.removesuffix(" at")
        raise Unreadable(f"{what} is not valid JSON: {fault} at character {error.pos + 1}") from None
    except ValueError as error:
        raise Unreadable(f"{what} is not valid JSON: {error}") from None
    if not isinstance(record, dict):
        raise Unreadable(f"{what} is not a JSON object ({{...}})")
    return record, notes
