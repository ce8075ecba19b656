"""`harbor-search evaluate`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harbor_search.cli.program import program
from harbor_search.config import Settings
from harbor_search.engines import SearchEngine
from tests.evaluation.canned import CannedEngine

RANKINGS = {"cough": ["a", "b"], "sleep": ["b", "c"]}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with judged queries, and an engine that knows three articles."""

    def opened(settings: Settings) -> SearchEngine:
        return CannedEngine(RANKINGS, ["a", "b", "c"])

    monkeypatch.setattr("harbor_search.index.open_engine", opened)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "q.tsv").write_text("query-id\tquery\nq1\tcough\nq2\tsleep\nq3\t\x1b[31mred\x07\nq4\tunjudged\n")
    (tmp_path / "r.tsv").write_text("query-id\tarticle-id\tgrade\nq1\ta\t3\nq2\tc\t1\nq3\tgone\t1\n")
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(program, ["evaluate", "--queries", "q.tsv", "--qrels", "r.tsv", *arguments])


def test_people_get_the_means_the_misses_and_the_worst_queries(folder: Path) -> None:
    result = run()
    assert result.exit_code == 0
    assert "Generation 7, 3 judged queries:" in result.stdout
    assert "  RR@100       0.5000" in result.stdout
    assert "Without any hit (1):\n  -      q3" in result.stdout
    assert result.stdout.index("0.000  q3") < result.stdout.index("0.631  q2")
    assert not {"\x1b", "\x07"} & set(result.stdout)


def test_oddities_of_the_judgements_are_warnings_beside_the_report(folder: Path) -> None:
    result = run("--json")
    assert "the index does not have 1 article of the judgements: gone" in result.stderr
    assert "1 of the queries have no relevant article and were left out: q4" in result.stderr
    assert json.loads(result.stdout)["unknown_articles"] == ["gone"]


def test_queries_that_a_bound_refuses_are_named_with_the_reason(folder: Path) -> None:
    arguments = ["evaluate", "--queries", "q.tsv", "--qrels", "r.tsv"]
    result = CliRunner().invoke(program, arguments, env={"HARBOR_MAX_QUERY_LENGTH": "5"})
    assert "1 of the queries were refused and count as 0: q3; the first: the query is 9 characters" in result.stderr


def test_programs_get_one_document_with_every_query(folder: Path) -> None:
    document = json.loads(run("--json", "--k", "1").stdout)
    assert document["k"] == 1
    assert document["measures"]["Success@1"] == pytest.approx(1 / 3)
    assert [each["id"] for each in document["queries"]] == ["q1", "q2", "q3"]
    assert document["comparison"] is None


def test_a_run_is_compared_with_one_that_was_saved(folder: Path) -> None:
    assert run("--save", "before.json").exit_code == 0
    RANKINGS_AFTER = {**RANKINGS, "sleep": ["c", "b"]}
    with pytest.MonkeyPatch.context() as patch:
        for word, ranking in RANKINGS_AFTER.items():
            patch.setitem(RANKINGS, word, ranking)
        people, programs = run("--baseline", "before.json"), run("--baseline", "before.json", "--json")
    assert "Against generation 7 (3 queries):" in people.stdout
    assert "RR@100       +0.1667   1 better, 0 worse, 2 equal   p = 1.000" in people.stdout
    assert json.loads(programs.stdout)["comparison"]["differences"]["RR@100"]["wins"] == 1


def test_what_json_prints_is_a_baseline_too(folder: Path) -> None:
    (folder / "before.json").write_text(run("--json").stdout)
    assert "3 equal" in run("--baseline", "before.json").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--k", "0"], 2, "0 is not in the range x>=1"),
        (["--baseline", "none.json"], 2, "cannot read the baseline none.json: No such file"),
        (["--qrels", "q.tsv"], 2, "q.tsv, line 1: expected 3 columns"),
        (["--save", "none/run.json"], 1, "cannot write the run to none/run.json"),
    ],
)
def test_mistakes_leave_one_line_and_an_exit_code(folder: Path, arguments: list[str], code: int, message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == code
    assert message in result.stderr


def test_a_run_that_cannot_be_saved_is_printed_all_the_same(folder: Path) -> None:
    assert "RR@100" in run("--save", "none/run.json").stdout


def test_two_results_files_are_compared_without_an_index(folder: Path) -> None:
    (folder / "theirs.run").write_text("q1 Q0 b 1 2 x\nq2 Q0 c 1 2 x\n")
    assert run("--run", "ours.run").exit_code == 0
    result = run("--results", "theirs.run", "--baseline", "ours.run", "--pictures", "drawn")
    assert "Generation theirs.run, 3 judged queries:" in result.stdout
    assert "Against generation ours.run (3 queries):" in result.stdout
    assert "Changed most (nDCG@10, before and now):\n  1.000 0.000  q1  cough\n" in result.stdout
    assert (folder / "drawn" / "differences.svg").exists()


def test_another_settings_file_is_a_baseline(folder: Path) -> None:
    (folder / "other.toml").write_text("max_query_length = 3\n")
    result = run("--baseline-config", "other.toml")
    assert "Against generation 7 by other.toml (3 queries):" in result.stdout


def test_only_one_baseline_can_be_given(folder: Path) -> None:
    result = run("--baseline", "a.json", "--baseline-config", "b.toml")
    assert result.exit_code == 2
    assert "only one of --baseline, --baseline-config and --baseline-generation" in result.stderr
