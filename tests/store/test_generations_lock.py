"""One writer at a time, and a dead one keeps nobody out."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from harbor_search.errors import OperationalError
from harbor_search.store import generations as package
from harbor_search.store.generations import Generations, WriterLock

from .generations_made import ended, in_child, kill, publish


@pytest.fixture
def generations(tmp_path: Path) -> Generations:
    made = Generations(tmp_path, keep=2)
    publish(made)
    publish(made)
    return made


def hold(generations: Generations, ready: int) -> None:
    with generations.stage():
        os.write(ready, b"x")
        threading.Event().wait()


def test_a_second_writer_is_refused_at_once_and_told_who_builds_since_when(generations: Generations) -> None:
    ready_in, ready_out = os.pipe()
    builder = in_child(lambda: hold(generations, ready_out))
    os.read(ready_in, 1)
    try:
        for write in (lambda: publish(generations), generations.rollback):
            with pytest.raises(OperationalError, match=r"another rebuild, update .* is running") as refused:
                write()
            assert f"(process {builder}, since 20" in str(refused.value)
            assert "UTC); wait until it has ended, or stop it" in str(refused.value)
        assert generations.live_name() == "2", "readers are not kept out"
    finally:
        kill(builder)
    assert publish(generations).name == "3", "a killed builder keeps nobody out"


def test_a_thread_of_the_same_process_is_refused_too(generations: Generations) -> None:
    with generations.stage(), pytest.raises(OperationalError, match=f"process {os.getpid()}"):
        generations.rollback()
    assert generations.rollback().name == "1"


def test_a_refused_writer_does_not_disturb_the_one_that_builds(generations: Generations, tmp_path: Path) -> None:
    with generations.stage() as staged:
        (staged.path / "terms.bin").write_bytes(b"x")
        with pytest.raises(OperationalError):
            publish(Generations(tmp_path, keep=2))
        staged.seal(articles=1, fingerprint="", extra={})
        assert staged.publish().verify() == ()


def test_what_a_dead_builder_wrote_about_itself_is_overwritten_whole(generations: Generations, tmp_path: Path) -> None:
    (tmp_path / "writer.lock").write_text('{"pid": 99999999999, "since": "2001-01-01T00:00:00+00:00", "more": "text"}')
    with generations.stage(), pytest.raises(OperationalError, match=rf"\(process {os.getpid()}, since 20[^0]"):
        generations.rollback()


@pytest.mark.parametrize("content", ["", "{}", "[1]", "garbage", '{"pid": 1, "since": "x"}', '{"pid": null}'])
def test_a_lock_file_without_a_readable_holder_still_refuses(
    generations: Generations, tmp_path: Path, content: str
) -> None:
    with generations.stage():
        (tmp_path / "writer.lock").write_text(content)
        with pytest.raises(OperationalError, match=r"is running; wait until it has ended"):
            generations.rollback()


def test_a_worker_that_outlives_its_killed_parent_does_not_hold_the_lock(generations: Generations) -> None:
    ready_in, ready_out = os.pipe()
    gate_in, gate_out = os.pipe()

    def build_with_worker() -> None:
        with generations.stage() as staged:
            worker = os.fork()
            if not worker:
                os.read(gate_in, 1)
                # Its parent is dead and its folder swept: writing fails, and must not reach the next build.
                with pytest.raises(FileNotFoundError):
                    (staged.path / "late.bin").write_bytes(b"late")
                os._exit(0)
            os.write(ready_out, b"x")
            threading.Event().wait()

    builder = in_child(build_with_worker)
    os.read(ready_in, 1)
    kill(builder)
    with generations.stage() as staged:
        os.write(gate_out, b"x")
        staged.seal(articles=0, fingerprint="", extra={})
        assert staged.publish().verify() == ()


def test_a_forked_worker_that_fails_leaves_the_build_to_its_parent(generations: Generations) -> None:
    with generations.stage() as staged:
        (staged.path / "terms.bin").write_bytes(b"x")

        def fail() -> None:
            # As the parent's own unwinding would, but in the worker.
            staged.close()

        assert ended(in_child(fail)) == 0
        staged.seal(articles=1, fingerprint="", extra={})
        assert staged.publish().verify() == ()


def test_worker_processes_of_a_build_do_not_lose_it_its_lock(generations: Generations, tmp_path: Path) -> None:
    with generations.stage():
        with multiprocessing.get_context("fork").Pool(2) as pool:
            assert pool.map(abs, [-1, -2]) == [1, 2]
        with pytest.raises(OperationalError, match="is running"):
            publish(Generations(tmp_path, keep=2))


def test_where_the_system_has_no_such_locks_the_package_imports_and_says_so() -> None:
    lock = Path(package.__file__).with_name("lock.py")
    program = (
        "import json, os, pathlib, runpy, sys, types, weakref, datetime, harbor_search.errors\n"
        "sys.platform = 'win32'; sys.modules['fcntl'] = None\n"
        f"lock = runpy.run_path({str(lock)!r})\n"
        "try:\n    lock['try_shared'](0)\n"
        "except harbor_search.errors.OperationalError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "needs the file locks of Linux, macOS or BSD" in done.stdout


def test_writers_wait_for_a_brief_holder_which_itself_waits_for_none(tmp_path: Path) -> None:
    path = tmp_path / "writer.lock"
    brief = WriterLock(path, brief=True)
    brief.__enter__()
    waiting = threading.Thread(target=lambda: WriterLock(path).__enter__())
    waiting.start()
    assert waiting.is_alive()
    brief.__exit__(None, None, None)
    waiting.join()
    with pytest.raises(OperationalError, match="is running"), WriterLock(path, brief=True):
        pass
