"""An attack: what readers wait while others ask for all that is expensive, from addresses of their own."""

from __future__ import annotations

import http.client
import multiprocessing
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.http.collection import questions, texts
from benchmarks.http.ours import HarborSearch
from benchmarks.http.servers import own_memory

__all__ = ["Attacked", "attack", "expensive_queries"]

ATTACKERS = 20
READER = "127.0.0.1"
PAUSE = 0.02
"""Seconds between an answer and the reader's next question: fifty a second, as a busy site has."""

ROUND_TRIP = 0.02
"""Seconds that an answer and the next question of an attacker are on their way."""

MOST_RISE, MOST_MS = 1.5, 300.0
"""Of what readers wait at the 95th percentile, and of any of their answers."""


@dataclass(frozen=True, slots=True)
class Attacked:
    """Readers' waits in milliseconds, sorted, without and with attackers; what those got.

    `memory` is before them, when the server has read what they ask for, which it keeps within `cache_mb`, and after.
    """

    calm: tuple[float, ...]
    attacked: tuple[float, ...]
    failed: int
    statuses: dict[int, int]
    memory: tuple[int, int, int]

    def faults(self) -> list[str]:
        """What should not have happened, as sentences."""
        before, after = percentile(self.calm, 0.95), percentile(self.attacked, 0.95)
        found = [f"{self.failed} of the readers' requests failed"] if self.failed else []
        if after > before * MOST_RISE:
            found.append(f"readers' p95 rose from {before:.1f} to {after:.1f} ms")
        if self.attacked[-1] > MOST_MS:
            found.append(f"a reader waited {self.attacked[-1]:.0f} ms")
        _, settled, last = self.memory
        if last > settled * 1.05 + 5e6:
            found.append(f"memory grew from {settled / 1e6:.0f} to {last / 1e6:.0f} MB")
        return found

    def as_json(self) -> dict[str, Any]:
        """The figures as plain values."""
        figures = {
            name: {"answers": len(times)} | {f"p{p}": percentile(times, p / 100) for p in (50, 95, 99, 100)}
            for name, times in (("calm", self.calm), ("attacked", self.attacked))
        }
        return figures | {"attackers": self.statuses, "memory": list(self.memory), "faults": self.faults()}


def percentile(times: Sequence[float], share: float) -> float:
    """The time that this share of sorted `times` does not exceed."""
    return times[min(len(times) - 1, int(len(times) * share))]


def expensive_queries(words: Sequence[str]) -> list[str]:
    """What costs as much as one can ask for: wildcards, huge ORs, phrases of stop words, deep and large pages."""
    many = " OR ".join(words[:60])
    return [
        "/api/v1/search?" + urlencode(values)
        for values in (
            *({"q": f"{letters}*"} for letters in ("co", "st", "in", "re", "pr", "de")),
            {"q": " ".join(f"{letters}*" for letters in ("ca", "di", "me", "tr", "an", "ch", "pa", "su"))},
            {"q": many},
            {"q": many, "per_page": 100},
            {"q": '"of the" "in the" "to the" "and the" "is a" "for the"'},
            {"q": '"of the"~50 "and of"~50'},
            {"q": "+the +of +and +in +to", "per_page": 100, "page": 90},
            {"q": "the", "page": 1000},
            {"q": "", "page": 100, "per_page": 100},
            {"q": "helth~2 desease~2 tretment~2 diabtes~2"},
        )
    ]


def attack(source: Path, limit: int | None, seconds: float, folder: Path, say: Callable[[str], None]) -> Attacked:
    """Ask as readers for half of `seconds`, and for the other half beside `ATTACKERS`.

    Raises:
        OSError: the server does not run.
    """
    articles = list(texts(source, limit))
    server = HarborSearch(folder / "harbor_search", limited=True)
    asked = [server.search(each).path for each in questions(articles, 400)]
    words = [word for word in " ".join(each.body[:200] for each in articles[:200]).split() if word.isalpha()]
    expensive = expensive_queries(list(dict.fromkeys(words)))
    try:
        server.start(source, limit, articles)
        assert server.process is not None
        _read(server.port, asked, time.monotonic() + seconds / 10)  # what comes first fills caches
        say("readers alone")
        calm, _ = _read(server.port, asked, time.monotonic() + seconds / 2)
        say(f"readers and {ATTACKERS} attackers")
        return _beside_attackers(server, asked, expensive, seconds / 2, calm)
    finally:
        server.stop()


def _beside_attackers(
    server: HarborSearch, asked: list[str], expensive: list[str], seconds: float, calm: list[float]
) -> Attacked:
    assert server.process is not None
    port, held = server.port, [own_memory(server.process)]
    attacked: list[float] = []
    failed = 0
    # In a process of their own: what is measured is the server, and not one interpreter that asks for both.
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as others:
        pressing = others.submit(_press_together, port, expensive, seconds + 2)
        time.sleep(1)
        for share in (0.4, 0.6):
            times, faults = _read(port, asked, time.monotonic() + seconds * share)
            attacked, failed = attacked + times, failed + faults
            held.append(own_memory(server.process))
        return Attacked(
            tuple(sorted(calm)), tuple(sorted(attacked)), failed, pressing.result(), (held[0], held[1], held[2])
        )


def _press_together(port: int, expensive: list[str], seconds: float) -> dict[int, int]:
    """All attackers at once; how often they got which status."""
    ending, statuses = time.monotonic() + seconds, Counter[int]()
    attackers = [
        threading.Thread(target=_press, args=(port, f"127.0.0.{number + 2}", expensive, ending, statuses))
        for number in range(ATTACKERS)
    ]
    for each in attackers:
        each.start()
    for each in attackers:
        each.join()
    return dict(sorted(statuses.items()))


def _read(port: int, asked: list[str], ending: float) -> tuple[list[float], int]:
    """Ask one after the other until `ending`, on a kept connection; times in milliseconds, and how many failed."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=(READER, 0))
    times, failed, number = [], 0, 0
    while time.monotonic() < ending:
        begun = time.perf_counter()
        connection.request("GET", asked[number % len(asked)])
        answer = connection.getresponse()
        answer.read()
        times.append((time.perf_counter() - begun) * 1000)
        failed += answer.status != 200
        number += 1
        time.sleep(PAUSE)
    connection.close()
    return times, failed


def _press(port: int, address: str, expensive: list[str], ending: float, statuses: Counter[int]) -> None:
    """Ask for what is expensive, as fast as answers come over a network, from `address`."""
    order = random.Random(address)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=(address, 0))
    while time.monotonic() < ending:
        try:
            connection.request("GET", order.choice(expensive))
            answer = connection.getresponse()
            answer.read()
            statuses[answer.status] += 1
        except (OSError, http.client.HTTPException):
            statuses[0] += 1
            connection.close()
        time.sleep(ROUND_TRIP)
    connection.close()
