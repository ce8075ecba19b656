"""The worker: one engine in a process of its own, told what to do by lines on standard input.

A request is one line of fields separated by tabs; the reply is one line of JSON. Programs in other languages that speak
these lines are workers too (`lucene/`).

    index    flat file, folder, threads, memory in MB   {"seconds", "cpu_seconds", "optimise_seconds", "peak_bytes"}
    open     folder                                     {}
    query    number, text in the engine's language      {}
    warm     workload, seconds                          {"runs"}: all queries, again and again
    time     number, workload, part, repeats, budget    {"ns": [...]}: part is "whole" or "parsed", budget in ns
    answer   number, k                                  {"hits": [[id, score], ...]}
    count    number                                     {"count"}

A request that fails is answered with {"error"}. Workloads are `top10`, `top100`, `top10_count`, `count` and the like.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from typing import Any

from benchmarks.documents import read_flat
from benchmarks.peers import engine_module_of
from benchmarks.protocol import Engine

__all__ = ["Session", "main", "peak_bytes"]

Action = Callable[[Any], Any]

_REHEARSAL = 1_000  # texts


class Session:
    """An engine and the queries it was given."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.texts: dict[int, str] = {}
        self.parsed: dict[int, Any] = {}

    def handle(self, request: str, *fields: str) -> dict[str, Any]:
        """The reply to one request."""
        handler = getattr(self, f"do_{request}", None)
        if handler is None:
            raise ValueError(f"no such request: {request!r}")
        reply: dict[str, Any] = handler(*fields)
        return reply

    def do_index(self, flat: str, folder: str, threads: str, memory_mb: str) -> dict[str, Any]:
        """Build and (with one thread: that index is searched later) optimise, both timed.

        A rehearsal on a few texts comes first, for what loads or compiles once.
        """
        with tempfile.TemporaryDirectory(dir=os.path.dirname(folder)) as rehearsal:
            self.engine.index(islice(read_flat(flat), _REHEARSAL), rehearsal, int(threads), int(memory_mb))
        start, cpu = time.perf_counter(), _cpu_seconds()
        self.engine.index(read_flat(flat), folder, int(threads), int(memory_mb))
        built, cpu = time.perf_counter(), _cpu_seconds() - cpu
        if int(threads) == 1:
            self.engine.optimise(folder)
        optimised = time.perf_counter()
        return {
            "seconds": built - start,
            "cpu_seconds": cpu,
            "optimise_seconds": optimised - built,
            "peak_bytes": peak_bytes(),
        }

    def do_open(self, folder: str) -> dict[str, Any]:
        """Open what was built."""
        self.engine.open(folder)
        return {}

    def do_query(self, number: str, text: str) -> dict[str, Any]:
        """Remember a query."""
        self.texts[int(number)] = text
        self.parsed[int(number)] = self.engine.parse(text)
        return {}

    def do_warm(self, workload: str, seconds: str) -> dict[str, Any]:
        """Run queries until time is up, at most three times each: nothing here compiles later than that."""
        action, end, runs = self._action(workload), time.perf_counter() + float(seconds), 0
        for _ in range(3):
            for text in self.texts.values():
                action(self.engine.parse(text))
                runs += 1
                if time.perf_counter() > end:
                    return {"runs": runs}
        return {"runs": runs}

    def do_time(self, number: str, workload: str, part: str, repeats: str, budget: str) -> dict[str, Any]:
        """Time one query after one untimed run; a run that alone exceeds the budget is a measurement itself."""
        text, action, parse = self.texts[int(number)], self._action(workload), self.engine.parse
        if part == "parsed":
            query = self.parsed[int(number)]
            return {"ns": _repeat(lambda: action(query), int(repeats), int(budget))}
        return {"ns": _repeat(lambda: action(parse(text)), int(repeats), int(budget))}

    def do_answer(self, number: str, k: str) -> dict[str, Any]:
        """What the engine finds."""
        return {"hits": self.engine.hits(self.engine.top(self.parsed[int(number)], int(k)))}

    def do_count(self, number: str) -> dict[str, Any]:
        """How many the engine finds."""
        return {"count": self.engine.count(self.parsed[int(number)])}

    def _action(self, workload: str) -> Action:
        if workload == "count":
            return self.engine.count
        k = int(workload.removeprefix("top").removesuffix("_count"))
        if workload.endswith("_count"):
            return lambda parsed: self.engine.top_counted(parsed, k)
        return lambda parsed: self.engine.top(parsed, k)


def _repeat(run: Callable[[], Any], repeats: int, budget_ns: int) -> list[int]:
    clock = time.perf_counter_ns
    start = clock()
    run()
    spent = clock() - start
    if spent > budget_ns:
        return [spent]
    taken: list[int] = []
    while len(taken) < repeats and spent < budget_ns:
        start = clock()
        run()
        taken.append(clock() - start)
        spent += taken[-1]
    return taken


def _cpu_seconds() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def peak_bytes() -> int:
    """The most memory this process and the largest of its finished children held.

    Where /proc says so, it is asked: getrusage also counts what the parent held when it started this process.
    """
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    try:
        with open("/proc/self/status", encoding="ascii") as lines:
            own = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return own + children


def main(name: str) -> None:
    """Serve requests about the peer `name` until standard input ends."""
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print must not mix with replies
    engine: Engine = engine_module_of(name).engine()
    session = Session(engine)
    for line in sys.stdin:
        try:
            reply = session.handle(*line.rstrip("\n").split("\t"))
        except Exception as error:  # a worker outlives what an engine cannot do: the harness reports it
            reply = {"error": f"{type(error).__name__}: {error}"}
        replies.write(json.dumps(reply) + "\n")
        replies.flush()


if __name__ == "__main__":
    main(sys.argv[1])
