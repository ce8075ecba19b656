"""Readers in other processes never miss a file, whatever a writer publishes and removes."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from harbor_search.store.generations import Generations

from .generations_made import ended, in_child, kill, publish

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="reads in forked processes")


def read_until(stop: Path, index: Path, log: Path) -> None:
    """Pin and read everything, again and again; leaves the names of the generations seen in `log`."""
    generations = Generations(index, keep=2)
    seen: list[str] = []
    while True:
        last = stop.exists()
        with generations.pin_live() as pin:
            faults = pin.generation.verify()
            assert faults == (), faults
            assert {path.name for path in pin.path.iterdir()} == {"terms.bin", "segment", "manifest.json"}
            if pin.name not in seen[-1:]:
                seen.append(pin.name)
                log.write_text(" ".join(seen))
        if last:
            break


@pytest.mark.parametrize("keep", [1, 2])
def test_no_reader_misses_a_file_while_many_generations_come_and_go(tmp_path: Path, keep: int) -> None:
    index, stop = tmp_path / "index", tmp_path / "stop"
    generations = Generations(index, keep=keep)
    publish(generations)
    logs = [tmp_path / f"reader{number}" for number in range(3)]
    readers = [in_child(lambda log=log: read_until(stop, index, log)) for log in logs]
    try:
        while not all(log.exists() and log.read_text() for log in logs):
            time.sleep(0.01)
        for _ in range(60):
            publish(generations)
    finally:
        stop.touch()
        codes = [ended(reader) for reader in readers]
    assert codes == [0, 0, 0]
    for log in logs:
        seen = [int(name) for name in log.read_text().split()]
        assert seen == sorted(seen), "a reader never goes back"
        assert (seen[0], seen[-1]) == (1, 61), "a reader follows without being opened anew"
    publish(generations)
    assert len(os.listdir(index / "generations")) == keep


def test_a_killed_reader_releases_its_pin(tmp_path: Path) -> None:
    generations = Generations(tmp_path / "index", keep=1)
    publish(generations)
    ready_in, ready_out = os.pipe()

    def hold() -> None:
        with generations.pin_live():
            os.write(ready_out, b"x")
            threading.Event().wait()

    reader = in_child(hold)
    os.read(ready_in, 1)
    publish(generations)
    assert sorted(os.listdir(tmp_path / "index" / "generations")) == ["1", "2"]
    kill(reader)
    publish(generations)
    assert os.listdir(tmp_path / "index" / "generations") == ["3"]


def test_threads_share_one_view_of_what_is_live(tmp_path: Path) -> None:
    generations = Generations(tmp_path, keep=2)
    publish(generations)
    done = threading.Event()
    faults: list[str] = []

    def look() -> None:
        last = 0
        while not done.is_set():
            name = int(generations.live_name())
            if name < last:
                faults.append(f"{name} after {last}")
            last = name

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(30):
        publish(generations)
    done.set()
    for thread in threads:
        thread.join()
    assert faults == []
    assert generations.live_name() == "31"


@pytest.mark.filterwarnings("error::ResourceWarning", "error::pytest.PytestUnraisableExceptionWarning")
def test_frequent_checks_do_not_leak_file_descriptors(tmp_path: Path) -> None:
    if not Path("/proc/self/fd").exists():
        pytest.skip("counts open files in /proc")
    generations = Generations(tmp_path, keep=2)
    publish(generations)
    generations.live_name()
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(10):
        publish(generations)
        generations.live_name()
        generations.pin_live().release()
    assert len(os.listdir("/proc/self/fd")) == before
