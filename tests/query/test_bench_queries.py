"""The queries of the search benchmark game, as far as they lie beside the project, mean what their tags say."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from harbor_search.query import Boolean, Limits, Phrase, Term, parse
from tests.query.trees import texts

SHARED = Path(os.environ.get("HARBOR_SHARED") or Path(__file__).parents[3] / "shared")
QUERIES = SHARED / "data" / "bench-queries.jsonl"
LIMITS = Limits(terms=64, nesting=8, prefix_minimum=2)

pytestmark = pytest.mark.skipif(not QUERIES.exists(), reason=f"{QUERIES} is absent (HARBOR_SHARED says where)")


def queries(tag: str) -> list[str]:
    with QUERIES.open(encoding="utf-8") as lines:
        return [entry["query"] for entry in map(json.loads, lines) if tag in entry["tags"]]


def words(query: str) -> list[str]:
    return query.replace("+", "").replace('"', "").split()


def test_phrases_are_phrases() -> None:
    assert queries("phrase")
    for query in queries("phrase"):
        assert parse(query, limits=LIMITS, strict=False).node == Phrase(query.strip('"'))


def test_intersections_require_every_word() -> None:
    assert queries("intersection")
    for query in queries("intersection"):
        assert parse(query, limits=LIMITS, strict=False).node == Boolean(must=tuple(map(Term, words(query))))


def test_unions_have_every_word_as_an_alternative_but_stop_words() -> None:
    assert queries("union")
    for query in queries("union"):
        parsed = parse(query, limits=LIMITS, strict=False)
        dropped = {word.lower() for word in parsed.applied.dropped}
        kept = [word for word in words(query) if word.lower() not in dropped]
        assert texts(parsed.node) == kept
        expected = Boolean(should=tuple(map(Term, kept)), minimum=1) if len(kept) > 1 else Term(kept[0])
        assert parsed.node == expected


def test_mixed_queries_require_the_signed_words_only() -> None:
    assert queries("intersection_union")
    for query in queries("intersection_union"):
        node = parse(query, limits=LIMITS, strict=False).node
        signed = tuple(Term(word[1:]) for word in query.split() if word.startswith("+"))
        unsigned = tuple(Term(word) for word in query.split() if not word.startswith("+"))
        assert node == Boolean(must=signed, should=unsigned)


def test_negated_queries_exclude_the_negated_words() -> None:
    assert queries("negated")
    for query in queries("negated"):
        node = parse(query, limits=LIMITS, strict=False).node
        assert isinstance(node, Boolean)
        assert [f"-{each.text}" for each in node.must_not if isinstance(each, Term)] == [
            word for word in query.split() if word.startswith("-")
        ]
        assert node.must


def test_every_query_parses() -> None:
    everything = [entry for tag in ("term", "phrase", "intersection", "union", "negated") for entry in queries(tag)]
    assert len(everything) > 900
    for query in everything:
        assert texts(parse(query, limits=LIMITS, strict=True).node)
