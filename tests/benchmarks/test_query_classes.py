"""Which class a benchmark query is counted in, and what its clauses are."""

import json
from pathlib import Path

import pytest

from benchmarks.queries import Clause, load_queries, parse_query, sample


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("the", "term"),
        ("griffith observatory", "union"),
        ("+griffith +observatory", "intersection"),
        ('"griffith observatory"', "phrase"),
        ("+python -snake -monty", "negation"),
        ("+climate policy", "mixed"),
        ('+"the who" +uk', "mixed"),
        ('"book"', "term"),
    ],
)
def test_a_query_without_tags_is_classed_by_its_syntax(text: str, kind: str) -> None:
    assert parse_query(text).kind == kind


def test_tags_decide_the_class_where_they_name_one(tmp_path: Path) -> None:
    tagged = {
        "the": ["term"],
        "a b": ["union", "global", "union:num_tokens_2"],
        "+a +b": ["intersection", "global"],
        '"a b"': ["phrase", "phrase:num_tokens_2"],
        "+a -b": ["negated", "global"],
        "+a b": ["intersection_union", "global"],
        '+"a b" +c': ["two-phase-critic"],
        "x y": ["no class of ours"],
    }
    path = tmp_path / "queries.jsonl"
    path.write_text("\n".join(json.dumps({"query": q, "tags": t}) for q, t in tagged.items()), encoding="utf-8")
    kinds = [query.kind for query in load_queries(path)]
    assert kinds == ["term", "union", "intersection", "phrase", "negation", "mixed", "mixed", "union"]


def test_clauses_keep_their_sign_and_phrases_stay_together() -> None:
    query = parse_query('+"The Who" uk -Album')
    assert query.must == (Clause("+", ("the", "who")),)
    assert query.should == (Clause("", ("uk",)),)
    assert query.must_not == (Clause("-", ("album",)),)


def test_a_line_that_is_no_query_is_named_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "queries.jsonl"
    path.write_text('{"query": "fine"}\n{"question": "not so"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="line 2"):
        load_queries(path)


def test_a_sample_takes_as_many_of_each_class_spread_over_it() -> None:
    queries = [parse_query(f"+a{i} +b{i}") for i in range(10)] + [parse_query(f'"a{i} b{i}"') for i in range(3)]
    chosen = sample(queries, 5)
    assert [query.text for query in chosen if query.kind == "intersection"] == [f"+a{i} +b{i}" for i in (0, 2, 4, 6, 8)]
    assert len([query for query in chosen if query.kind == "phrase"]) == 3
    assert sample(queries, None) == queries
