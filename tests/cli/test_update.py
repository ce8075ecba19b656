"""`update` and its report."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harbor_search.cli.program import program
from tests.cli.conftest import write_articles
from tests.support.generations import number_of


def call(index: Path, *arguments: str | Path) -> Result:
    return CliRunner(env={"HARBOR_INDEX": None}).invoke(program, ["--index", str(index), *map(str, arguments)])


def document(result: Result) -> dict[str, object]:
    assert result.exit_code == 0, result.output
    loaded: dict[str, object] = json.loads(result.stdout)
    return loaded


def found(index: Path, word: str) -> object:
    return document(call(index, "search", "--json", word))["total"]


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder of articles, indexed in `index` beside it."""
    made = write_articles(tmp_path / "articles")
    document(call(tmp_path / "index", "rebuild", "--json", made))
    return made


def test_the_report_says_what_was_added_changed_and_removed(articles: Path, tmp_path: Path) -> None:
    naps = articles / "naps.txt"
    naps.write_text(naps.read_text().replace("three", "four"))
    (articles / "tea.txt").unlink()
    (articles / "milk.md").write_text("# Milk\n\nMilk has lime.\n")
    result = call(tmp_path / "index", "update", articles)
    first, *counts = result.stdout.splitlines()
    assert re.match("Generation 2-[0-9a-f]{12} is live: 4 articles, ", first)
    assert counts[:5] == ["  read     4", "  added    1", "  changed  1", "  removed  1", "  refused  0"]
    assert (found(tmp_path / "index", "four"), found(tmp_path / "index", "coffee OR milk")) == (1, 1)
    assert found(tmp_path / "index", "title:tea") == 0
    assert re.fullmatch("Generation 2-[0-9a-f]{12} is sound.\n", call(tmp_path / "index", "verify").stdout)


def test_the_json_report_has_the_shape_of_rebuild_s_and_more(articles: Path, tmp_path: Path) -> None:
    (articles / "naps.txt").write_text("")
    report = document(call(tmp_path / "index", "update", "--json", articles))
    counts = ["seconds", "bytes", "near_duplicates", "next_change"]
    shared = ["generation", "read", "indexed", "refused", "skipped", "noted", *counts]
    assert list(report) == [*shared, "added", "changed", "removed", "kept", "rebuilt"]
    assert (number_of(report["generation"]), report["indexed"], report["removed"]) == ("1", 4, 0)
    kept = report["kept"]
    assert isinstance(kept, list)
    assert [(item["source"], sorted(item)) for item in kept] == [("naps", ["reason", "source"])]


def test_where_nothing_has_changed_it_says_so_and_the_exit_code_is_zero(articles: Path, tmp_path: Path) -> None:
    result = call(tmp_path / "index", "update", articles)
    assert result.exit_code == 0
    assert re.match("Nothing has changed: generation 1-[0-9a-f]{12} stays live, 4 articles.\n", result.stdout)
    assert (tmp_path / "index" / "CURRENT").read_text() == "1\n"


def test_an_article_that_cannot_be_read_any_more_is_named_as_kept(articles: Path, tmp_path: Path) -> None:
    (articles / "naps.txt").write_text("")
    (articles / "tea.txt").unlink()
    lines = call(tmp_path / "index", "update", articles).stdout.splitlines()
    assert "  removed  1" in lines
    assert "  kept     1 (not in the sources any more; may be among the refused)" in lines
    assert any(line.startswith("    naps: ") for line in lines)
    assert found(tmp_path / "index", "nap") == 1


def test_the_first_update_is_a_rebuild_and_says_so(tmp_path: Path) -> None:
    lines = call(tmp_path / "index", "update", write_articles(tmp_path / "articles")).stdout.splitlines()
    assert re.match("Generation 1-[0-9a-f]{12} is live: 4 articles, ", lines[0])
    assert lines[1] == "Everything was indexed anew: there was no index yet."
    assert "  added    4" in lines


def test_another_analyzer_makes_it_a_rebuild_that_says_why(articles: Path, tmp_path: Path) -> None:
    settings = tmp_path / "harbor.toml"
    settings.write_text(f"index = '{tmp_path / 'index'}'\nanalyzer = 'simple'\n")
    result = CliRunner().invoke(program, ["--config", str(settings), "update", str(articles)])
    assert result.exit_code == 0
    assert "Everything was indexed anew: the index was analysed by english-" in result.stdout
    assert (tmp_path / "index" / "CURRENT").read_text() == "2\n"


def test_without_a_source_the_setting_corpus_is_read(articles: Path, tmp_path: Path) -> None:
    settings = tmp_path / "harbor.toml"
    settings.write_text(f"corpus = '{articles}'\nindex = '{tmp_path / 'index'}'\n")
    result = CliRunner().invoke(program, ["--config", str(settings), "update", "--json"])
    assert document(result)["read"] == 4


def test_a_source_that_is_not_there_is_the_callers_mistake(articles: Path, tmp_path: Path) -> None:
    result = call(tmp_path / "index", "update", tmp_path / "articels")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "articels" in result.stderr


def test_a_damaged_index_is_not_updated_and_the_cure_is_named(articles: Path, tmp_path: Path) -> None:
    (live,) = (tmp_path / "index" / "generations" / "1").glob("*.postings")
    live.write_bytes(live.read_bytes()[:-100])
    (articles / "tea.txt").unlink()
    result = call(tmp_path / "index", "update", articles)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "rebuild" in result.stderr
