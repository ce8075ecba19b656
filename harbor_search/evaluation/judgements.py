"""Judged queries: what readers asked, and which articles answer it how well.

Two layouts are read, plain or compressed with gzip (a name that ends in `.gz`):

- tables as in `corpus/`: `query-id<TAB>query` and `query-id<TAB>article-id<TAB>grade`, each below a header line;
- that of BEIR (https://github.com/beir-cellar/beir): queries as JSON Lines with `_id` and `text` (a name that ends in
  `.jsonl`), judgements as a table `query-id<TAB>corpus-id<TAB>score`.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from harbor_search.errors import UserError

__all__ = ["Qrels", "Queries", "check_judgements", "read_qrels", "read_queries"]

Queries = Mapping[str, str]
"""Texts of queries by their ids, in the file's order."""

Qrels = Mapping[str, Mapping[str, int]]
"""Grades by article id by query id ("query relevance judgements"); 0 and below is not relevant."""


def read_queries(file: Path) -> dict[str, str]:
    """The queries in `file`.

    Raises:
        UserError: the file cannot be read or has a line that is no query, an id twice, or no query at all.
    """
    lines = _json_lines(file) if ".jsonl" in file.suffixes else _rows(file, ("query-id", "query"))
    queries: dict[str, str] = {}
    for number, (query_id, text) in lines:
        if query_id in queries:
            raise _fault(file, number, f"the query id {query_id!r} was there before; ids must be unique")
        queries[query_id] = text
    if not queries:
        raise UserError(f"{file} holds no queries", where="queries")
    return queries


def read_qrels(file: Path) -> dict[str, dict[str, int]]:
    """The judgements in `file`.

    Raises:
        UserError: the file cannot be read or has a line that is no judgement, one that contradicts an earlier one, or
            no judgement at all.
    """
    qrels: dict[str, dict[str, int]] = {}
    for number, (query_id, article_id, stated) in _rows(file, ("query-id", "article-id", "grade")):
        try:
            grade = int(stated)
        except ValueError:
            raise _fault(file, number, f"the grade must be a whole number, not {stated[:40]!r}") from None
        earlier = qrels.setdefault(query_id, {}).setdefault(article_id, grade)
        if earlier != grade:
            raise _fault(file, number, f"{article_id!r} has the grade {earlier} for {query_id!r} further up; keep one")
    if not qrels:
        raise UserError(f"{file} holds no judgements", where="qrels")
    return qrels


def check_judgements(queries: Queries, qrels: Qrels) -> tuple[str, ...]:
    """The ids of queries that have no relevant article, and so cannot be measured.

    Raises:
        UserError: judgements of a query that is not there, or no query that can be measured.
    """
    unknown = [query_id for query_id in qrels if query_id not in queries]
    if unknown:
        named = ", ".join(unknown[:5]) + (" ..." if len(unknown) > 5 else "")
        raise UserError(
            f"there are judgements of {len(unknown)} queries that the queries file does not have: {named}; "
            "give the two files that belong together",
            where="qrels",
        )
    unjudged = tuple(each for each in queries if not any(grade > 0 for grade in qrels.get(each, {}).values()))
    if len(unjudged) == len(queries):
        raise UserError("no query has a relevant article (a grade of 1 or more) in the judgements", where="qrels")
    return unjudged


def _rows(file: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, list[str]]]:
    """The rows of a table with their line numbers, without the header."""
    for number, line in _lines(file):
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) != len(columns) or not all(cells):
            raise _fault(file, number, f"expected {len(columns)} columns with tabs between: {', '.join(columns)}")
        if number > 1:
            yield number, cells
        elif cells[0].lower() != columns[0]:
            raise _fault(file, number, f"expected the header {'<TAB>'.join(columns)}")


def _json_lines(file: Path) -> Iterator[tuple[int, list[str]]]:
    """The ids and texts of BEIR's queries with their line numbers."""
    for number, line in _lines(file):
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            raise _fault(file, number, "the line is not valid JSON") from None
        values = [record.get("_id"), record.get("text")] if isinstance(record, dict) else []
        cells = [value for value in values if isinstance(value, str) and value.strip()]
        if len(cells) != 2:
            raise _fault(file, number, "expected an object with the texts _id and text")
        yield number, cells


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, with their numbers from 1."""
    try:
        with gzip.open(file, "rb") if file.suffix == ".gz" else file.open("rb") as stream:
            for number, line in enumerate(stream, 1):
                text = line.decode("utf-8-sig" if number == 1 else "utf-8")
                if text.strip():
                    yield number, text
    except UnicodeDecodeError:
        raise _fault(file, number, "the line is not valid UTF-8; convert the file") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UserError(f"the compressed file {file} is damaged: {error}") from error
    except OSError as error:
        raise UserError(f"cannot read {file}: {error.strerror or error}") from error


def _fault(file: Path, number: int, reason: str) -> UserError:
    return UserError(f"{file}, line {number}: {reason}")
