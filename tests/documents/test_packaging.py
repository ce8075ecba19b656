"""What is installed: pinned versions, files beside the code, the version that the changelog tells of."""

from __future__ import annotations

import configparser
import re
import subprocess
from pathlib import Path, PurePath

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from harbor_search import __version__

ROOT = Path(__file__).parents[2]


def declared() -> list[Requirement]:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    texts = [setup["options"]["install_requires"], *setup["options.extras_require"].values()]
    lines = (line.strip() for text in texts for line in text.splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("%")]


def pinned() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pairs = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {canonicalize_name(name): version for name, version in pairs}


@pytest.mark.parametrize("requirement", declared(), ids=str)
def test_what_setup_cfg_asks_for_is_pinned_to_a_version_that_it_allows(requirement: Requirement) -> None:
    assert requirement.specifier.contains(pinned()[canonicalize_name(requirement.name)])


def test_every_file_beside_the_code_is_installed_with_it() -> None:
    tracked = subprocess.run(["git", "ls-files", "harbor_search"], cwd=ROOT, capture_output=True, text=True)
    if tracked.returncode != 0:
        pytest.skip("not a git checkout")
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    patterns = [
        f"{package.replace('.', '/')}/{pattern.strip()}"
        for package, listed in setup["options.package_data"].items()
        for pattern in listed.split(",")
    ]
    files = [name for name in tracked.stdout.splitlines() if not name.endswith(".py")]
    assert [name for name in files if not any(PurePath(name).match(pattern) for pattern in patterns)] == []


def test_the_changelog_tells_of_this_version() -> None:
    assert re.search(rf"^## \[{re.escape(__version__)}\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
