"""Tuning: what is found, what is promised of it, and that nothing else is touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from harbor_search.errors import UserError
from harbor_search.evaluation import tune

START = {"k1": 1.0, "title_weight": 2.0}
QUERIES = 20


def better_with_high_k1(values: Mapping[str, float]) -> Sequence[float]:
    return [0.5 + 0.1 * min(values["k1"], 2.0) - 0.001 * (query % 3) for query in range(QUERIES)]


def fits_each_query_on_its_own(values: Mapping[str, float]) -> Sequence[float]:
    """A measure of which what suits one part of the queries says nothing about another."""
    seed = [round(values["k1"] * 1000), round(values["title_weight"] * 1000)]
    return [float(each) for each in np.random.default_rng(seed).random(QUERIES)]


def test_a_setting_that_helps_all_queries_is_found_and_promised() -> None:
    found = tune(better_with_high_k1, START, folds=5)
    assert found.values.keys() == {"k1"}
    assert found.values["k1"] >= 2
    assert found.expected == pytest.approx(found.fitted) == pytest.approx(found.before + 0.1)
    assert found.low > 0.09
    assert found.p_value < 0.001


def test_a_setting_that_is_far_off_is_found_and_the_default_is_tried() -> None:
    far_off = {"title_weight": 0.02, "body_b": 0.0}

    def measure(values: Mapping[str, float]) -> Sequence[float]:
        return [1 - abs(values["title_weight"] - 2.5) / 10 - abs(values["body_b"] - 0.7)] * QUERIES

    assert tune(measure, far_off, folds=2).values == {"title_weight": 2.5, "body_b": 0.7}


def test_what_fits_chance_is_not_promised() -> None:
    found = tune(fits_each_query_on_its_own, START, folds=5)
    assert found.fitted > found.before
    assert found.expected < found.fitted
    assert found.low < found.expected - found.before < found.high


def test_settings_that_are_as_good_stay_as_they_are() -> None:
    found = tune(lambda values: [0.5] * QUERIES, START, folds=2)
    assert found.values == {}
    assert (found.before, found.expected, found.p_value) == (0.5, 0.5, 1.0)


def test_values_stay_between_their_bounds() -> None:
    tried: list[float] = []

    def measure(values: Mapping[str, float]) -> Sequence[float]:
        tried.append(values["title_b"])
        return [values["title_b"]] * QUERIES

    assert tune(measure, {"title_b": 0.9}, folds=2).values == {"title_b": 1.0}
    assert 0 <= min(tried) <= max(tried) <= 1


@pytest.mark.parametrize("folds", [1, QUERIES + 1])
def test_there_must_be_queries_for_each_part(folds: int) -> None:
    with pytest.raises(UserError, match=r"folds must be from 2 to the number of queries \(20\)"):
        tune(better_with_high_k1, START, folds)
