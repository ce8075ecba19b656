"""From times to ratios, and their shape as JSON."""

import pytest

from benchmarks.report import render
from benchmarks.table import as_json, cells, percentile, single, summarise


def test_a_ratio_is_their_mean_over_our_mean() -> None:
    table = cells({"ours": [1.0, 3.0], "other": [10.0, 10.0]}, ["union", "union"])
    assert table["union"]["other"].ratio == pytest.approx(5.0)


def test_classes_are_kept_apart() -> None:
    table = cells({"ours": [1.0, 2.0], "other": [3.0, 8.0]}, ["union", "phrase"])
    assert table["union"]["other"].ratio == pytest.approx(3.0)
    assert table["phrase"]["other"].ratio == pytest.approx(4.0)


def test_a_peer_is_compared_on_the_queries_that_it_answers() -> None:
    """An engine without counts or phrases must not be compared with our time on those."""
    table = cells({"ours": [1.0, 100.0], "other": [4.0, None]}, ["union", "union"])
    cell = table["union"]["other"]
    assert cell.ratio == pytest.approx(4.0)
    assert cell.peer.queries == 1
    assert table["union"]["ours"].peer.mean == pytest.approx(50.5)


def test_a_class_that_a_peer_answers_none_of_is_not_in_its_column() -> None:
    table = cells({"ours": [1.0], "other": [None]}, ["phrase"])
    assert "other" not in table["phrase"]


def test_without_ours_there_are_times_but_no_ratios() -> None:
    table = cells({"other": [4.0]}, ["union"])
    assert table["union"]["other"].ratio is None
    assert as_json({"top10": table})["top10"]["union"]["other"]["peer_us"] == 4.0


def test_the_99th_percentile_of_few_values_is_the_largest() -> None:
    assert percentile([5.0, 1.0, 3.0], 99) == 5.0
    assert percentile(list(map(float, range(1, 201))), 99) == 198.0
    assert percentile([7.0], 50) == 7.0


def test_a_summary_has_mean_median_and_p99() -> None:
    summary = summarise([1.0, 2.0, 9.0])
    assert (summary.queries, summary.mean, summary.median, summary.p99) == (3, 4.0, 2.0, 9.0)


def test_json_has_microseconds_for_times_and_bytes_for_sizes() -> None:
    document = as_json(
        {
            "top10": cells({"ours": [2.0], "other": [6.0]}, ["union"]),
            "size": {"1 process": {"other": single(30.0, 10.0), "ours": single(10.0, 10.0)}},
        }
    )
    found = document["top10"]["union"]["other"]
    assert (found["ours_us"], found["peer_us"], found["ratio"]) == (2.0, 6.0, 3.0)
    found = document["size"]["1 process"]["other"]
    assert (found["ours_bytes"], found["peer_bytes"], found["ratio"]) == (10.0, 30.0, 3.0)
    assert "ours" not in document["top10"]["union"]


def test_the_table_shows_mean_median_and_p99_with_ratios() -> None:
    table = cells({"ours": [1.0, 3.0], "other": [10.0, 40.0]}, ["union", "union"])
    text = render({"top10": table}, ["ours", "other"])
    assert "25.0 (12.5)" in text  # means 25 and 2
    assert "40.0 (13.3)" in text  # p99 40 and 3
    assert "median" in text


def test_what_ours_cannot_answer_is_not_compared() -> None:
    table = cells({"ours": [2.0, None], "other": [4.0, 100.0]}, ["union", "union"])
    assert table["union"]["other"].ratio == pytest.approx(2.0)
    assert table["union"]["other"].peer.queries == 1
