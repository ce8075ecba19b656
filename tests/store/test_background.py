"""Calls in the background give what calling one after the other gives."""

from __future__ import annotations

import gc
import threading
import time

import pytest

from harbor_search.store.inversion.worker_thread import BackgroundThread, freeze_existing_objects


def test_calls_run_in_order_and_one_at_a_time() -> None:
    background, done, running = BackgroundThread("test"), [], []

    def call(number: int) -> None:
        running.append(number)
        assert len(running) == 1
        time.sleep(0.001)
        running.clear()
        done.append(number)

    for number in range(20):
        background.run(call, number)
    background.wait()
    background.close()
    assert done == list(range(20))


def test_what_a_call_raises_reaches_the_caller_once() -> None:
    background = BackgroundThread("test")
    background.run(lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        background.run(print)
    background.wait()
    background.close()


def test_no_thread_is_left_behind() -> None:
    background, ended = BackgroundThread("left-behind"), threading.Event()
    background.run(lambda: (time.sleep(0.05), ended.set()))
    background.close()
    assert ended.is_set()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("left-behind")]


def test_existing_objects_are_excluded_from_garbage_collection() -> None:
    assert gc.get_freeze_count() == 0
    with freeze_existing_objects():
        assert gc.get_freeze_count() > 1000
    assert gc.get_freeze_count() == 0


def test_objects_that_the_program_has_frozen_stay_frozen() -> None:
    gc.freeze()
    try:
        with freeze_existing_objects():
            pass
        # Not compared with the count before: frozen objects that nobody uses any more leave it at any time.
        assert gc.get_freeze_count() > 1000
    finally:
        gc.unfreeze()
