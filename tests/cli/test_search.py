"""`search` in the terminal."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
import termios
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner, Result

from harbor_search.cli.commands.search import SORTS
from harbor_search.cli.program import program
from harbor_search.compiled.folders import folders
from harbor_search.engines import Sort
from tests.cli.conftest import environment, run_program, write_articles


def call(index: Path, *arguments: str) -> Result:
    return CliRunner(env={"HARBOR_INDEX": None}).invoke(program, ["--index", str(index), "search", *arguments])


def titles(result: Result) -> list[str]:
    assert result.exit_code == 0, result.output
    return [hit["title"] for hit in json.loads(result.stdout)["hits"]]


def in_terminal(*arguments: str | Path, columns: int = 80, **variables: str) -> str:
    """What the program writes where standard output and error are a terminal."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(ours, (24, columns))
    process = subprocess.Popen(
        [sys.executable, "-m", "harbor_search", *map(str, arguments)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**environment(), "TERM": "xterm", **variables},
    )
    os.close(theirs)
    written = b""
    try:
        while chunk := os.read(ours, 65536):
            written += chunk
    except OSError:
        # The other side is closed.
        pass
    process.wait(timeout=300)
    os.close(ours)
    return written.decode().replace("\r\n", "\n")


def test_the_orders_offered_are_the_orders_that_requests_know() -> None:
    assert get_args(Sort) == SORTS


def test_words_need_no_quotes_and_the_best_article_comes_first(built: Path) -> None:
    result = call(built, "back", "at", "night")
    assert result.exit_code == 0
    assert "\n 1. When the back hurts at night\n" in result.stdout
    assert "    Health > Back | 2025-01-06 | " in result.stdout


def test_the_json_answer_has_the_shape_of_the_endpoint(built: Path) -> None:
    answer = json.loads(call(built, "--json", "iron").stdout)
    assert list(answer) == [
        *("query", "hits", "total", "total_relation", "page", "per_page", "total_pages", "facets"),
        *("facets_relation", "processing_time_ms", "partial", "applied", "generation", "query_id", "tiers"),
        "by_meaning",
        "did_you_mean",
    ]
    assert answer["total"] == 2
    assert {"id", "url", "title", "title_ranges", "section", "date", "score", "snippets"} <= set(answer["hits"][0])


def test_options_filter_sort_and_page(built: Path) -> None:
    assert titles(call(built, "--json", "night", "--section", "Health > Back")) == ["When the back hurts at night"]
    assert titles(call(built, "--json", "--sort", "views"))[0] == "When the back hurts at night"
    assert titles(call(built, "--json", "-n", "1", "--page", "2", "--sort", "views")) == ["Tea and iron"]
    assert titles(call(built, "--json", "iron", "--from", "2025-01-07")) == []
    assert len(titles(call(built, "--json", "iron", "--from", "2025-01-06", "--to", "2025-01-06"))) == 2
    assert titles(call(built, "--json", "--strict", "iron tea")) == ["Tea and iron"]


def test_a_quoted_query_keeps_its_signs(built: Path) -> None:
    assert titles(call(built, "--json", "iron -tea")) == ["Iron in everyday meals"]
    assert titles(call(built, "--json", '"tea and iron"')) == ["Tea and iron"]


def test_without_words_all_articles_are_listed(built: Path) -> None:
    assert call(built).stdout.startswith("4 articles\n")


