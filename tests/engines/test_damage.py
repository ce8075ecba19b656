"""A damaged index gives an error that says so, or right answers; never a crash, never a traceback."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

from harbor_search.config import Settings
from harbor_search.engines.embedded import EmbeddedEngine
from tests.support.articles import collection

ROUNDS = 120


def test_files_damaged_anywhere_neither_crash_nor_escape_as_other_exceptions(tmp_path: Path) -> None:
    with closing(EmbeddedEngine(Settings(index=tmp_path / "index"))) as engine:
        engine.rebuild(list(collection()), lambda *_: None)
    command = [sys.executable, "-m", "tests.engines.damage", str(tmp_path / "index"), str(tmp_path / "work")]
    done = subprocess.run([*command, str(ROUNDS), "1"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-6000:]
