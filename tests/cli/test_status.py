"""`harbor-search status` tells what the last rebuild or update did, whether it published or was stopped."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from harbor_search.cli.program import program

from .conftest import write_articles


def call(index: Path, *arguments: str | Path) -> Result:
    return CliRunner().invoke(program, ["--index", str(index), *map(str, arguments)])


def status(index: Path) -> dict[str, object]:
    document: dict[str, object] = json.loads(call(index, "status", "--json").stdout)
    return document


def test_without_an_index_there_is_nothing_to_tell(tmp_path: Path) -> None:
    result = call(tmp_path / "index", "status")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "`harbor-search rebuild`" in result.stderr


def test_the_last_report_is_kept_with_every_reason(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "articles")
    (folder / "empty.md").write_text("")
    (folder / "logo.png").write_bytes(b"x")
    printed = call(tmp_path / "index", "rebuild", "--json", f"site={folder}").stdout
    kept = status(tmp_path / "index")
    assert (kept["command"], kept["error"], kept["sources"]) == ("rebuild", "", [f"site={folder}"])
    assert kept["report"] == json.loads(printed)
    lines = call(tmp_path / "index", "status").stdout
    assert "refused  1 (could not be read)" in lines and "skipped  1 (not articles)" in lines
    assert json.loads((tmp_path / "index" / "last-run.json").read_text()) == kept


def test_an_update_that_was_stopped_says_why_and_the_index_stays(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "articles")
    for number in range(20):
        (folder / f"more{number}.md").write_text(f"# Page {number}\n\nText.\n")
    call(tmp_path / "index", "rebuild", folder)
    for number in range(15):
        (folder / f"more{number}.md").unlink()
    stopped = call(tmp_path / "index", "update", "--json", folder)
    assert stopped.exit_code == 1 and "--allow-removals" in stopped.stderr
    assert json.loads(stopped.stdout)["generation"] is None
    kept = status(tmp_path / "index")
    assert "15 of the 24 articles" in str(kept["error"]) and kept["report"] == json.loads(stopped.stdout)
    assert "stopped: 15 of the 24 articles" in call(tmp_path / "index", "status").stdout
    assert json.loads(call(tmp_path / "index", "search", "--json", "text").stdout)["total"] == 20


def test_removals_are_allowed_once_by_an_option_and_always_by_the_setting(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "articles")
    for number in range(20):
        (folder / f"more{number}.md").write_text(f"# Page {number}\n\nText.\n")
    call(tmp_path / "index", "rebuild", folder)
    for number in range(20):
        (folder / f"more{number}.md").unlink()
    allowed = call(tmp_path / "index", "update", "--json", "--allow-removals", folder)
    assert (allowed.exit_code, json.loads(allowed.stdout)["removed"]) == (0, 20)


def test_sources_may_stand_in_the_settings_file(tmp_path: Path) -> None:
    write_articles(tmp_path / "articles", ("naps", "iron"))
    config = tmp_path / "harbor.toml"
    config.write_text(f'[[sources]]\nname = "site"\naddress = "{tmp_path / "articles"}"\nexclude = ["iron.txt"]\n')
    result = CliRunner().invoke(program, ["--config", str(config), "--index", str(tmp_path / "i"), "rebuild", "--json"])
    assert json.loads(result.stdout)["indexed"] == 1
    found = json.loads(call(tmp_path / "i", "search", "--json", "nap").stdout)
    assert [hit["id"] for hit in found["hits"]] == ["site/naps"]


def test_sources_that_are_no_tables_are_refused(tmp_path: Path) -> None:
    config = tmp_path / "harbor.toml"
    config.write_text('sources = ["a", "b"]\n')
    result = CliRunner().invoke(program, ["--config", str(config), "rebuild"])
    assert result.exit_code == 2 and "[[sources]]" in result.stderr
