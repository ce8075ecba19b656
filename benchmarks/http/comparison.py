"""All servers side by side: rows of answers a second, times and memory for each number of connections."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.http.collection import Question, questions, texts
from benchmarks.http.groonga import Groonga
from benchmarks.http.load import Measured, absent, load
from benchmarks.http.opensearch import OpenSearch
from benchmarks.http.ours import HarborSearch
from benchmarks.http.seekstorm import SeekStorm
from benchmarks.http.servers import Ask, Server, ask, memory

__all__ = ["SERVERS", "Result", "Row", "compare_servers"]

SERVERS: dict[str, type[Server]] = {
    each.name: each
    for each in (HarborSearch, SeekStorm, Groonga, OpenSearch)  # type: ignore[type-abstract]
}

QUESTIONS = 400
ONCE = 20_000
"""Questions that nobody asked before, for each number of connections: more than are answered in the time."""

WARM = 5.0
"""Seconds of load before the first measured run of each row: by then each worker has been asked everything."""


@dataclass(frozen=True, slots=True)
class Row:
    """One server's answers of one kind over so many connections."""

    name: str
    connections: int
    measured: Measured
    memory: int


@dataclass(frozen=True, slots=True)
class Result:
    """All rows, who was left out and why, and how answers differ."""

    rows: tuple[Row, ...]
    skipped: dict[str, str]
    notes: tuple[str, ...]

    def as_json(self) -> list[dict[str, Any]]:
        """The rows as plain values."""
        return [
            {"name": row.name, "connections": row.connections, "memory": row.memory}
            | asdict(row.measured)
            | {"throughput": row.measured.throughput}
            for row in self.rows
        ]


def compare_servers(
    names: Sequence[str],
    source: Path,
    limit: int | None,
    connections: Sequence[int],
    seconds: float,
    folder: Path,
    say: Callable[[str], None],
) -> Result:
    """Start the servers that can run, ask all of them the same, one after the other for each number of connections.

    Raises:
        OSError: wrk is not there, or a server that is there does not answer.
    """
    if reason := absent():
        raise OSError(reason)
    articles = list(texts(source, limit))
    asked = questions(articles, QUESTIONS)
    with ExitStack() as running:
        servers, skipped = [], {}
        for name in names:
            server = SERVERS[name](folder / name)
            if reason := server.absent():
                skipped[name] = reason
                continue
            say(f"starting {name} with {len(articles):,} articles")
            running.callback(server.stop)
            server.start(source, limit, articles)
            servers.append(server)
        kinds = [kind for server in servers for kind in _kinds(server, asked)]
        for name, server, asks in kinds:
            _require_answers(name, server, asks)
            load(server.port, asks, 4, WARM)
        rows = []
        new = iter(questions(articles, QUESTIONS + ONCE * len(connections))[QUESTIONS:])
        for number in connections:
            once = list(islice(new, ONCE))
            for name, server, asks in (*kinds, *_asked_once(servers, once)):
                say(f"{name}, {number} connections")
                assert server.process is not None
                rows.append(Row(name, number, load(server.port, asks, number, seconds), memory(server.process)))
    return Result(tuple(rows), skipped, tuple(f"{each.name}: {each.note}" for each in servers if each.note))


def _kinds(server: Server, asked: Sequence[Question]) -> list[tuple[str, Server, list[Ask]]]:
    kinds = [(server.name, server, [server.search(each) for each in asked])]
    if server.pages():
        kinds.append((f"{server.name} pages", server, [server.page(each) for each in asked]))
    return kinds + [(name, server, [one]) for name, one in server.variants().items()]


def _asked_once(servers: Sequence[Server], asked: Sequence[Question]) -> list[tuple[str, Server, list[Ask]]]:
    """Readers ask the same things, and what a question means may be remembered; here each is new."""
    return [(f"{each.name} new questions", each, [each.search(one) for one in asked]) for each in servers]


def _require_answers(name: str, server: Server, asks: Sequence[Ask]) -> None:
    for each in asks[:10]:
        status, body = ask(server.port, each)
        if status != 200:
            raise OSError(f"{name} answers {each.path[:80]} with {status}: {body[:200]!r}")
