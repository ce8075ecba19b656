"""The program as a whole: help, errors, completion."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from harbor_search import __version__
from harbor_search.cli.faults import errors_reported
from harbor_search.cli.program import COMMANDS, program
from harbor_search.errors import OperationalError, UserError

HEAVY = set("numpy numba whoosh trafilatura flask uvloop httptools tqdm lxml markdown_it zstandard".split())


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "harbor_search", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env={"PATH": "/usr/bin:/bin", **environment},
    )


@pytest.mark.parametrize("arguments", [["--help"], *([name, "--help"] for name in COMMANDS)], ids=" ".join)
def test_help_loads_no_library_of_the_engine_or_the_server(arguments: list[str]) -> None:
    script = (
        "import sys\nfrom harbor_search.cli import main\n"
        f"sys.argv = ['harbor-search', *{arguments!r}]\n"
        "try:\n    main()\nexcept SystemExit:\n    print('\\nLOADED', *sys.modules)\n"
    )
    output = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    loaded = set(output.stdout.rsplit("LOADED", 1)[1].split())
    assert not HEAVY & loaded


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_with_examples(name: str) -> None:
    result = CliRunner().invoke(program, [name, "--help"])
    assert result.exit_code == 0
    assert "Examples:" in result.stdout
    assert f"harbor-search {name}" in result.stdout


def test_the_list_of_commands_fits_a_terminal_without_cutting_a_sentence() -> None:
    result = CliRunner().invoke(program, ["--help"])
    listed = result.stdout.split("Commands:")[1]
    assert all(name in listed for name in COMMANDS)
    assert "..." not in listed


def test_the_version_is_the_packages() -> None:
    assert CliRunner().invoke(program, ["--version"]).stdout == f"harbor-search {__version__}\n"


def test_an_unknown_command_is_the_callers_mistake() -> None:
    result = CliRunner().invoke(program, ["serch"])
    assert result.exit_code == 2
    assert "No such command 'serch'" in result.stderr


def in_shell(command: str) -> subprocess.CompletedProcess[str]:
    command = command.replace("harbor-search", f"'{sys.executable}' -m harbor_search")
    return subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, timeout=60, env={"PATH": "/usr/bin:/bin"}
    )


@pytest.mark.parametrize(
    "arguments", ["--help", "--version", *COMMANDS, "search --help", "search --json iron", "rebuild ."]
)
def test_without_a_standard_output_nothing_is_done_but_saying_so(arguments: str, tmp_path: Path) -> None:
    """A file that is opened would get the number of standard output."""
    result = in_shell(f"harbor-search --index '{tmp_path / 'index'}' {arguments} >&-")
    assert result.returncode == 1
    assert result.stderr.startswith("harbor-search: error: standard output is closed")
    assert result.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
@pytest.mark.parametrize("arguments", ["--help", "search --help", "--version", "completion bash"])
def test_what_cannot_be_written_is_one_line_and_a_failure(arguments: str) -> None:
    result = in_shell(f"harbor-search {arguments} >/dev/full")
    assert result.returncode == 1
    assert result.stderr.startswith("harbor-search: error: [Errno 28]")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", ["--help", "search --help", "--version", "completion bash"])
def test_a_reader_that_leaves_early_hears_no_complaint(arguments: str) -> None:
    assert in_shell(f"(sleep 0.2; harbor-search {arguments}) | true").stderr == ""
    assert in_shell(f"harbor-search {arguments} | head -n 1").stderr == ""


def raising(error: BaseException) -> click.Command:
    @click.command()
    def command() -> None:
        with errors_reported():
            raise error

    return command


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (UserError("page must be 1", where="page"), 2, "harbor-search: error: page must be 1\n"),
        (
            UserError("there is no setting 'x'", where="x", choices=("index", "corpus")),
            2,
            "harbor-search: error: there is no setting 'x'; valid: index, corpus\n",
        ),
        (UserError("not a date", where="date_from"), 2, "harbor-search: error: not a date (--from)\n"),
        (OperationalError("the disk is full"), 1, "harbor-search: error: the disk is full\n"),
        (
            PermissionError(13, "Permission denied", "index"),
            1,
            "harbor-search: error: [Errno 13] Permission denied: 'index'\n",
        ),
        (OperationalError("a\x1b[2Jb"), 1, "harbor-search: error: a [2Jb\n"),
        (KeyboardInterrupt(), 130, "harbor-search: interrupted\n"),
        (BrokenPipeError(32, "Broken pipe"), 1, ""),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else None,
)
def test_an_error_is_one_line_on_standard_error_and_an_exit_code(error: BaseException, code: int, line: str) -> None:
    result = CliRunner().invoke(raising(error))
    assert (result.exit_code, result.stdout, result.stderr) == (code, "", line)


def test_a_setting_of_the_wrong_kind_names_where_it_was_set(tmp_path: Path) -> None:
    from_environment = run("search", "x", HARBOR_PORT="http")
    assert (from_environment.returncode, from_environment.stdout) == (2, "")
    assert "HARBOR_PORT: port must be a whole number, not 'http'" in from_environment.stderr
    file = tmp_path / "harbor.toml"
    file.write_text("prot = 80\n")
    from_file = run("--config", str(file), "search", "x")
    assert from_file.returncode == 2
    assert "there is no setting 'prot'" in from_file.stderr


@pytest.mark.parametrize(("shell", "sign"), [("bash", "complete -o"), ("zsh", "#compdef"), ("fish", "complete --")])
def test_completion_prints_the_script_of_each_shell(shell: str, sign: str) -> None:
    result = CliRunner().invoke(program, ["completion", shell])
    assert result.exit_code == 0
    assert sign in result.stdout
    assert "_HARBOR_SEARCH_COMPLETE" in result.stdout


def test_completion_answers_with_commands_and_options() -> None:
    def candidates(words: str, at: int) -> list[str]:
        result = run(_HARBOR_SEARCH_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=str(at))
        return [line.split(",")[1] for line in result.stdout.splitlines()]

    assert candidates("harbor-search re", 1) == ["rebuild", "restore"]
    assert "--section" in candidates("harbor-search search --", 2)
    assert candidates("harbor-search search --sort d", 3) == ["date"]


def test_settings_in_the_help_are_named_with_their_environment_variable() -> None:
    text = CliRunner().invoke(program, ["serve", "--help"]).stdout
    assert all(name in text for name in ("HARBOR_HOST", "HARBOR_PORT", "HARBOR_WORKERS"))


def test_json_is_utf8_whatever_the_locale() -> None:
    from harbor_search.cli.output import print_json

    @click.command()
    def command() -> None:
        print_json({"title": "naïve"})

    result = CliRunner(charset="latin-1").invoke(command)
    assert json.loads(result.stdout_bytes.decode()) == {"title": "naïve"}


def test_an_interrupt_while_a_class_is_made_has_the_exit_code_of_any_other(tmp_path: Path) -> None:
    """Python notes an interrupt of a source text that it runs, and a module would end by the signal whatever it says."""
    (tmp_path / "interrupted.py").write_text(
        "import sys\nfrom harbor_search.cli import main\nfrom harbor_search.cli.commands import stats\n"
        "stats.command.callback = lambda **_: exec('raise KeyboardInterrupt')\n"
        "sys.argv = ['harbor-search', 'stats']\nmain()\n"
    )
    command = [sys.executable, "-m", "interrupted"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (result.returncode, result.stdout, result.stderr) == (130, "", "harbor-search: interrupted\n")
