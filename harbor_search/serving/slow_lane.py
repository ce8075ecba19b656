"""The slow lane of a worker: dear requests, one after the other, in a thread that gives way to all others."""

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

QUEUE = 16
"""Requests that may wait: at some tens of milliseconds each, about the time that a client does."""

NICENESS = 10
"""How much the lane's thread yields the processor to those of cheap requests, of this worker and the others."""

WAITING = Gauge(
    "harbor_search_slow_lane_waiting", "Dear requests that wait or are being answered.", multiprocess_mode="livesum"
)
TURNED_AWAY = Counter("harbor_search_slow_lane_full", "Dear requests refused because too many waited.")


class SlowLane:
    """One thread and a bounded queue. Use it from the loop's thread only."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="slow-lane", initializer=_give_way)
        self._waiting = 0

    def run(self, work: Callable[[], Answer], send: Callable[[Answer], None], close: bool) -> None:
        """Have `work` done and `send` its answer, later, on the loop; a refusal at once where too many wait."""
        if self._waiting >= QUEUE:
            TURNED_AWAY.inc()
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


def _give_way() -> None:
    with suppress(OSError, AttributeError):  # where threads have no priority of their own
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
