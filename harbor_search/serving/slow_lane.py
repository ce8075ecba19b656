"""The slow lane of a worker: expensive requests run one after the other in a low-priority thread."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http import HTTPStatus

from prometheus_client import Counter, Gauge

from harbor_search.serving.wsgi import Answer, refusal

__all__ = ["SlowLane"]

MAX_WAITING = 16
"""Requests that may wait: at some tens of milliseconds each, about as long as a client waits."""

NICENESS = 10
"""Niceness of the lane's thread, so that cheap requests of all workers take precedence."""

WAITING = Gauge(
    "harbor_search_slow_lane_waiting",
    "Expensive requests waiting or being answered.",
    multiprocess_mode="livesum",
)
REJECTED = Counter("harbor_search_slow_lane_full", "Expensive requests refused because too many waited.")


class SlowLane:
    """One thread and a bounded queue; to be used from the event loop's thread only."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="slow-lane", initializer=_lower_priority)
        self._waiting = 0

    def run(self, work: Callable[[], Answer], send: Callable[[Answer], None], close: bool) -> None:
        """Run `work` in the lane, then `send` its response on the event loop; refuse at once if the queue is full."""
        if self._waiting >= MAX_WAITING:
            REJECTED.inc()
            detail = "Too many long searches are waiting. Fewer or rarer words help, or try again in a little while."
            send(refusal(HTTPStatus.SERVICE_UNAVAILABLE, detail, close, retry_after=2))
            return
        self._count(1)
        future = asyncio.get_running_loop().run_in_executor(self._thread, work)
        future.add_done_callback(lambda done: self._finish(done.result(), send))

    def _finish(self, answer: Answer, send: Callable[[Answer], None]) -> None:
        self._count(-1)
        send(answer)

    def _count(self, more: int) -> None:
        self._waiting += more
        WAITING.set(self._waiting)


def _lower_priority() -> None:
    with suppress(OSError, AttributeError):  # on systems without priorities of threads
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
