"""Measures are those of ir_measures, on generated rankings and judgements."""

from __future__ import annotations

from collections.abc import Mapping

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harbor_search.evaluation import measure_results

IDS = [f"d{number}" for number in range(30)]
THEIRS = {
    "nDCG@10": ir_measures.nDCG @ 10,
    "P@10": ir_measures.P @ 10,
    "Recall@10": ir_measures.R @ 10,
    "Success@10": ir_measures.Success @ 10,
    "RR@100": ir_measures.RR,  # No ranking here is deeper; with a cutoff ties are broken otherwise than by trec_eval.
    "AP@100": ir_measures.AP @ 100,
    "Recall@100": ir_measures.R @ 100,
}

grades = st.dictionaries(st.sampled_from(IDS), st.integers(0, 3), min_size=1).filter(lambda each: max(each.values()))
scores = st.dictionaries(st.sampled_from(IDS), st.integers(-5, 5).map(float), min_size=1)


@given(judged=st.lists(st.tuples(grades, scores), min_size=1, max_size=5))
def test_every_measure_equals_that_of_ir_measures(judged: list[tuple[dict[str, int], dict[str, float]]]) -> None:
    qrels = {f"q{number}": each for number, (each, _) in enumerate(judged)}
    run = {f"q{number}": each for number, (_, each) in enumerate(judged)}
    rankings = {query: ordered(each) for query, each in run.items()}
    ours = measure_results(rankings, dict.fromkeys(qrels, "text"), qrels, k=10, name="run").means
    theirs = ir_measures.calc_aggregate(list(THEIRS.values()), qrels, run)
    assert set(ours) == set(THEIRS)
    for name, measure in THEIRS.items():
        assert ours[name] == pytest.approx(theirs[measure], abs=1e-6), name


def ordered(ranking: Mapping[str, float]) -> list[tuple[str, float]]:
    """A ranking in trec_eval's order: by score, equals by id, both descending."""
    return sorted(ranking.items(), key=lambda each: (each[1], each[0]), reverse=True)
