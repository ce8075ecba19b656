"""A worker that is ready has all the machine code that requests run, before an update and after it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from harbor_search.config import Settings
from harbor_search.engines.embedded import EmbeddedEngine
from tests.support.articles import IRON, collection, plain
from tests.support.generations import number_of


def quietly(stage: str, done: int, total: int | None) -> None:
    """No progress bar."""


def asked(worker: subprocess.Popen[str]) -> dict[str, Any]:
    assert worker.stdin and worker.stdout
    print("ask", file=worker.stdin, flush=True)
    report: dict[str, Any] = json.loads(worker.stdout.readline())
    return report


def test_no_request_to_a_worker_that_is_ready_waits_for_machine_code(tmp_path: Path) -> None:
    engine = EmbeddedEngine(Settings(index=tmp_path))
    engine.rebuild(collection(), quietly)
    command = [sys.executable, "-m", "tests.web.warm_worker", str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as worker:
        first = asked(worker)
        assert (first["ready"], number_of(first["generation"]), first["statuses"]) == (200, "1", [200])
        assert first["kernels"] > 20
        assert first["loaded"] == {}
        changed = [each._replace(title="Iron, again") if each == IRON else each for each in collection()[3:]]
        engine.update([*changed, plain("new", "New", "Iron and tea at night.")], lambda: None, quietly)
        updated = asked(worker)
        assert (number_of(updated["generation"]), updated["statuses"]) == ("2", [200])
        assert updated["loaded"] == {}, "the first requests after an update had to load these"
