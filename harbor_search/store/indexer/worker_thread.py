"""Work that goes on beside the caller's, in a thread of its own, one call at a time and in order.

Kernels, compression and writing give the interpreter lock back, so that one process keeps its cores busy; the order
makes the result that of calling one after the other.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

__all__ = ["Background", "only_new_garbage", "short_turns"]

_TURN = 0.0001
"""Seconds: a fiftieth of what is usual, and still a hundred times what handing over takes."""


@contextmanager
def short_turns() -> Iterator[None]:
    """Have the threads of this process hand over the interpreter lock sooner.

    A thread that comes back from a kernel waits that long for one that runs Python, some ten times a batch: as long as
    the work of the batch takes.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(min(before, _TURN))
    try:
        yield
    finally:
        sys.setswitchinterval(before)


@contextmanager
def only_new_garbage() -> Iterator[None]:
    """Have the garbage collector look at objects made from now on alone.

    A rebuild makes so many that it would look at all that the program and its libraries are made of again and again. A
    program that has said so itself is left alone.
    """
    ours = gc.get_freeze_count() == 0
    if ours:
        gc.freeze()
    try:
        yield
    finally:
        if ours:
            gc.unfreeze()


class Background:
    """Runs calls, each when the one before it has ended; `close` in the end."""

    def __init__(self, name: str) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._running: Future[Any] | None = None

    def run(self, call: Callable[..., object], *arguments: Any) -> None:
        """Start a call once the one before it has ended, so that the arguments of two are held and no more.

        Raises:
            Exception: what the call before raised.
        """
        self.wait()
        self._running = self._executor.submit(call, *arguments)

    def wait(self) -> None:
        """Return when the last call has ended.

        Raises:
            Exception: what it raised.
        """
        if self._running is not None:
            running, self._running = self._running, None
            running.result()

    def close(self) -> None:
        """End the thread, after the call that runs: it must not write to files that the caller may now remove."""
        self._executor.shutdown(wait=True, cancel_futures=True)
