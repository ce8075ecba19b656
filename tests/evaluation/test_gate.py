"""A rebuild whose answers are worse than they must be is not published; kept generations can be compared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harbor_search.cli.program import program

GOOD = {"tea.md": "# Tea and Iron\n\nTea blocks iron from meals.\n", "sleep.md": "# Sleeping\n\nA dark room helps.\n"}
BAD = {"tea.md": "# Something Else\n\nNothing of that is here any more.\n", "sleep.md": GOOD["sleep.md"]}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "q.tsv").write_text("query-id\tquery\nq1\ttea iron\nq2\tsleeping\n")
    (tmp_path / "r.tsv").write_text("query-id\tarticle-id\tgrade\nq1\ttea\t1\nq2\tsleep\t1\n")
    return tmp_path


def write(folder: Path, articles: dict[str, str]) -> None:
    (folder / "articles").mkdir(exist_ok=True)
    for name, text in articles.items():
        (folder / "articles" / name).write_text(text)


def rebuild(*options: str) -> Result:
    return CliRunner().invoke(program, ["rebuild", "articles", "--json", *options])


GATED = ("--min-ndcg", "0.9", "--queries", "q.tsv", "--qrels", "r.tsv")


def test_an_index_with_worse_answers_leaves_the_live_one_untouched(folder: Path) -> None:
    write(folder, GOOD)
    first = rebuild(*GATED)
    assert first.exit_code == 0, first.stderr
    write(folder, BAD)
    refused = rebuild(*GATED)
    assert refused.exit_code == 1
    assert "nDCG@10 0.5000, below 0.9; worst: 'tea iron'; nothing was published" in refused.stderr
    found = CliRunner().invoke(program, ["search", "--json", "iron"])
    assert json.loads(found.stdout)["generation"] == json.loads(first.stdout)["generation"]
    assert rebuild().exit_code == 0


def test_a_gate_without_judged_queries_is_the_callers_mistake(folder: Path) -> None:
    write(folder, GOOD)
    result = rebuild("--min-ndcg", "0.9")
    assert result.exit_code == 2
    assert "min_ndcg needs judged queries: set gate_queries and gate_qrels" in result.stderr


def test_the_live_generation_is_compared_with_a_kept_one(folder: Path) -> None:
    write(folder, GOOD)
    assert rebuild().exit_code == 0
    write(folder, BAD)
    assert rebuild().exit_code == 0
    measure = ["evaluate", "--queries", "q.tsv", "--qrels", "r.tsv", "--baseline-generation"]
    result = CliRunner().invoke(program, [*measure, "1"])
    assert "nDCG@10      -0.5000   0 better, 1 worse, 1 equal" in result.stdout, result.stderr
    unknown = CliRunner().invoke(program, [*measure, "7"])
    assert unknown.exit_code == 2
    assert "no generation '7' is kept" in unknown.stderr
