"""Documents with fields: id, title, section, year and body."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from benchmarks.documents import Corpus, keep, one_line, read_json_lines
from benchmarks.protocol import Text

__all__ = ["prepare_fielded"]

_SECTIONS = 20
_FIRST_YEAR, _YEARS = 2000, 25


def prepare_fielded(source: Path, limit: int | None, work_dir: Path) -> Corpus:
    """The first `limit` documents of `source` as a flat file of five columns.

    Raises:
        ValueError, OSError: as `benchmarks.documents.prepare`.
    """
    name = f"{hashlib.sha256(source.read_bytes()).hexdigest()[:12]}-{limit or 'all'}-fielded.tsv"
    return keep(work_dir / "texts" / name, lambda: _rows(source, limit))


def _rows(source: Path, limit: int | None) -> Iterator[Text]:
    for identifier, values in islice(read_json_lines(source), limit):
        body = values.get("text", values.get("body"))
        if not isinstance(body, str):
            raise ValueError(f'{source}: the document {identifier!r} has no "text"')
        title = one_line(str(values.get("title", "")))
        section = f"section{zlib.crc32(title.encode()) % _SECTIONS}"
        year = _FIRST_YEAR + zlib.crc32(identifier.encode()) % _YEARS
        yield identifier, title, section, str(year), one_line(body)
