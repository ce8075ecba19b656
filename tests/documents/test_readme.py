"""What the pages tell people to type works."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click
import pytest

from harbor_search.cli.program import COMMANDS, program
from harbor_search.config_loading import load_settings
from harbor_search.web.localization import load_language
from harbor_search.web.theme import load_theme
from tests.support.pages_followed import commands, environment, is_shown

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "guides").glob("*.md")])
README = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def examples() -> list[tuple[str, str]]:
    """The README's commands, each with the output shown below it."""
    return [example for block in blocks("console") for example in commands(block)]


TERMINAL = [example for example in examples() if example[0].startswith("harbor-search")]
ENDPOINT = [example for example in examples() if example[0].startswith("curl")]


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample articles and an index of them, as the README's reader has it."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    call("harbor-search rebuild corpus", folder)
    return folder


def call(command: str, folder: Path) -> str:
    result = subprocess.run(
        command, shell=True, cwd=folder, env=environment(), capture_output=True, text=True, timeout=600
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.mark.parametrize(("command", "shown"), TERMINAL, ids=[command for command, _ in TERMINAL])
def test_a_command_of_the_readme_prints_what_the_readme_shows(command: str, shown: str, workplace: Path) -> None:
    printed = call(command, workplace)
    assert is_shown(shown, printed), printed


@pytest.fixture(scope="module")
def address(workplace: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "harbor_search", "serve", "--port", "0", "--workers", "1"]
    process = subprocess.Popen(command, cwd=workplace, env=environment(), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield process.stdout.readline().strip()
    process.terminate()
    process.communicate(timeout=60)


@pytest.mark.parametrize(("command", "shown"), ENDPOINT, ids=[command for command, _ in ENDPOINT])
def test_an_answer_of_the_endpoint_is_what_the_readme_shows(command: str, shown: str, address: str) -> None:
    found = re.search(r"'http://127\.0\.0\.1:8000(/[^']+)'", command)
    assert found
    with urllib.request.urlopen(address + found[1], timeout=60) as response:
        answer = json.load(response)
    assert shows(json.loads(shown), answer)


def shows(part: object, whole: object) -> bool:
    """Whether `part` is `whole`, shortened with `...`: at the end of a text or list, or in place of a value."""
    if part == "...":
        return True
    if isinstance(part, dict) and isinstance(whole, dict):
        return list(part) == list(whole) and all(shows(part[name], whole[name]) for name in part)
    if isinstance(part, list) and isinstance(whole, list):
        if part[-1:] == ["..."]:
            part, whole = part[:-1], whole[: len(part) - 1]
        return len(part) == len(whole) and all(map(shows, part, whole))
    if isinstance(part, str) and isinstance(whole, str) and part.endswith("..."):
        return whole.startswith(part[:-3])
    return part == whole


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_and_option_that_a_page_names_exists(page: Path) -> None:
    options = {name: known_options(name) for name in COMMANDS}
    general = set().union(*(parameter.opts for parameter in program.params), {"--help", "-h"})
    for call_ in re.findall(r"harbor-search((?: +[^\s`|>#();,]+)+)", page.read_text()):
        words = call_.split()
        while words and words[0].startswith("-"):
            assert words[0] in general, call_
            words = words[2:] if words[0] in ("--index", "--config") else words[1:]
        if words and words[0] in COMMANDS:
            named = {word for word in words[1:] if re.fullmatch(r"--?[a-z]+", word)}
            assert named <= options[words[0]] | {"--help"}, call_


def known_options(name: str) -> set[str]:
    command = program.get_command(click.Context(program), name)
    assert command is not None
    below = command.commands.values() if isinstance(command, click.Group) else ()
    return {option for each in (command, *below) for parameter in each.params for option in parameter.opts}


def test_the_settings_files_of_the_readme_are_some(tmp_path: Path) -> None:
    loaded = []
    for toml in blocks("toml"):
        file = tmp_path / "harbor.toml"
        file.write_text(toml)
        loaded.append(load_settings(file=file, environment={}))
    assert loaded[-1].site_name == "Example Health"
    look = replace(loaded[0], logo="")  # no such file here
    assert load_theme(look).css
    assert load_language(look).gettext("What would you like to know?") == "Wobei können wir helfen?"


def test_the_table_of_settings_has_the_defaults() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `HARBOR_(\w+)` \| (?:`(.*)`|empty) \|$", README, re.MULTILINE)
    settings = load_settings(environment={})
    assert len(rows) >= 7
    for name, variable, default in rows:
        assert (variable, str(getattr(settings, name))) == (name.upper(), default)


def test_the_make_targets_that_pages_name_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    for page in PAGES:
        named = set(re.findall(r"`make ([a-z]+)|^(?: {4})?make ([a-z]+)", page.read_text(), re.MULTILINE))
        assert {first or second for first, second in named} <= targets, page
    assert {"run", "test", "check", "bench", "help"} <= targets
