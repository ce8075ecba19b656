"""The write lane of a worker: threads for writes, which wait for the disk, so that other requests need not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

from harbor_search.serving.wsgi import Answer, refusal

__all__ = ["CHANGING", "WriteLane"]

CHANGING = frozenset(("PUT", "POST", "PATCH", "DELETE"))
"""Methods that change something (RFC 9110, 9.2.1)."""

THREADS = 8
"""Writes that share one sync of the disk (group commit)."""

MAX_WAITING = 64
"""Further writes that may wait, some tens of milliseconds."""


class WriteLane:
    """A thread pool and a bounded queue; to be used from the event loop's thread only."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="write-lane")
        self._in_progress = 0

    def run(self, work: Callable[[], Answer], send: Callable[[Answer], None], close: bool) -> None:
        """Run `work` in the lane, then `send` its response on the event loop; refuse at once if the queue is full."""
        if self._in_progress >= THREADS + MAX_WAITING:
            detail = "Too many writes are waiting for the disk. Nothing was written; try again in a moment."
            send(refusal(HTTPStatus.SERVICE_UNAVAILABLE, detail, close, retry_after=1))
            return
        self._in_progress += 1
        future = asyncio.get_running_loop().run_in_executor(self._threads, work)
        future.add_done_callback(lambda done: self._finish(done.result(), send))

    def _finish(self, answer: Answer, send: Callable[[Answer], None]) -> None:
        self._in_progress -= 1
        send(answer)
