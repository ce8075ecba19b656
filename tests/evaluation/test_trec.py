"""The formats of TREC."""

from __future__ import annotations

from pathlib import Path

import pytest

from harbor_search.errors import OperationalError, UserError
from harbor_search.evaluation import is_results_file, measure_results, read_qrels, read_queries, read_results
from harbor_search.evaluation.trec import write_results

TOPICS = """<top>
<num> Number: 301
<title> International
Organized Crime

<desc> Description:
Identify organisations.
</top>

<top><num>302</num><title>Poliomyelitis</title></top>
"""


def test_the_titles_of_topics_are_queries(tmp_path: Path) -> None:
    file = tmp_path / "topics.301"
    file.write_text(TOPICS)
    assert read_queries(file) == {"301": "International Organized Crime", "302": "Poliomyelitis"}


def test_a_topic_without_a_title_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "topics"
    file.write_text("<top><num>1</num><title>a</title></top>\n\n<top><num>2</num></top>\n")
    with pytest.raises(UserError, match="line 3: expected a topic with <num> and <title>"):
        read_queries(file)


def test_judgements_of_trec_have_four_columns_and_no_header(tmp_path: Path) -> None:
    file = tmp_path / "qrels"
    file.write_text("301 0 FBIS3-1 1\n301 0\tFBIS3-2 0\n302 0 FBIS3-1 2\n")
    assert read_qrels(file) == {"301": {"FBIS3-1": 1, "FBIS3-2": 0}, "302": {"FBIS3-1": 2}}


def test_results_are_ordered_by_score_whatever_their_rank_and_equals_by_the_last_id(tmp_path: Path) -> None:
    file = tmp_path / "run"
    file.write_text("q1 Q0 a 1 0.5 x\nq1 Q0 b 2 2.5 x\nq1 Q0 c 3 0.5 x\n")
    assert is_results_file(file)
    assert read_results(file) == {"q1": [("b", 2.5), ("c", 0.5), ("a", 0.5)]}


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("q1 Q0 a 1 high x\n", "line 1: expected 6 columns"),
        ("q1 Q0 a 1 0.5\n", "line 1: expected 6 columns"),
        ("q1 Q0 a 1 2 x\nq1 Q0 a 2 1 x\n", "line 2: 'a' is in the ranking of 'q1' twice"),
        ("", "holds no results"),
    ],
)
def test_a_file_that_is_no_results_file_is_named_with_the_line(tmp_path: Path, content: str, fault: str) -> None:
    file = tmp_path / "run"
    file.write_text(content)
    with pytest.raises(UserError, match=fault):
        read_results(file)


def test_written_results_keep_the_order_of_equal_scores(tmp_path: Path) -> None:
    file = tmp_path / "run"
    write_results({"q1": [("a", 2.0), ("b", 2.0), ("c", 2.0), ("d", 1.0)]}, file, "ours")
    assert [article for article, _ in read_results(file)["q1"]] == ["a", "b", "c", "d"]


def test_an_id_that_the_format_cannot_hold_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot hold the id 'a b' of query 'q1'"):
        write_results({"q1": [("a b", 1.0)]}, tmp_path / "run", "ours")


def test_results_that_cannot_be_written_say_why(tmp_path: Path) -> None:
    with pytest.raises(OperationalError, match="cannot write the results to .*No such file"):
        write_results({"q1": [("a", 1.0)]}, tmp_path / "none" / "run", "ours")


def test_a_query_that_the_results_lack_found_nothing() -> None:
    report = measure_results(
        {"q1": [("a", 1.0)]}, {"q1": "x", "q2": "y"}, {"q1": {"a": 1}, "q2": {"a": 1}}, k=10, name="theirs"
    )
    assert report.generation == "theirs"
    assert report.means["P@10"] == pytest.approx(0.05)
    assert [each.id for each in report.without_hits] == ["q2"]
