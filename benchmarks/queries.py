"""Benchmark queries: Lucene syntax as far as the query sets use it, and the class each query is counted in.

A query is a list of clauses; a clause is required (`+`), prohibited (`-`) or optional, and is a word
or a quoted phrase.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["CLASSES", "Clause", "Query", "classify", "load_queries", "parse_query", "sample"]

CLASSES = ("term", "union", "intersection", "phrase", "phrase_common", "negation", "mixed")
"""In the order in which tables show them."""

_TAGS = {
    "term": "term",
    "union": "union",
    "intersection": "intersection",
    "phrase": "phrase",
    "phrase_common": "phrase_common",
    "negated": "negation",
    "negation": "negation",
    "intersection_union": "mixed",
    "two-phase-critic": "mixed",
    "mixed": "mixed",
}

_CLAUSE = re.compile(r'([+-]?)(?:"([^"]*)"|([^\s"]+))')
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Clause:
    """`occur` is "+", "-" or ""; several `words` are a phrase."""

    occur: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Query:
    """A query as written, its class, and its clauses with words in lower case."""

    text: str
    kind: str
    clauses: tuple[Clause, ...]

    @property
    def must(self) -> tuple[Clause, ...]:
        """Clauses that every match has."""
        return tuple(c for c in self.clauses if c.occur == "+")

    @property
    def should(self) -> tuple[Clause, ...]:
        """Clauses that add to the score; where nothing is required, at least one of them matches."""
        return tuple(c for c in self.clauses if c.occur == "")

    @property
    def must_not(self) -> tuple[Clause, ...]:
        """Clauses that no match has."""
        return tuple(c for c in self.clauses if c.occur == "-")


def parse_query(text: str, kind: str | None = None) -> Query:
    """The query `text` says; its class is `kind`, or what its syntax shows.

    Raises:
        ValueError: there is no word in it.
    """
    clauses = []
    for occur, phrase, word in _CLAUSE.findall(text):
        words = tuple(_WORD.findall((phrase or word).lower()))
        if words:
            clauses.append(Clause(occur, words))
    if not clauses:
        raise ValueError(f"no word in the query {text!r}")
    return Query(text, kind or classify(clauses), tuple(clauses))


def classify(clauses: Sequence[Clause]) -> str:
    """The class of a query by its clauses alone, for query files without tags."""
    occurs = {clause.occur for clause in clauses}
    if "-" in occurs:
        return "negation"
    if len(clauses) == 1:
        return "phrase" if len(clauses[0].words) > 1 else "term"
    if any(len(clause.words) > 1 for clause in clauses) or len(occurs) > 1:
        return "mixed"
    return "union" if occurs == {""} else "intersection"


def load_queries(path: Path) -> list[Query]:
    """The queries of a JSON Lines file of `{"query", "tags"}`; the first tag that names a class decides.

    Raises:
        ValueError: a line is not such an object, named by its number.
    """
    queries = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
            kind = next((_TAGS[tag] for tag in values.get("tags", ()) if tag in _TAGS), None)
            queries.append(parse_query(values["query"], kind))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f'{path}, line {number}: expected {{"query": ..., "tags": [...]}} ({error})') from error
    return queries


def sample(queries: Iterable[Query], most: int | None) -> list[Query]:
    """At most `most` queries of each class, spread evenly over the class; all of them where `most` is None."""
    queries = list(queries)
    if most is None:
        return queries
    kept: set[int] = set()
    for kind in {query.kind for query in queries}:
        members = [i for i, query in enumerate(queries) if query.kind == kind]
        take = min(most, len(members))
        kept.update(members[i * len(members) // take] for i in range(take))
    return [query for i, query in enumerate(queries) if i in kept]
