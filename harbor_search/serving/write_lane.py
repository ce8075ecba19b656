"""The write lane of a worker: requests that change something wait for the disk, and others not for them."""

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
"""Writes that wait for the disk together: what one sync of it makes last for all of them."""

QUEUE = 64
"""Further ones that may wait, some tens of milliseconds."""


class WriteLane:
    """Some threads and a bounded queue. Use it from the loop's thread only."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="write-lane")
        self._underway = 0

    def run(self, work: Callable[[], Answer], send: Callable[[Answer], None], close: bool) -> None:
        """Have `work` done and `send` its answer, later, on the loop; a refusal at once where too many wait."""
        if self._underway >= THREADS + QUEUE:
            detail = "Too many writes are waiting for the disk. Nothing was written; try again in a moment."
            send(refusal(HTTPStatus.SERVICE_UNAVAILABLE, detail, close, retry_after=1))
            return
        self._underway += 1
        future = asyncio.get_running_loop().run_in_executor(self._threads, work)
        future.add_done_callback(lambda done: self._finish(done.result(), send))

    def _finish(self, answer: Answer, send: Callable[[Answer], None]) -> None:
        self._underway -= 1
        send(answer)
