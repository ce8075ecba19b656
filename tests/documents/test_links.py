"""Links between the project's pages lead somewhere."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(```+).*?^\1", re.MULTILINE | re.DOTALL)
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("[!.]*/README.md")])


def anchors(page: Path) -> set[str]:
    """The anchors that a page's headings get where it is shown."""
    text = FENCE.sub("", page.read_text())
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_to_a_file_and_a_heading_that_exist(page: Path) -> None:
    broken = []
    for target in LINK.findall(FENCE.sub("", page.read_text())):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path) if path else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("page", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_paths_that_a_page_names_exist(page: str) -> None:
    named = re.findall(
        r"`((?:harbor_search|tests|docs|benchmarks|corpus|index|\.ci)/[\w./-]*)`", (ROOT / page).read_text()
    )
    made = ("index/CURRENT", "index/generations")
    missing = [name for name in named if not name.startswith(made) and not (ROOT / name).exists()]
    assert missing == []
    assert named


def test_the_top_level_holds_what_the_readme_says() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if tracked.returncode != 0:
        pytest.skip("not a git checkout")
    folders = {name.split("/")[0] for name in tracked.stdout.splitlines() if "/" in name}
    assert folders == {".ci", "benchmarks", "corpus", "deploy", "docs", "examples", "harbor_search", "index", "tests"}


def test_architecture_says_where_to_change_what_and_is_read_in_minutes() -> None:
    page = ROOT / "ARCHITECTURE.md"
    text = page.read_text()
    assert len(text.encode()) <= 10_240
    table = text.partition("## I want to change ...")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (?!what \||---)([^|]+) \| ([^|]+) \|$", table, re.MULTILINE)
    assert len(rows) >= 25
    for what, where in rows:
        paths = re.findall(r"`([^`]+)`", where)
        assert paths, what
        assert [path for path in paths if not (ROOT / path).exists()] == []
