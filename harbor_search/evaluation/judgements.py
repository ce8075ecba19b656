"""Reading judged queries: queries and relevance judgements.

Three formats are supported, plain or compressed with gzip (a name that ends in `.gz`):

- tables as in `corpus/`: `query-id<TAB>query` and `query-id<TAB>article-id<TAB>grade`, each with a header line;
- that of BEIR (https://github.com/beir-cellar/beir): queries as JSON Lines with `_id` and `text` (a name that ends in
  `.jsonl`), judgements as a table `query-id<TAB>corpus-id<TAB>score`;
- that of TREC (https://trec.nist.gov): topics as `<top>` with `<num>` and `<title>`, judgements as lines of
  `query-id iteration article-id grade` without a header.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

from harbor_search.errors import UserError
from harbor_search.evaluation.numbered_lines import fault_in, lines_of
from harbor_search.evaluation.trec import judgements_of, topics_of

__all__ = ["Qrels", "Queries", "check_judgements", "read_qrels", "read_queries"]

Queries = Mapping[str, str]
"""Query id -> text, in the order of the file."""

Qrels = Mapping[str, Mapping[str, int]]
"""Query id -> article id -> grade ("query relevance judgements"); grades of 0 and below are not relevant."""


def read_queries(file: Path) -> dict[str, str]:
    """The queries in `file`.

    Raises:
        UserError: the file cannot be read, has a malformed line or a duplicate id, or has no queries.
    """
    lines = _queries_in(file)
    queries: dict[str, str] = {}
    for number, (query_id, text) in lines:
        if query_id in queries:
            raise fault_in(file, number, f"the query id {query_id!r} was there before; ids must be unique")
        queries[query_id] = text
    if not queries:
        raise UserError(f"{file} holds no queries", where="queries")
    return queries


def read_qrels(file: Path) -> dict[str, dict[str, int]]:
    """The judgements in `file`.

    Raises:
        UserError: the file cannot be read, has a malformed line or contradictory judgements, or has no judgements.
    """
    qrels: dict[str, dict[str, int]] = {}
    for number, (query_id, article_id, stated) in _judgements_in(file):
        try:
            grade = int(stated)
        except ValueError:
            raise fault_in(file, number, f"the grade must be a whole number, not {stated[:40]!r}") from None
        earlier = qrels.setdefault(query_id, {}).setdefault(article_id, grade)
        if earlier != grade:
            raise fault_in(
                file, number, f"{article_id!r} has the grade {earlier} for {query_id!r} further up; keep one"
            )
    if not qrels:
        raise UserError(f"{file} holds no judgements", where="qrels")
    return qrels


def check_judgements(queries: Queries, qrels: Qrels) -> tuple[str, ...]:
    """The ids of queries without relevant articles, which cannot be measured.

    Raises:
        UserError: there are judgements of an unknown query, or no query has a relevant article.
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


def _queries_in(file: Path) -> Iterator[tuple[int, list[str]]]:
    """Line number and (id, text) of each query, in any format."""
    if ".jsonl" in file.suffixes:
        return _json_lines(file)
    first, lines = _peeked(file)
    if first.lstrip().lower().startswith("<top>"):
        return topics_of(file, lines)
    return _rows(file, lines, ("query-id", "query"))


def _judgements_in(file: Path) -> Iterator[tuple[int, list[str]]]:
    """Line number and (query id, article id, grade) of each judgement, in any format."""
    first, lines = _peeked(file)
    if first.count("\t") != 2 and len(first.split()) == 4:
        return judgements_of(file, lines)
    return _rows(file, lines, ("query-id", "article-id", "grade"))


def _peeked(file: Path) -> tuple[str, Iterator[tuple[int, str]]]:
    """The first line of a file ("" if it is empty), and all its lines."""
    lines = lines_of(file)
    first = next(lines, None)
    return ("", lines) if first is None else (first[1], chain([first], lines))


def _rows(file: Path, lines: Iterator[tuple[int, str]], columns: tuple[str, ...]) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of each row of a table, without the header."""
    for number, line in lines:
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) != len(columns) or not all(cells):
            raise fault_in(file, number, f"expected {len(columns)} columns with tabs between: {', '.join(columns)}")
        if number > 1:
            yield number, cells
        elif cells[0].lower() != columns[0]:
            raise fault_in(file, number, f"expected the header {'<TAB>'.join(columns)}")


def _json_lines(file: Path) -> Iterator[tuple[int, list[str]]]:
    """Line number and (id, text) of each query in the format of BEIR."""
    for number, line in lines_of(file):
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            raise fault_in(file, number, "the line is not valid JSON") from None
        values = [record.get("_id"), record.get("text")] if isinstance(record, dict) else []
        cells = [value for value in values if isinstance(value, str) and value.strip()]
        if len(cells) != 2:
            raise fault_in(file, number, "expected an object with the texts _id and text")
        yield number, cells
