"""`rebuild` and its report; `rollback`, `stats` and `verify` after it."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harbor_search.cli.index_report import report_lines
from harbor_search.cli.program import program
from harbor_search.indexing import report_to_dict
from harbor_search.reports import IndexReport, Refusal
from tests.cli.conftest import environment, run_program, write_articles
from tests.support.generations import number_of


def call(index: Path, *arguments: str | Path) -> Result:
    return CliRunner(env={"HARBOR_INDEX": None}).invoke(program, ["--index", str(index), *map(str, arguments)])


def document(result: Result) -> dict[str, object]:
    assert result.exit_code == 0, result.output
    loaded: dict[str, object] = json.loads(result.stdout)
    return loaded


def test_the_report_says_what_was_read_indexed_and_refused_and_the_exit_code_is_zero(tmp_path: Path) -> None:
    articles = write_articles(tmp_path / "articles")
    (articles / "empty.txt").write_bytes(b"")
    (articles / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    result = call(tmp_path / "index", "rebuild", articles)
    assert result.exit_code == 0
    first, *counts = result.stdout.splitlines()
    assert re.match("Generation 1-[0-9a-f]{12} is live: 4 articles, ", first)
    assert counts[:2] == ["  read     5", "  indexed  4"]
    assert "  refused  1 (not in the index)" in counts
    assert any("empty.txt: " in line for line in counts)
    assert any("photo.jpg: " in line for line in counts)


def test_without_a_terminal_nothing_but_the_report_is_printed(tmp_path: Path) -> None:
    call(tmp_path / "index", "rebuild", write_articles(tmp_path / "articles"))  # the very first says that it compiles
    result = call(tmp_path / "index", "rebuild", write_articles(tmp_path / "articles"))
    assert result.stderr == ""


def test_the_json_report_has_the_documented_shape(tmp_path: Path) -> None:
    articles = write_articles(tmp_path / "articles")
    (articles / "empty.txt").write_bytes(b"")
    report = document(call(tmp_path / "index", "rebuild", "--json", articles))
    counts = ["seconds", "bytes", "near_duplicates", "next_change"]
    assert list(report) == ["generation", "read", "indexed", "refused", "skipped", "noted", *counts]
    assert (number_of(report["generation"]), report["read"], report["indexed"]) == ("1", 5, 4)
    refused = report["refused"]
    assert isinstance(refused, list)
    assert [sorted(item) for item in refused] == [["reason", "source"]]
    assert refused[0]["source"].endswith("empty.txt")


def test_without_a_source_the_setting_corpus_is_read(tmp_path: Path) -> None:
    articles = write_articles(tmp_path / "articles", ("naps",))
    settings = tmp_path / "harbor.toml"
    settings.write_text(f"corpus = '{articles}'\nindex = '{tmp_path / 'index'}'\n")
    result = CliRunner().invoke(program, ["--config", str(settings), "rebuild", "--json"])
    assert document(result)["indexed"] == 1


def test_an_empty_source_is_refused_and_not_the_current_folder(tmp_path: Path) -> None:
    (tmp_path / "tea.md").write_text("# Tea\n\nTea has tannins.")
    config = tmp_path / "harbor.toml"
    config.write_text(f"index = '{tmp_path / 'index'}'")
    cases: tuple[tuple[list[str], dict[str, str]], ...] = (
        (["rebuild", ""], {}),
        (["update", " "], {}),
        (["rebuild"], {"HARBOR_CORPUS": ""}),
        (["rebuild", str(tmp_path)], {"HARBOR_INDEX": ""}),
    )
    for arguments, variables in cases:
        result = CliRunner(env=variables).invoke(program, ["--config", str(config), *arguments])
        assert result.exit_code == 2, arguments
        assert "is empty" in result.stderr


def test_an_index_among_the_articles_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "tea.md").write_text("# Tea\n\nTea has tannins.")
    for _ in range(2):
        report = document(call(tmp_path / "index", "rebuild", tmp_path, "--json"))
        (tmp_path / "index" / "pins.txt").write_text("fluttering => palpitations")
        assert report["read"] == 1
        skipped = report["skipped"]
        assert isinstance(skipped, list)
        assert [each["reason"] for each in skipped] == ["it is the folder of an index"]


def test_a_source_that_is_not_there_is_the_callers_mistake(tmp_path: Path) -> None:
    result = call(tmp_path / "index", "rebuild", tmp_path / "articels")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "articels" in result.stderr


def test_a_source_without_articles_publishes_nothing_and_exits_with_one(tmp_path: Path) -> None:
    articles = write_articles(tmp_path / "articles")
    document(call(tmp_path / "index", "rebuild", "--json", articles))
    (tmp_path / "nothing").mkdir()
    result = call(tmp_path / "index", "rebuild", tmp_path / "nothing")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("harbor-search: error: ")
    assert number_of(document(call(tmp_path / "index", "search", "--json", "iron"))["generation"]) == "1"


def test_too_many_unreadable_articles_stop_the_rebuild_and_the_live_index_stays(tmp_path: Path) -> None:
    articles = write_articles(tmp_path / "articles")
    document(call(tmp_path / "index", "rebuild", "--json", articles))
    for number in range(20):
        (articles / f"broken{number}.txt").write_bytes(b"\x00\x01\x02")
    result = call(tmp_path / "index", "rebuild", articles)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "max_refused" in result.stderr
    assert number_of(document(call(tmp_path / "index", "search", "--json", "iron"))["generation"]) == "1"


def test_rollback_brings_the_generation_before_back_and_stats_shows_both(tmp_path: Path) -> None:
    articles = write_articles(tmp_path / "articles", ("naps", "iron"))
    index = tmp_path / "index"
    document(call(index, "rebuild", "--json", articles))
    write_articles(articles)
    document(call(index, "rebuild", "--json", articles))
    stats = document(call(index, "stats", "--json"))
    assert list(stats) == ["live", "kept", "details"]
    live, kept = stats["live"], stats["kept"]
    assert isinstance(live, dict)
    assert isinstance(kept, list)
    assert (number_of(live["generation"]), live["articles"]) == ("2", 4)
    assert [(number_of(each["generation"]), each["articles"]) for each in kept] == [("1", 2)]
    back = document(call(index, "rollback", "--json"))
    assert (number_of(back["generation"]), back["articles"]) == ("1", 2)
    assert document(call(index, "search", "--json", "tea"))["total"] == 0


def test_rollback_and_stats_speak_to_people_too(tmp_path: Path) -> None:
    articles = write_articles(tmp_path / "articles")
    index = tmp_path / "index"
    call(index, "rebuild", articles)
    call(index, "rebuild", articles)
    assert re.match("Live  2-[0-9a-f]{12}: 4 articles, ", call(index, "stats").stdout)
    assert re.search("\nKept  1-[0-9a-f]{12}: 4 articles, ", call(index, "stats").stdout)
    assert re.match("Generation 1-[0-9a-f]{12} is live again: 4 articles, ", call(index, "rollback").stdout)


def test_rollback_without_a_generation_before_is_refused(built: Path) -> None:
    result = call(built, "rollback")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("harbor-search: error: ")


def test_verify_of_a_sound_index_exits_with_zero(built: Path) -> None:
    assert re.fullmatch("Generation 1-[0-9a-f]{12} is sound.\n", call(built, "verify").stdout)
    verified = document(call(built, "verify", "--json"))
    assert (number_of(verified["generation"]), verified["faults"]) == ("1", [])


def test_verify_names_a_damaged_file_and_exits_with_one(tmp_path: Path) -> None:
    index = tmp_path / "index"
    call(index, "rebuild", write_articles(tmp_path / "articles"))
    files = (
        file for file in (index / "generations" / "1").rglob("*") if file.is_file() and "manifest" not in file.name
    )
    victim = max(files, key=lambda file: file.stat().st_size)
    victim.chmod(0o600)
    damaged = bytearray(victim.read_bytes())
    damaged[len(damaged) // 2] ^= 0xFF
    victim.write_bytes(damaged)
    result = call(index, "verify")
    assert result.exit_code == 1
    assert victim.name in result.stdout
    assert "rollback" in result.stdout
    as_json = call(index, "verify", "--json")
    assert as_json.exit_code == 1
    assert json.loads(as_json.stdout)["faults"]


@pytest.mark.parametrize("command", [["search", "iron"], ["stats"], ["verify"], ["rollback"]], ids=" ".join)
def test_before_the_first_rebuild_every_command_names_the_cure(tmp_path: Path, command: list[str]) -> None:
    result = call(tmp_path / "index", *command)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "rebuild" in result.stderr


def refusals(count: int) -> tuple[Refusal, ...]:
    return tuple(Refusal(f"a{number}.txt", "empty") for number in range(count))


def test_a_long_list_of_refusals_is_cut_for_people_and_whole_in_json() -> None:
    report = IndexReport("1", 30, 5, refusals(25), (), (), 1.0, 1000)
    lines = report_lines(report)
    assert "    a19.txt: empty" in lines
    assert "    a20.txt: empty" not in lines
    assert "    and 5 more (--json names all)" in lines
    assert len(report_to_dict(report)["refused"]) == 25


def test_a_file_name_cannot_steer_the_terminal() -> None:
    report = IndexReport("1", 1, 0, (Refusal("\x1b[2Ja.txt", "\x07bad"),), (), (), 1.0, 1000)
    assert not {"\x1b", "\x07"} & set("".join(report_lines(report)))


def test_index_and_config_come_from_the_environment_too(tmp_path: Path) -> None:
    articles = write_articles(tmp_path / "articles")
    index = tmp_path / "elsewhere"
    result = CliRunner(env={"HARBOR_INDEX": str(index)}).invoke(program, ["rebuild", str(articles)])
    assert result.exit_code == 0
    assert (index / "CURRENT").exists()


def test_module_and_program_are_the_same(built: Path) -> None:
    assert run_program("--index", built, "verify").stdout.startswith("Generation 1-")


def test_ctrl_c_stops_a_rebuild_quietly_and_the_live_index_stays(tmp_path: Path) -> None:
    index = tmp_path / "index"
    document(call(index, "rebuild", "--json", write_articles(tmp_path / "articles")))
    many = tmp_path / "many.jsonl"
    with many.open("w") as lines:
        for number in range(100_000):
            lines.write(
                json.dumps({"id": str(number), "title": f"Number {number}", "text": f"words {number} " * 20}) + "\n"
            )
    process = subprocess.Popen(
        [sys.executable, "-m", "harbor_search", "--index", str(index), "rebuild", str(many)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    while process.poll() is None and not any((index / "staging").glob("*/*")):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=300)
    assert (process.returncode, output, errors) == (130, "", "harbor-search: interrupted\n")
    assert number_of(document(call(index, "search", "--json", "iron"))["generation"]) == "1"


def test_a_rebuild_that_is_stopped_still_gives_scripts_its_report(tmp_path: Path) -> None:
    """`--json` prints one document whatever happens; without a generation, and with every refusal until then."""
    (tmp_path / "articles").mkdir()
    for number in range(12):
        (tmp_path / "articles" / f"e{number:02}.txt").touch()
    result = call(tmp_path / "index", "rebuild", "--json", tmp_path / "articles")
    report = json.loads(result.stdout)
    assert (result.exit_code, report["generation"], report["indexed"]) == (1, None, 0)
    assert len(report["refused"]) >= 11
    assert all(each["reason"] for each in report["refused"])


def test_the_report_says_when_the_same_sources_will_hold_other_articles(tmp_path: Path) -> None:
    articles = write_articles(tmp_path / "articles", ("naps",))
    (articles / "later.md").write_text("---\npublishDate: 2999-02-03\n---\n\nText.\n")
    (articles / "ends.jsonl").write_text('{"text": "Text.", "expires": "2998-01-02T10:00:00Z"}\n')
    report = document(call(tmp_path / "index", "rebuild", "--json", articles))
    assert (report["indexed"], report["next_change"]) == (2, "2998-01-02T10:00:00+00:00")
    (articles / "ends.jsonl").unlink()
    told = call(tmp_path / "index", "update", articles).stdout
    assert "  next     2999-02-03 00:00 (an article is published or expires then)\n" in told


@pytest.mark.parametrize(
    ("zone", "moment"), [("Asia/Tokyo", "9999-12-31T23:59:59Z"), ("America/Los_Angeles", "9999-12-31 23:59:59")]
)
def test_an_article_that_expires_on_the_last_day_of_the_calendar_is_indexed_wherever_that_is_another_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str, moment: str
) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "ends.jsonl").write_text(f'{{"text": "Text.", "expires": "{moment}"}}\n')
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        told = call(tmp_path / "index", "rebuild", tmp_path / "articles")
    finally:
        monkeypatch.undo()
        time.tzset()
    assert (told.exit_code, told.exception) == (0, None)
    assert "  indexed  1\n" in told.stdout
