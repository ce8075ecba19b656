"""The brute-force oracle that engines are checked against."""

import math

import pytest

from benchmarks.oracle import Oracle
from benchmarks.queries import parse_query

TEXTS = [
    ("a", "the cat sat on the mat"),
    ("b", "The dog sat. The cat ran!"),
    ("c", "a bird"),
    ("d", "cat cat cat mat"),
]


@pytest.fixture(scope="module")
def oracle() -> Oracle:
    return Oracle(TEXTS)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("cat", "abd"),
        ("dog bird", "bc"),
        ("+cat +sat", "ab"),
        ("+cat -dog", "ad"),
        ("+cat dog", "abd"),
        ('"the cat"', "ab"),
        ('"cat sat"', "a"),
        ('"mat cat"', ""),
        ('+"the cat" +ran', "b"),
        ("unicorn", ""),
    ],
)
def test_matches_are_those_a_reader_would_mark(oracle: Oracle, query: str, ids: str) -> None:
    found = oracle.matches(parse_query(query))
    assert "".join(oracle.ids[number] for number in found) == ids


def test_a_phrase_does_not_run_from_one_document_into_the_next() -> None:
    oracle = Oracle([("a", "one two"), ("b", "three")])
    assert len(oracle.matches(parse_query('"two three"'))) == 0


def test_a_score_is_bm25_by_hand(oracle: Oracle) -> None:
    (best, score), *_ = oracle.top(parse_query("dog"), 10)
    length, average = 6, (6 + 6 + 2 + 4) / 4
    idf = math.log(1 + (4 - 1 + 0.5) / (1 + 0.5))
    assert best == "b"
    assert score == pytest.approx(idf * 1 / (1 + 1.2 * (0.25 + 0.75 * length / average)))


def test_ties_are_in_the_order_of_ids_and_cut_at_k() -> None:
    oracle = Oracle([(identifier, "same words") for identifier in "dbca"])
    assert [identifier for identifier, _ in oracle.top(parse_query("same"), 3)] == ["a", "b", "c"]
