"""A cluster of three nodes, of which one hangs, and then is killed, while others read and write.

Nothing here depends on how fast the machine is. What is compared are answers and counts; the two bounds for times are
what may be promised to readers, and several times what they are.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from harbor_search.article import Article, Section
from harbor_search.config import Settings
from harbor_search.engines import Criteria, SearchEngine, open_engine
from harbor_search.engines.opensearch import generations
from harbor_search.errors import OperationalError
from harbor_search.query import Everything, Term
from harbor_search.web import create_app
from tests.support.opensearch_cluster import Node

FIRST = 40
"""Articles that are there before the kill."""

PATIENCE = 300.0
"""Seconds that a slow machine may take for what is waited for."""

LONGEST = 12.0
"""Seconds that a search may take while a node hangs: it takes two, and twenty or more where it waits for that node."""

UNANSWERED = 1.0
"""Seconds for which searches may fail when a node is killed: none does."""


def quiet(stage: str, done: int, total: int | None) -> None:
    pass


def article(number: int) -> Article:
    return Article(f"a{number:03}", f"Article {number}", (Section("", "", "An article about iron."),))


@dataclass
class Load:
    """What readers and a writer saw. `acknowledged` is the number of articles of the last update that was done."""

    answers: int = 0
    longest: float = 0.0
    wrong: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    refused_at: list[float] = field(default_factory=list)
    acknowledged: int = FIRST
    refused_writes: list[str] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    killing: threading.Event = field(default_factory=threading.Event)
    killed: Node | None = None

    def read(self, engine: SearchEngine) -> None:
        while not self.stopping.is_set():
            known, asked = self.acknowledged, time.monotonic()
            try:
                answer = engine.search(Term("iron"), Criteria(limit=5))
            except OperationalError as error:
                self.refused.append(str(error))
                self.refused_at.append(time.monotonic())
                time.sleep(0.02)
                continue
            self.answers += 1
            self.longest = max(self.longest, time.monotonic() - asked)
            if not answer.partial and answer.total < known:
                self.wrong.append(f"{answer.total} articles of {known}")

    def write(self, engine: SearchEngine, nodes: list[Node]) -> None:
        def progress(stage: str, done: int, total: int | None) -> None:
            # The new index is filled, and has no copies yet.
            if stage == "publish" and done == 0 and self.killing.is_set() and self.killed is None:
                self.killed = node_with_the_newest_index(engine, nodes)
                self.killed.kill()

        while not self.stopping.is_set():
            count = self.acknowledged + 1
            try:
                engine.update([article(number) for number in range(count)], lambda: None, progress)
            except OperationalError as error:
                self.refused_writes.append(str(error))
                time.sleep(0.2)
            else:
                # Readers may go on with the index before for as long as a process does.
                time.sleep(0.5)
                self.acknowledged = count

    def unanswered(self) -> float:
        """Seconds from the first search that failed to the last."""
        return max(self.refused_at, default=0.0) - min(self.refused_at, default=0.0)


def node_with_the_newest_index(engine: SearchEngine, nodes: list[Node]) -> Node:
    """One that has a part of the index that is being made."""
    client = engine._cluster.client  # type: ignore[attr-defined]
    parts = client.cat.shards(index="copied-0*", params={"format": "json", "h": "index,node"})
    name = max((part["index"], part["node"]) for part in parts)[1]
    return next(node for node in nodes if node.name == name)


def settings_for(nodes: list[Node], folder: Path, prefix: str, replicas: int) -> Settings:
    return Settings(
        index=folder,
        engine="opensearch",
        opensearch_hosts=",".join(node.address for node in nodes),
        opensearch_prefix=prefix,
        opensearch_shards=3,
        opensearch_replicas=replicas,
        opensearch_timeout=60.0,
    )


@pytest.mark.parametrize("ill", [0, 1, 2])  # one of them is the cluster's manager
def test_no_search_waits_for_a_node_that_hangs(three_nodes: list[Node], tmp_path: Path, ill: int) -> None:
    engine = open_engine(settings_for(three_nodes, tmp_path, "hanging", 1))
    if ill == 0:
        engine.rebuild([article(number) for number in range(FIRST)], quiet)
    load = Load()
    readers = [threading.Thread(target=load.read, args=(engine,)) for _ in range(3)]
    for reader in readers:
        reader.start()
    try:
        await_that(lambda: load.answers > 20)
        load.longest = 0.0
        with three_nodes[ill].hanging():
            answers = load.answers
            await_that(lambda: load.answers > answers + 50)
        answers = load.answers
        await_that(lambda: load.answers > answers + 10)
    finally:
        load.stopping.set()
        for reader in readers:
            reader.join(PATIENCE)
        engine.close()
    assert (load.refused, load.wrong) == ([], [])
    assert load.longest < LONGEST


@pytest.fixture(scope="module")
def killed(
    three_nodes: list[Node], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Load, list[Node], Path]]:
    """What was seen while one of three nodes was killed, with the only copy of a part of the index that was to become
    live; an index without copies, "lone", was there too."""
    folder = tmp_path_factory.mktemp("index")
    engine = open_engine(settings_for(three_nodes, folder, "copied", 1))
    engine.rebuild([article(number) for number in range(FIRST)], quiet)
    lone = open_engine(settings_for(three_nodes, folder, "lone", 0))
    lone.rebuild([article(number) for number in range(FIRST)], quiet)
    load = Load()
    workers = [threading.Thread(target=load.read, args=(engine,)) for _ in range(2)]
    workers.append(threading.Thread(target=load.write, args=(engine, three_nodes)))
    for worker in workers:
        worker.start()
    patch = pytest.MonkeyPatch()
    patch.setattr(generations, "RETURNING", generations.BRIEF)
    try:
        await_that(lambda: load.acknowledged > FIRST and load.answers > 20)
        load.killing.set()
        await_that(lambda: load.killed is not None)
        before, answers = load.acknowledged, load.answers
        await_that(lambda: load.acknowledged > before + 1 and load.answers > answers + 50)
    finally:
        patch.undo()
        load.stopping.set()
        for worker in workers:
            worker.join(PATIENCE)
        engine.close()
        lone.close()
    yield load, three_nodes, folder


def await_that(reached) -> None:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < deadline, "the cluster did not go on"
        time.sleep(0.05)


def test_no_acknowledged_write_is_lost_and_readers_never_see_less(killed: tuple[Load, list[Node], Path]) -> None:
    load, nodes, folder = killed
    with closing(open_engine(settings_for(nodes, folder, "copied", 1))) as engine:
        found = engine.search(Everything(), Criteria(limit=1000))
    assert {f"a{number:03}" for number in range(load.acknowledged)} <= {hit.id for hit in found.hits}
    assert load.wrong == []


def test_readers_are_answered_by_other_nodes(killed: tuple[Load, list[Node], Path]) -> None:
    load, nodes, folder = killed
    assert load.unanswered() <= UNANSWERED
    assert load.refused == []
    first_is_dead = sorted(nodes, key=lambda node: node is not load.killed)
    with closing(open_engine(settings_for(first_is_dead, folder, "copied", 1))) as engine:
        for _ in range(10):
            answer = engine.search(Term("iron"), Criteria())
            assert (answer.partial, answer.total >= load.acknowledged) == (False, True)


def test_a_writer_may_be_refused_meanwhile_and_goes_on_then(killed: tuple[Load, list[Node], Path]) -> None:
    load, nodes, folder = killed
    assert "a node failed that has the only copy of a part of the new index; try again" in load.refused_writes
    everything = [article(number) for number in range(load.acknowledged + 5)]
    with closing(open_engine(settings_for(nodes, folder, "copied", 1))) as engine:
        engine.update(everything, lambda: None, quiet)
        assert engine.verify() == ()
        assert engine.search(Everything(), Criteria()).total == len(everything)


def test_an_index_that_lost_parts_is_not_ready_and_says_why(killed: tuple[Load, list[Node], Path]) -> None:
    _, nodes, folder = killed
    settings = settings_for(nodes, folder, "lone", 0)
    with closing(open_engine(settings)) as engine:
        client = create_app(settings, engine).test_client()
        answer = client.get("/readyz")
        deadline = time.monotonic() + PATIENCE
        while "warmed up" in answer.get_data(as_text=True) and time.monotonic() < deadline:
            time.sleep(0.05)
            answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "is red" in answer.get_json()["detail"]
    assert "parts are on no node (2 nodes are there)" in answer.get_json()["detail"]
    with closing(open_engine(settings_for(nodes, folder, "copied", 1))) as healthy:
        healthy.warm()
