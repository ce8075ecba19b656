"""A background thread that runs one call at a time, in order, and interpreter settings for a process that indexes.

Kernels, compression and writing release the interpreter lock, so that one process keeps its cores busy; the order makes
the result the same as without the thread.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

__all__ = ["BackgroundThread", "freeze_existing_objects", "short_switch_interval"]

_SWITCH_INTERVAL = 0.0001
"""Seconds: a fiftieth of the default, and still a hundred times what a switch takes."""


@contextmanager
def short_switch_interval() -> Iterator[None]:
    """Shorten the interpreter's thread switch interval.

    A thread that returns from a kernel waits that long for one that runs Python, some ten times per batch: with the
    default interval as long as the batch itself takes.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(min(before, _SWITCH_INTERVAL))
    try:
        yield
    finally:
        sys.setswitchinterval(before)


@contextmanager
def freeze_existing_objects() -> Iterator[None]:
    """Exclude existing objects from garbage collection (`gc.freeze`).

    A rebuild allocates so many objects that the collector would scan those of the program and its libraries again and
    again. Nothing is done if the program has frozen objects itself.
    """
    ours = gc.get_freeze_count() == 0
    if ours:
        gc.freeze()
    try:
        yield
    finally:
        if ours:
            gc.unfreeze()


class BackgroundThread:
    """Runs calls one after the other; `close` it at the end."""

    def __init__(self, name: str) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._running: Future[Any] | None = None

    def run(self, call: Callable[..., object], *arguments: Any) -> None:
        """Wait for the previous call, then start this one: so the arguments of at most two calls are in memory.

        Raises:
            Exception: what the previous call raised.
        """
        self.wait()
        self._running = self._executor.submit(call, *arguments)

    def wait(self) -> None:
        """Wait for the last call.

        Raises:
            Exception: what it raised.
        """
        if self._running is not None:
            running, self._running = self._running, None
            running.result()

    def close(self) -> None:
        """End the thread after the running call, which must not write to files that the caller may now remove."""
        self._executor.shutdown(wait=True, cancel_futures=True)
