"""The examples run as their first lines say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from harbor_search import open_index

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"


def test_the_script_indexes_searches_and_updates(tmp_path: Path) -> None:
    script = EXAMPLES / "search_articles.py"
    result = subprocess.run([sys.executable, script, tmp_path / "index"], capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stderr
    assert "1 found for 'iron'\n  Tea and Iron: Black tea hinders the uptake of iron.\n1 changed\n" in result.stdout


def test_the_flask_site_has_a_box_that_leads_to_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_index(tmp_path / "index") as index:
        index.rebuild_from([ROOT / "corpus"])
    monkeypatch.setenv("HARBOR_INDEX", str(tmp_path / "index"))
    program = (
        "from flask_site import app; client = app.test_client(); import re;"
        "box = re.search('action=\"([^\"]+)\"', client.get('/').text)[1];"
        "print(box, client.get(box + '?q=tea+iron').text)"
    )
    shown = subprocess.run(
        [sys.executable, "-c", program], cwd=EXAMPLES, env=dict(os.environ), capture_output=True, text=True, timeout=300
    )
    assert shown.stdout.startswith("/find/search "), shown.stderr
    assert re.search(r"Do Tea and Coffee Block Iron|<mark>Tea</mark>", shown.stdout)


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.name)
def test_every_example_stands_in_the_list(example: Path) -> None:
    assert f"({example.name})" in (EXAMPLES / "README.md").read_text()
