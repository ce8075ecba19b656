"""A rebuild by two processes: the same bytes, the same errors, and nothing left behind whoever is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from harbor_search.analysis import get_analyzer
from harbor_search.article import Article
from harbor_search.errors import OperationalError
from harbor_search.store import SegmentWriter
from harbor_search.store.inversion import text_writer
from harbor_search.store.inversion.worker_process import WorkerProcess
from harbor_search.store.segment import writer as segment_writer
from tests.support.shared import medquad

_PROC = Path("/proc/self/task")

WAIT = 300
"""Seconds until a process is given up: the first may have to compile all kernels, on a busy machine."""


class _Waiting(WorkerProcess):
    """Hands over at the first chance, so that what a test sees does not depend on how fast a process starts."""

    def is_ready(self, wait: float | None = 0) -> bool:
        return super().is_ready(None)


def _write(folder: Path, articles: list[Article], processes: int, memory: int = 10**9) -> dict[str, bytes]:
    folder.mkdir()
    writer = SegmentWriter(folder, "segment", get_analyzer("english"), memory, processes)
    try:
        for first in range(0, len(articles), 50):
            writer.add(articles[first : first + 50])
        writer.finish()
    finally:
        writer.close()
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harbor_search.store.inversion.worker_process.WorkerProcess", _Waiting)
    monkeypatch.setattr(segment_writer, "BATCHES_BEFORE_WORKER", 2)


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("memory", [10**9, 0])
def test_two_processes_write_the_same_bytes_as_one_in_one_part_or_in_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, memory: int
) -> None:
    articles = medquad(600)
    alone = _write(tmp_path / "one", articles, 1)
    monkeypatch.setattr(text_writer, "MIN_POSTINGS_BYTES", 0)
    assert _write(tmp_path / "two", articles, 2, memory) == alone


def test_few_articles_are_written_by_one_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment_writer, "start_process", lambda _: pytest.fail("a process was started"))
    _write(tmp_path / "few", medquad(66), 2)


def test_where_no_process_can_be_started_one_does_it_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    articles = medquad(200)
    alone = _write(tmp_path / "one", articles, 1)
    monkeypatch.setattr(segment_writer, "BATCHES_BEFORE_WORKER", 1)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert _write(tmp_path / "two", articles, 2) == alone


@pytest.mark.usefixtures("at_once")
def test_a_process_that_ends_before_it_is_ready_is_not_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    articles = medquad(200)
    alone = _write(tmp_path / "one", articles, 1)
    monkeypatch.setattr("harbor_search.store.inversion.worker_process._PROGRAM", "import os; os._exit(3)")
    assert _write(tmp_path / "two", articles, 2) == alone


@pytest.mark.usefixtures("at_once")
def test_errors_of_the_second_process_are_those_of_one(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    writer = SegmentWriter(tmp_path / "index", "segment", get_analyzer("english"), processes=2)
    for article in medquad(3):
        writer.add([article])
    (tmp_path / "index" / "segment.postings").mkdir()
    with pytest.raises(FileExistsError, match=r"segment\.postings"):
        writer.finish()
    writer.close()


@pytest.mark.usefixtures("at_once")
def test_a_process_that_is_killed_is_named_with_a_cure(tmp_path: Path) -> None:
    writer = SegmentWriter(tmp_path, "segment", get_analyzer("english"), processes=2)
    for article in medquad(3):
        writer.add([article])
    writer._analysing.wait()
    assert writer._worker
    writer._worker._process.kill()
    with pytest.raises(OperationalError, match=r"ended by signal 9; .*memory_mb.* index_processes to 1"):
        for article in medquad(3):
            writer.add([article])
        writer.finish()
    writer.close()


_REBUILD = """
import sys, time
from itertools import count, islice
from pathlib import Path
from harbor_search.article import Article, Section
from harbor_search.config import Settings
from harbor_search.engines.embedded import EmbeddedEngine, segment_building
from harbor_search.store.segment import writer as segment_writer

