"""Measures of one ranking, each worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harbor_search.evaluation.measures import (
    average_precision,
    measures_at,
    ndcg,
    precision,
    recall,
    reciprocal_rank,
    success,
)

GRADES = {"a": 3, "b": 2, "c": 1, "d": 1, "judged-useless": 0}
RANKING = ["x", "b", "y", "a", "judged-useless", "c"]
"""Relevant at ranks 2 (grade 2), 4 (grade 3) and 6 (grade 1); "d" is never found."""


def test_ndcg_weighs_grades_by_rank_and_compares_with_the_best_possible_ranking() -> None:
    found = 2 / math.log2(3) + 3 / math.log2(5)
    best = 3 / math.log2(2) + 2 / math.log2(3) + 1 / math.log2(4) + 1 / math.log2(5)
    assert ndcg(RANKING, GRADES, 4) == pytest.approx(found / best)
    assert ndcg(RANKING, GRADES, 4) == pytest.approx(0.4918, abs=1e-4)


def test_the_best_possible_ranking_is_cut_off_too() -> None:
    assert ndcg(["a", "b"], GRADES, 2) == 1.0


def test_ndcg_is_lower_when_the_better_article_comes_second() -> None:
    assert ndcg(["b", "a"], GRADES, 10) < ndcg(["a", "b"], GRADES, 10)


def test_precision_is_the_share_of_places_even_of_empty_ones() -> None:
    assert precision(RANKING, GRADES, 4) == 2 / 4
    assert precision(RANKING, GRADES, 10) == 3 / 10


def test_recall_is_the_share_of_relevant_articles_found() -> None:
    assert recall(RANKING, GRADES, 4) == 2 / 4
    assert recall(RANKING, GRADES, 100) == 3 / 4


def test_success_says_whether_the_first_page_helps_at_all() -> None:
    assert success(RANKING, GRADES, 1) == 0.0
    assert success(RANKING, GRADES, 2) == 1.0


def test_reciprocal_rank_looks_at_the_first_relevant_article_within_the_cutoff() -> None:
    assert reciprocal_rank(RANKING, GRADES, 100) == 1 / 2
    assert reciprocal_rank(RANKING, GRADES, 1) == 0.0


def test_average_precision_is_over_all_relevant_articles_found_or_not() -> None:
    assert average_precision(RANKING, GRADES, 100) == pytest.approx((1 / 2 + 2 / 4 + 3 / 6 + 0) / 4)
    assert average_precision(RANKING, GRADES, 3) == pytest.approx((1 / 2) / 4)


def test_grades_of_zero_and_below_are_not_relevant() -> None:
    grades = {"spam": -2, "useless": 0, "good": 1}
    assert ndcg(["spam", "useless", "good"], grades, 10) == pytest.approx(1 / math.log2(4))
    assert precision(["spam", "useless"], grades, 2) == 0.0
    assert recall(["good"], grades, 1) == 1.0


@pytest.mark.parametrize("grades", [{}, {"a": 0}])
def test_where_nothing_is_relevant_every_measure_is_zero(grades: dict[str, int]) -> None:
    assert [measure(["a", "b"], grades) for measure in measures_at(10, 100)] == [0.0] * 7


def test_names_say_what_is_measured_where() -> None:
    names = [measure.name for measure in measures_at(5, 100)]
    assert names == ["nDCG@5", "P@5", "Recall@5", "Success@5", "RR@100", "AP@100", "Recall@100"]


@given(st.permutations("abcdxyz"), st.integers(1, 10))
def test_every_measure_is_between_0_and_1(ranking: Sequence[str], cutoff: int) -> None:
    assert all(0 <= measure(ranking, GRADES) <= 1 + 1e-12 for measure in measures_at(cutoff, cutoff))
