"""`harbor-search tune`."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harbor_search.cli.program import program


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An index in which what readers want has the word in its title, and what they do not want often in its text."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "articles").mkdir()
    for number, word in enumerate("tea iron sleep cough".split()):
        (tmp_path / "articles" / f"about-{word}.md").write_text(
            f"---\ntitle: All about {word} and more of it\n---\n\nText.\n"
        )
        (tmp_path / "articles" / f"other-{number}.md").write_text(
            f"---\ntitle: Other\n---\n\n{word} {word} {word} {word}.\n"
        )
    (tmp_path / "q.tsv").write_text(
        "query-id\tquery\n" + "".join(f"{w}\t{w}\n" for w in "tea iron sleep cough".split())
    )
    judged = "".join(f"{word}\tabout-{word}\t1\n" for word in "tea iron sleep cough".split())
    (tmp_path / "r.tsv").write_text("query-id\tarticle-id\tgrade\n" + judged)
    (tmp_path / "bad.toml").write_text("title_weight = 0.1\nnear_duplicates = 0.0\n")
    assert CliRunner().invoke(program, ["--config", "bad.toml", "rebuild", "articles"]).exit_code == 0
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(
        program, ["--config", "bad.toml", "tune", "--queries", "q.tsv", "--qrels", "r.tsv", "--folds", "2", *arguments]
    )


def test_what_is_printed_is_a_settings_file_that_answers_better(folder: Path) -> None:
    live = (folder / "index" / "CURRENT").read_text()
    result = run()
    assert result.exit_code == 0
    assert tomllib.loads(result.stdout)["title_weight"] > 0.1
    assert "by cross-validation" in result.stdout
    (folder / "tuned.toml").write_text("near_duplicates = 0.0\n" + result.stdout)
    measured = ["evaluate", "--queries", "q.tsv", "--qrels", "r.tsv", "--json"]
    before, after = (
        json.loads(CliRunner().invoke(program, ["--config", config, *measured]).stdout)["measures"]["nDCG@10"]
        for config in ("bad.toml", "tuned.toml")
    )
    assert after > before
    assert (folder / "index" / "CURRENT").read_text() == live


def test_programs_get_the_same_as_json(folder: Path) -> None:
    found = json.loads(run("--json").stdout)
    assert found["expected"] > found["before"]
    assert "title_weight" in found["values"]


def test_more_parts_than_queries_are_refused(folder: Path) -> None:
    result = run("--folds", "9")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "folds must be from 2 to the number of queries (4)" in result.stderr