def articles(most):
    for number in islice(count(), most):
        words = " ".join(f"word{number * each % 4999}" for each in range(60))
        yield Article(f"a{number}", f"Title {number}", (Section("", "", words),))
        if number % 1000 == 0:
            time.sleep(0.02)
            print(number, flush=True)

processes, most = map(int, sys.argv[2:])
segment_building._BATCH_CHARACTERS, segment_writer.BATCHES_BEFORE_WORKER = 20_000, 1
engine = EmbeddedEngine(Settings(index=Path(sys.argv[1]), index_processes=processes))
try:
    engine.rebuild(articles(most or None), lambda *_: None)
except BaseException as error:
    print(type(error).__name__, error, file=sys.stderr)
    sys.exit(3)
"""


def _started(index: Path, processes: int, most: int = 0) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _REBUILD, str(index), str(processes), str(most)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


def _at_work(rebuild: subprocess.Popen[str], processes: int) -> list[int]:
    """Wait until a rebuild without end is well under way; its children."""
    assert rebuild.stdout
    children: list[int] = []
    for _ in rebuild.stdout:
        children = _children(rebuild.pid)
        if len(children) == processes - 1 and all(map(_has_taken_over, children)):
            break
    return children


def _has_taken_over(pid: int) -> bool:
    """Whether a process writes the spans: until then the rebuild goes on without it."""
    opened = Path(f"/proc/{pid}/fd")
    try:
        return any(os.readlink(opened / each).endswith(".spans") for each in os.listdir(opened))
    except FileNotFoundError:  # closed since it was listed
        return False


def _is_alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def _gone(pids: list[int]) -> bool:
    for _ in range(500):
        if not any(map(_is_alive, pids)):
            return True
        time.sleep(0.01)
    return False


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "index"


def _require_unpublished(index: Path) -> None:
    assert not (index / "CURRENT").exists()
    assert not (index / "generations").exists() or not os.listdir(index / "generations")


def _require_next_succeeds(index: Path) -> None:
    """A later rebuild publishes and clears what was left."""
    following = _started(index, 1, 50)
    assert following.wait(WAIT) == 0, following.stderr and following.stderr.read()
    assert os.listdir(index / "staging") == []
    assert len(os.listdir(index / "generations")) == 1


@pytest.mark.skipif(not _PROC.exists(), reason="children are found in /proc")
@pytest.mark.parametrize("processes", [1, 2])
def test_an_interrupted_rebuild_leaves_nothing(index: Path, processes: int) -> None:
    rebuild = _started(index, processes)
    children = _at_work(rebuild, processes)
    rebuild.send_signal(signal.SIGINT)
    _, told = rebuild.communicate(timeout=WAIT)
    assert (rebuild.returncode, told.split()) == (3, ["KeyboardInterrupt"])
    assert not any(map(_is_alive, children))
    assert os.listdir(index / "staging") == []
    _require_unpublished(index)
    _require_next_succeeds(index)


@pytest.mark.skipif(not _PROC.exists(), reason="children are found in /proc")
@pytest.mark.parametrize("processes", [1, 2])
def test_a_rebuild_that_is_killed_takes_its_second_process_along(index: Path, processes: int) -> None:
    rebuild = _started(index, processes)
    children = _at_work(rebuild, processes)
    rebuild.kill()
    rebuild.communicate(timeout=WAIT)
    assert _gone(children)
    _require_unpublished(index)
    _require_next_succeeds(index)


@pytest.mark.skipif(not _PROC.exists(), reason="children are found in /proc")
def test_a_rebuild_whose_second_process_is_killed_says_so_and_leaves_nothing(index: Path) -> None:
    rebuild = _started(index, 2)
    for child in _at_work(rebuild, 2):
        os.kill(child, signal.SIGKILL)
    _, told = rebuild.communicate(timeout=WAIT)
    assert rebuild.returncode == 3
    assert "OperationalError the second indexing process ended by signal 9" in told
    assert os.listdir(index / "staging") == []
    _require_unpublished(index)
    _require_next_succeeds(index)