def test_no_match_is_an_answer_not_an_error(built: Path) -> None:
    result = call(built, "xylophone")
    assert result.exit_code == 0
    assert "No article for: xylophone." in result.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["-n", "0", "x"], "must be a whole number from 1 to 100, not '0' (-n)"),
        (["--page", "x", "x"], "page must be a whole number"),
        (["--from", "yesterday", "x"], "must be a date such as 2025-01-31, not 'yesterday' (--from)"),
        (["--sort", "size", "x"], "'size' is not one of 'relevance', 'date', 'views'"),
        (["x" * 10_001], "at most 10000 are allowed (QUERY)"),
        (["-apnea"], "No such option"),
    ],
)
def test_a_value_that_cannot_be_is_the_callers_mistake(built: Path, arguments: list[str], told: str) -> None:
    result = call(built, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


@pytest.mark.parametrize("query", ['"', "((((", "AND OR", "title:", "*", "\x00", "\U0001f600", "-", "~~", "\x1b[31m"])
def test_whatever_is_typed_is_answered_with_nothing_that_steers_the_terminal(built: Path, query: str) -> None:
    result = call(built, "--", query)
    assert result.exit_code == 0, result.output
    assert "\x1b" not in result.stdout


def test_on_a_terminal_matches_are_styled_and_lines_fit(built: Path) -> None:
    text = in_terminal("--index", built, "search", "iron", columns=40)
    assert "\x1b[1mIron\x1b[0m" in text.replace("\x1b[33m", "")
    bare = [line for line in text.splitlines() if "\x1b" not in line]
    assert max(map(len, bare)) <= 40


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_a_terminal_that_wants_no_styles_gets_none(built: Path, variables: dict[str, str]) -> None:
    text = in_terminal("--index", built, "search", "iron", **variables)
    assert "Iron in everyday meals" in text
    assert "\x1b" not in text


def test_a_pipe_gets_no_styles_and_whole_lines(built: Path) -> None:
    result = run_program("--index", built, "search", "night", env={**environment(), "COLUMNS": "30"})
    assert "\x1b" not in result.stdout
    assert "A nap before three in the afternoon leaves the night alone." in result.stdout


def test_a_reader_who_leaves_early_causes_no_noise(built: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "harbor_search", "--index", str(built), "search", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.wait(timeout=300)
    process.stderr.close()


def test_on_a_terminal_a_rebuild_shows_how_far_it_is(tmp_path: Path) -> None:
    articles = write_articles(tmp_path / "articles")
    text = in_terminal("--index", tmp_path / "index", "rebuild", articles)
    assert "Indexing" in text
    assert "0/4" in text
    assert "left]" in text
    assert "Generation 1-" in text and " is live: 4 articles" in text


def test_a_search_that_has_to_compile_first_says_so_beside_its_answer(built: Path, tmp_path: Path) -> None:
    variables = {**environment(), "HARBOR_KERNEL_CACHE": str(tmp_path)}
    for folder in folders():
        for code in folder.glob("*.code"):
            # All but what looks words up, so that the test need not wait for the rest.
            if not code.name.startswith("store.postings.term_lookup."):
                shutil.copy(code, tmp_path)
    first = run_program("--index", built, "search", "--json", "iron", env=variables)
    assert {hit["id"] for hit in json.loads(first.stdout)["hits"]} == {"iron", "tea"}
    assert "the first time only" in first.stderr
    assert run_program("--index", built, "search", "--json", "iron", env=variables).stderr == ""


@pytest.mark.parametrize(
    ("words", "code"), [(("search", "iron"), 0), (("search", "--page", "0", "iron"), 2), (("search", "a" * 10_001), 2)]
)
def test_a_search_that_leaves_at_once_leaves_with_its_whole_answer_and_code(
    built: Path, words: tuple[str, ...], code: int
) -> None:
    within = CliRunner(env={"HARBOR_INDEX": None}).invoke(program, ["--index", str(built), *words])
    alone = run_program("--index", built, *words)
    assert (alone.returncode, alone.stdout, alone.stderr) == (code, within.stdout, within.stderr)


def test_a_search_without_a_standard_error_ends_well(built: Path) -> None:
    command = f"'{sys.executable}' -m harbor_search --index '{built}' search iron 2>&-"
    result = subprocess.run(["sh", "-c", command], env=environment(), capture_output=True, text=True, timeout=300)
    assert result.returncode == 0
    assert result.stdout.startswith("2 articles")


@pytest.mark.parametrize("options", ["", "--json"])
def test_output_that_cannot_be_written_is_one_line_or_none(built: Path, options: str) -> None:
    search = f"'{sys.executable}' -m harbor_search --index '{built}' search {options} iron"
    buffered = {name: value for name, value in environment().items() if name != "PYTHONUNBUFFERED"}
    for redirection, code, told in [
        (">&-", 1, "harbor-search: error: standard output is closed; to see nothing, send it to /dev/null\n"),
        (">/dev/full", 1, "harbor-search: error: [Errno 28] No space left on device\n"),
        ("| true", 0, ""),
        ("| head -n 1 >/dev/null", 0, ""),
    ]:
        result = subprocess.run(
            ["sh", "-c", f"{search} {redirection}"], env=buffered, capture_output=True, text=True, timeout=300
        )
        assert (result.returncode, result.stdout, result.stderr) == (code, "", told)


def test_explain_says_where_a_score_comes_from_and_what_would_rank_higher(built: Path) -> None:
    found = json.loads(call(built, "--json", "--explain", "iron tea").stdout)["hits"]
    ask = ["--index", str(built), "explain", "iron tea"]
    lacking = next(hit for hit in found if hit["lacks"])
    said = CliRunner().invoke(program, [*ask, lacking["id"]]).stdout
    assert f"of the results, with a score of {lacking['score']:.3f}" in said
    assert f"It lacks: {lacking['lacks'][0]}" in said
    document = json.loads(CliRunner().invoke(program, [*ask, found[0]["id"], "--json"]).stdout)
    assert document["explanation"] == found[0]["explanation"]
    unknown = CliRunner().invoke(program, [*ask, "nowhere"])
    assert unknown.exit_code == 2
    assert "there is no article with the id 'nowhere'" in unknown.stderr


def test_a_source_or_section_of_another_name_is_told_where_the_articles_are(tmp_path: Path) -> None:
    for name in ("blog", "news"):
        (tmp_path / name / "Food").mkdir(parents=True)
        (tmp_path / name / "Food" / "iron.md").write_text(f"# Iron\n\nGreens of {name}.\n")
    arguments = ["--index", str(tmp_path / "i"), "rebuild", f"blog={tmp_path / 'blog'}", f"news={tmp_path / 'news'}"]
    assert CliRunner().invoke(program, arguments).exit_code == 0
    told = call(tmp_path / "i", "iron", "--source", "blgo").stdout.splitlines()
    assert told[0] == "No article for: iron." and told[-1] == "Without --source there are articles in: blog, news."
    told = call(tmp_path / "i", "iron", "--section", "Fod").stdout.splitlines()
    assert told[-1] == "Without --section there are articles in: Food."
    assert "Without" not in call(tmp_path / "i", "zebras", "--source", "blog").stdout


def test_sections_that_have_articles_are_named_as_they_are_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a" / "Food" / "Minerals").mkdir(parents=True)
    (tmp_path / "a" / "Food" / "Minerals" / "iron.md").write_text("# Iron\n\nGreens.\n")
    assert CliRunner().invoke(program, ["--index", str(tmp_path / "i"), "rebuild", str(tmp_path / "a")]).exit_code == 0
    told = call(tmp_path / "i", "iron", "--section", "Minerals").stdout.splitlines()
    assert told[-1] == "Without --section there are articles in: Food, Food > Minerals."
    assert call(tmp_path / "i", "iron", "--section", "Food > Minerals").stdout.startswith("1 article")


def test_near_duplicates_that_are_results_of_their_own_are_not_offered_again(tmp_path: Path) -> None:
    text = " ".join(f"word{number}" for number in range(200))
    for name in ("a", "b"):
        (tmp_path / f"{name}.md").write_text(f"# Iron {name}\n\n{text}\n")
    assert CliRunner().invoke(program, ["--index", str(tmp_path / "i"), "rebuild", str(tmp_path)]).exit_code == 0
    assert "1 similar (--all-similar shows them)" in call(tmp_path / "i", "iron").stdout
    told = call(tmp_path / "i", "iron", "--all-similar").stdout
    assert told.startswith("2 articles") and "similar" not in told
