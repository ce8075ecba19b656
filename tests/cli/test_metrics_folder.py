"""Folders of metrics: removed by the server, or by the next one where it was killed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harbor_search.cli.metrics_folder import metrics_folder

HOLD = """
import sys
from harbor_search.cli.metrics_folder import metrics_folder
with metrics_folder() as folder:
    print(folder, flush=True)
    sys.stdin.read()
"""


def start(parent: Path) -> tuple[subprocess.Popen[str], Path]:
    """A process that has a folder until it is told to end, and the folder, made to look an hour old."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD],
        env=os.environ | {"TMPDIR": str(parent)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    folder = Path(process.stdout.readline().strip())
    hour_ago = folder.stat().st_mtime - 3600
    os.utime(folder, (hour_ago, hour_ago))
    return process, folder


def test_a_folder_goes_with_its_server_or_with_the_next_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "harbor-search-metrics-of-somebody").mkdir()
    killed, abandoned = start(tmp_path)
    ended, removed = start(tmp_path)
    living, kept = start(tmp_path)
    try:
        ended.communicate("")
        assert abandoned.exists()
        assert not removed.exists()
        killed.kill()
        killed.wait()
        with metrics_folder() as own:
            assert own.is_dir()
            assert not abandoned.exists()
            assert kept.exists()
        assert not own.exists()
    finally:
        for each in (killed, living):
            each.kill()
            each.communicate()
