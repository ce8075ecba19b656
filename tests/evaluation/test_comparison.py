"""Comparing two runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from harbor_search.errors import OperationalError, UserError
from harbor_search.evaluation import EvaluationReport, QueryReport, compare, load_run, save_run
from harbor_search.evaluation.comparison import randomisation_test


def run(*values: float, generation: str = "1", measure: str = "nDCG@10", first: int = 1) -> EvaluationReport:
    queries = (QueryReport(f"q{n}", f"query {n}", {measure: v}, ("a",), 1) for n, v in enumerate(values, first))
    return EvaluationReport(generation, 10, 100, tuple(queries))


def saved(report: EvaluationReport, folder: Path) -> Path:
    file = folder / "run.json"
    save_run(report, file)
    return file


def test_a_later_run_is_compared_query_by_query(tmp_path: Path) -> None:
    baseline = load_run(saved(run(0.5, 0.5, 0.5, 0.5), tmp_path))
    comparison = compare(run(0.9, 0.7, 0.4, 0.5, generation="2"), baseline)
    difference = comparison.differences["nDCG@10"]
    assert comparison.generation == "1"
    assert (difference.wins, difference.losses, difference.ties) == (2, 1, 1)
    assert difference.mean == pytest.approx(0.125)


def test_the_p_value_is_the_share_of_sign_changes_that_go_at_least_as_far() -> None:
    # |±3 ±2 ±1| >= 4, as of 3 + 2 - 1, for: 3+2+1, 3+2-1, -3-2+1, -3-2-1.
    assert randomisation_test([3.0, 2.0, -1.0]) == 4 / 8


def test_one_sided_differences_over_many_queries_are_significant_and_noise_is_not() -> None:
    assert randomisation_test([0.1] * 40) < 0.001
    assert randomisation_test([0.1, -0.1] * 20) == 1.0


def test_a_sampled_p_value_is_the_same_every_time_and_near_the_exact_one() -> None:
    differences = [0.2, -0.1, 0.3, 0.1, -0.2, 0.2, 0.1, -0.3, 0.4, 0.1, 0.2, -0.1, 0.1, 0.2]
    assert randomisation_test(differences) == randomisation_test(differences)
    assert randomisation_test(differences) == pytest.approx(exact(differences), abs=0.02)


def exact(differences: list[float]) -> float:
    sums = [0.0]
    for each in differences:
        sums = [total + sign * each for total in sums for sign in (1, -1)]
    observed = abs(sum(differences))
    return sum(abs(total) >= observed - 1e-9 for total in sums) / len(sums)


def test_equal_runs_do_not_differ(tmp_path: Path) -> None:
    comparison = compare(run(0.1, 0.9), load_run(saved(run(0.1, 0.9), tmp_path)))
    difference = comparison.differences["nDCG@10"]
    assert (difference.mean, difference.ties, difference.p_value) == (0.0, 2, 1.0)


def test_queries_that_only_one_run_has_are_left_out_and_counted(tmp_path: Path) -> None:
    comparison = compare(run(0.2, 0.4, 0.6), load_run(saved(run(0.4, 0.6, 0.8, first=2), tmp_path)))
    assert (comparison.queries, comparison.left_out) == (2, 2)
    assert comparison.differences["nDCG@10"].mean == 0.0


def test_a_run_of_other_queries_is_no_baseline(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="the baseline is of other queries"):
        compare(run(0.2), load_run(saved(run(0.4, first=5), tmp_path)))


def test_a_run_with_another_cutoff_is_no_baseline(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="the baseline was not measured at k = 10"):
        compare(run(0.2), load_run(saved(run(0.4, measure="nDCG@5"), tmp_path)))


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"generation": "1", "queries": [{}]}', '{"generation": 1, "queries": []}', "\udcff"]
)
def test_a_file_that_is_no_saved_run_is_named_with_the_cure(tmp_path: Path, content: str) -> None:
    file = tmp_path / "run.json"
    file.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(UserError, match=r"is no saved run; make one with .* --save"):
        load_run(file)


def test_saving_replaces_a_file_and_never_writes_into_it(tmp_path: Path) -> None:
    file = saved(run(0.5), tmp_path)
    linked = tmp_path / "linked.json"
    linked.hardlink_to(file)
    save_run(run(0.7), file)
    assert load_run(linked).queries["q1"]["nDCG@10"] == 0.5
    assert load_run(file).queries["q1"]["nDCG@10"] == 0.7


def test_a_run_that_cannot_be_written_leaves_the_earlier_file_and_says_why(tmp_path: Path) -> None:
    file = saved(run(0.5), tmp_path)
    before = file.read_bytes()
    broken = run(0.7)
    object.__setattr__(broken, "generation", "\ud800")
    with pytest.raises(UnicodeEncodeError):
        save_run(broken, file)
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]
    with pytest.raises(OperationalError, match="cannot write the run to .*No such file"):
        save_run(run(0.5), tmp_path / "none" / "run.json")


def test_the_queries_that_changed_most_come_first_and_equal_ones_not_at_all(tmp_path: Path) -> None:
    comparison = compare(run(0.9, 0.7, 0.1, 0.5), load_run(saved(run(0.5, 0.6, 0.9, 0.5), tmp_path)))
    assert [(each.id, each.before, each.now) for each in comparison.changes] == [
        ("q3", 0.9, 0.1),
        ("q1", 0.5, 0.9),
        ("q2", 0.6, 0.7),
    ]
