"""A small collection of articles, its index, and the program as a process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PAGE = """HarborTest

Location:HOME > Health > {section} > content

{section}

{title}

January 06, 2025{section}{views}
{title} {beginning}

{title}

{text}
"""

ARTICLES = {
    "naps": ("Sleep", "Short naps and long nights", "A nap before three in the afternoon leaves the night alone."),
    "iron": ("Food", "Iron in everyday meals", "Lentils and dark greens bring iron to the plate."),
    "tea": ("Food", "Tea and iron", "Tea with a meal keeps some of its iron from the body."),
    "backs": ("Back", "When the back hurts at night", "A pillow between the knees takes strain off the back at night."),
}

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def write_articles(folder: Path, names: tuple[str, ...] = tuple(ARTICLES)) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(names):
        section, title, text = ARTICLES[name]
        page = PAGE.format(section=section, title=title, text=text, beginning=text[:20], views=100 + number)
        (folder / f"{name}.txt").write_text(page)
    return folder


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("HARBOR_")}


def run_program(*arguments: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    """The program as people call it, with no terminal."""
    command = [sys.executable, "-m", "harbor_search", *map(str, arguments)]
    given = {"capture_output": True, "text": True, "timeout": 120, "env": environment(), **options}
    return subprocess.run(command, check=False, **given)  # type: ignore[call-overload,no-any-return]


@pytest.fixture(scope="session")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_articles(tmp_path_factory.mktemp("collection") / "articles")


@pytest.fixture(scope="session")
def built(articles: Path) -> Path:
    """An index of `articles` that no test changes."""
    index = articles.parent / "index"
    result = run_program("--index", index, "rebuild", articles)
    assert result.returncode == 0, result.stderr
    return index
