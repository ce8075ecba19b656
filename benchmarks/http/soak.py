"""A soak: hours of readers' questions while the index is updated every minute and rebuilt every ten."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from benchmarks.http.collection import Question, first_lines, questions, texts
from benchmarks.http.load import Measured, load
from benchmarks.http.ours import HarborSearch
from benchmarks.http.servers import Ask, own_memory

__all__ = ["Soaked", "soak"]

UPDATE_SECONDS, REBUILD_SECONDS = 60.0, 600.0
LOG = 4000
"""Questions of the log that is asked again and again; frequent ones more often (Zipf), as in every search log."""


@dataclass(frozen=True, slots=True)
class Soaked:
    """What came of a soak: one run of load after the other, and the server's memory after each."""

    runs: tuple[Measured, ...]
    memory: tuple[int, ...]
    changes: int

    def faults(self) -> list[str]:
        """What should not have happened, as sentences."""
        failed = sum(run.failed for run in self.runs)
        found = [f"{failed} requests failed"] if failed else []
        # The first third fills caches; after it, what grows is a leak.
        settled = self.memory[len(self.memory) // 3]
        if self.memory[-1] > settled * 1.2 + 20e6:
            found.append(f"memory grew from {settled / 1e6:.0f} to {self.memory[-1] / 1e6:.0f} MB")
        return found


def soak(source: Path, limit: int | None, seconds: float, folder: Path, say: Callable[[str], None]) -> Soaked:
    """Load on four connections for `seconds`, with updates and rebuilds beside it; short soaks have both as well.

    Raises:
        OSError: wrk or the server does not run.
    """
    articles = list(texts(source, limit))
    server = HarborSearch(folder / "harbor_search")
    asks = [server.search(each) for each in _log(questions(articles, 800))]
    over = threading.Event()
    try:
        server.start(source, limit, articles)
        lines = first_lines(source, limit)
        with ThreadPoolExecutor(1) as beside:
            changing = beside.submit(_change, server, lines, seconds, over)
            try:
                runs, held = _ask_until(time.monotonic() + seconds, server, asks, seconds, say)
            finally:
                over.set()
            return Soaked(tuple(runs), tuple(held), changing.result())
    finally:
        server.stop()


def _ask_until(
    ending: float, server: HarborSearch, asks: list[Ask], seconds: float, say: Callable[[str], None]
) -> tuple[list[Measured], list[int]]:
    runs: list[Measured] = []
    held: list[int] = []
    assert server.process is not None
    while (left := ending - time.monotonic()) > 0:
        runs.append(load(server.port, asks, 4, min(max(left, 1.0), max(seconds / 30, 2.0))))
        held.append(own_memory(server.process))
        say(f"{runs[-1].throughput:,.0f}/s, p99 {runs[-1].p99:.1f} ms, {held[-1] / 1e6:.0f} MB")
    return runs, held


def _log(distinct: list[Question]) -> list[Question]:
    weights = list(accumulate(1 / rank for rank in range(1, len(distinct) + 1)))
    return random.Random(7).choices(distinct, cum_weights=weights, k=LOG)


def _change(server: HarborSearch, lines: list[str], seconds: float, over: threading.Event) -> int:
    """Change the index again and again, each time without another hundredth of the articles; how often."""
    pause = min(UPDATE_SECONDS, seconds / 4)
    every = max(2, round(min(REBUILD_SECONDS, seconds / 2) / pause))
    source, changes = server.folder / "changing.jsonl", 0
    while not over.wait(pause):
        changes += 1
        left = [line for number, line in enumerate(lines) if number % 100 != changes % 100]
        source.write_text("".join(left), encoding="utf-8")
        command = "rebuild" if changes % every == 0 else "update"
        program = (sys.executable, "-m", "harbor_search", "--index", server.folder / "index", command, source)
        subprocess.run([str(each) for each in program], check=True, stdout=subprocess.DEVNULL)
    return changes
