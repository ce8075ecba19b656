"""The lines that the harness and its workers speak."""

from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks.protocol import Text
from benchmarks.worker import Session


class Slow:
    """An engine that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []

    def index(self, texts: Iterator[Text], folder: str, threads: int, memory_mb: int) -> None:
        self.asked.append(("index", len(list(texts))))

    def optimise(self, folder: str) -> None:
        self.asked.append(("optimise", folder))

    def open(self, folder: str) -> None:
        self.asked.append(("open", folder))

    def parse(self, query: str) -> Any:
        self.asked.append(("parse", query))
        return query

    def top(self, parsed: Any, k: int) -> Any:
        self.asked.append(("top", k))
        return [("a", 1.0)]

    def top_counted(self, parsed: Any, k: int) -> Any:
        self.asked.append(("top_counted", k))
        return [("a", 1.0)], 1

    def count(self, parsed: Any) -> int:
        self.asked.append(("count", parsed))
        return 1

    def hits(self, answer: Any) -> list[tuple[str, float]]:
        return list(answer)


@pytest.fixture
def session() -> Session:
    session = Session(Slow())
    session.handle("query", "3", "iron tea")
    return session


def _asked(session: Session) -> list[str]:
    engine = session.engine
    assert isinstance(engine, Slow)
    return [name for name, _ in engine.asked]


@pytest.mark.parametrize(
    ("workload", "call"),
    [
        ("top10", ("top", 10)),
        ("top100", ("top", 100)),
        ("top10_count", ("top_counted", 10)),
        ("count", ("count", "iron tea")),
    ],
)
def test_a_workload_is_one_call_of_the_engine(session: Session, workload: str, call: tuple[str, Any]) -> None:
    session.handle("time", "3", workload, "parsed", "1", "1000000000")
    assert isinstance(session.engine, Slow)
    assert session.engine.asked[-1] == call


def test_parsing_is_timed_with_the_whole_and_not_with_the_parsed(session: Session) -> None:
    before = _asked(session).count("parse")
    session.handle("time", "3", "top10", "parsed", "4", "1000000000")
    assert _asked(session).count("parse") == before
    session.handle("time", "3", "top10", "whole", "4", "1000000000")
    assert _asked(session).count("parse") == before + 5, "four timed runs after one untimed"


def test_a_query_over_the_budget_is_run_once(session: Session) -> None:
    reply = session.handle("time", "3", "top10", "parsed", "4", "0")
    assert len(reply["ns"]) == 1
    assert _asked(session).count("top") == 1


def test_hits_and_counts_are_answered(session: Session) -> None:
    assert session.handle("answer", "3", "10") == {"hits": [("a", 1.0)]}
    assert session.handle("count", "3") == {"count": 1}


def test_an_unknown_request_is_refused_by_name(session: Session) -> None:
    with pytest.raises(ValueError, match="dance"):
        session.handle("dance")
