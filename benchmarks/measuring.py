"""Timing queries on several engines side by side.

For each query every engine is asked in turn, and the whole set several times over, so that whatever else the machine
does falls on all alike. Of the runs of a query the fastest counts: everything else a machine does only adds to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.process import Worker, WorkerError
from benchmarks.protocol import Peer
from benchmarks.queries import Query

__all__ = ["WORKLOADS", "Effort", "Times", "hand_over", "known_workload", "measure"]

WORKLOADS = ("top10", "top100", "top10_count", "count", "top10_parsed")
"""What is measured unless asked otherwise: parsing and searching, as users call it, and searching alone."""

_PARSED = "_parsed"

Times = dict[str, dict[str, list[float | None]]]
"""Workload -> peer -> microseconds of each query, None where the engine cannot answer it."""


@dataclass(frozen=True)
class Effort:
    """How often and how long queries are repeated."""

    rounds: int = 3
    repeats: int = 5
    budget_ms: float = 50.0
    warm_seconds: float | None = None


def hand_over(workers: Mapping[str, Worker], peers: Mapping[str, Peer], queries: Sequence[Query]) -> None:
    """Give every worker those of the queries that it can answer, in its language."""
    for name, worker in workers.items():
        for number, query in enumerate(queries):
            text = peers[name].translate(query)
            if text is not None:
                worker.ask("query", number, text)


def measure(
    workers: Mapping[str, Worker],
    peers: Mapping[str, Peer],
    queries: Sequence[Query],
    workloads: Sequence[str],
    effort: Effort,
    progress: Callable[[str, int, int], None],
) -> Times:
    """Microseconds of every query in every workload on every engine; they were handed the queries before.

    A workload whose name ends in `_parsed` leaves the parsing out of the time.

    Raises:
        WorkerError: an engine failed on a query that it should be able to answer.
    """
    able = {name: [peers[name].translate(query) is not None for query in queries] for name in workers}
    times: Times = {}
    for workload in workloads:
        running = [name for name in workers if peers[name].counts or "count" not in workload]
        for name in running:
            seconds = peers[name].warm_seconds if effort.warm_seconds is None else effort.warm_seconds
            workers[name].ask("warm", workload.removesuffix(_PARSED), seconds)
        best = {name: [float("inf")] * len(queries) for name in running}
        for round_ in range(effort.rounds):
            for number in range(len(queries)):
                turn = (round_ + number) % len(running)
                for name in running[turn:] + running[:turn]:
                    if able[name][number]:
                        best[name][number] = min(best[name][number], _time(workers[name], number, workload, effort))
                progress(workload, round_ * len(queries) + number + 1, effort.rounds * len(queries))
        times[workload] = {n: [t if t != float("inf") else None for t in best[n]] for n in running}
    return times


def known_workload(name: str) -> bool:
    """Whether `name` is a workload, with or without `_parsed` at its end."""
    return name in WORKLOADS or name.removesuffix(_PARSED) in WORKLOADS


def _time(worker: Worker, number: int, workload: str, effort: Effort) -> float:
    part = "parsed" if workload.endswith(_PARSED) else "whole"
    budget = int(effort.budget_ms * 1e6)
    taken = worker.ask("time", number, workload.removesuffix(_PARSED), part, effort.repeats, budget)["ns"]
    if not taken:
        raise WorkerError(f"{worker.name}: no measurement of query {number}")
    return float(min(taken)) / 1000
