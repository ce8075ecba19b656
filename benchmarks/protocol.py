"""What a peer is: how the harness finds it, and what its worker process can do.

A peer has two sides. `Peer` is what the harness knows without importing the engine: whether it is installed, how a
query is written in its language, which command starts its worker. `Engine` is what runs inside the worker (`worker.py`,
or a program of another language that speaks the same lines), alone in its process, so that engines share neither caches
nor an interpreter lock and peak memory is each one's own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from benchmarks.queries import Query

__all__ = ["Engine", "Peer", "PeerUnavailable", "Text", "python_worker"]

Text = tuple[str, ...]
"""A document's columns: its id and text, or what `fielded` documents have."""


class PeerUnavailable(Exception):
    """A peer that was asked for cannot run here; the message says why and what would install it."""


class Engine(Protocol):
    """One search engine, driven the way its users drive it.

    `parse` and one of `top`, `top_counted` and `count` are timed; everything else is not. An answer holds k of the
    engine's own document handles with scores, best first; stored fields are not loaded.
    """

    def index(self, texts: Iterator[Text], folder: str, threads: int, memory_mb: int) -> None:
        """Build a durable, searchable index of `texts`, with positions and stored texts, in the empty `folder`."""
        ...

    def optimise(self, folder: str) -> None:
        """What the engine's manual advises after a bulk load (merging segments); timed apart from `index`."""
        ...

    def open(self, folder: str) -> None:
        """Get ready to search what `index` built."""
        ...

    def parse(self, query: str) -> Any:
        """The engine's query object for `query`, written in the engine's own language."""
        ...

    def top(self, parsed: Any, k: int) -> Any:
        """The best k documents, by the fastest way that is exact."""
        ...

    def top_counted(self, parsed: Any, k: int) -> Any:
        """The best k documents, and exactly how many match."""
        ...

    def count(self, parsed: Any) -> int:
        """Exactly how many documents match."""
        ...

    def hits(self, answer: Any) -> list[tuple[str, float]]:
        """Document ids and scores of an answer of `top`, best first."""
        ...


def python_worker(name: str, work_dir: Path) -> list[str]:
    """The command of a worker for an engine of this interpreter."""
    return [sys.executable, "-m", "benchmarks.worker", name]


@dataclass(frozen=True)
class Peer:
    """One engine as the harness sees it.

    `available` returns None, or why the engine cannot run here. `version` goes into the key of cached indexes.
    `translate` returns the query in the engine's language, or None for what the engine cannot answer. `threads` are the
    numbers of indexing threads or processes it allows. `warm_seconds` bounds the warm-up before queries are timed: a
    compiler at run time needs many repetitions. `notes` say where its analysis or its answers differ from the others'.
    """

    name: str
    available: Callable[[], str | None]
    version: Callable[[], str]
    translate: Callable[[Query], str | None]
    notes: tuple[str, ...] = ()
    threads: tuple[int, ...] = (1,)
    counts: bool = True
    warm_seconds: float = 2.0
    command: Callable[[str, Path], list[str]] = python_worker
