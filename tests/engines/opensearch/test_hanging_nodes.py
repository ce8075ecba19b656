"""What hangs is passed over, for as long as it does; servers of the test's own stand for the nodes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from threading import Event

import pytest

from harbor_search.config import Settings
from harbor_search.engines.opensearch import nodes
from harbor_search.engines.opensearch.cluster import Cluster
from harbor_search.engines.opensearch.requests import IndexRequests
from harbor_search.errors import OperationalError
from tests.support.scripted_server import Answer, answering

FOUND = {"hits": {"hits": []}, "_shards": {"failed": 0}}
ALL = {"nodes": {"one": {}, "two": {}, "three": {}}}
WITHOUT_TWO = {"nodes": {"one": {}, "three": {}}, "_nodes": {"failures": [{"node_id": "two"}]}}


@dataclass
class Node:
    """What a server answers, and whether it answers at all; `searched` are the searches that it was asked for."""

    nodes: object = field(default_factory=lambda: ALL)
    hangs: bool = False
    slow: bool = False
    address: str = ""
    searched: list[str] = field(default_factory=list)
    ending: Event = field(default_factory=Event)

    def answer(self, request: str) -> Answer:
        if self.hangs:
            self.ending.wait(60)
        if "/_nodes/" in request:
            return 200, self.nodes
        self.searched.append(request)
        # A part of the index is on the node that hangs, unless others are preferred.
        if self.slow or (self.nodes == WITHOUT_TWO and "preference" not in request):
            self.ending.wait(60 if not self.slow else 1)
        return 200, FOUND


@contextmanager
def cluster_of(*servers: Node, timeout: float = 30.0, patience: float = 0.3) -> Iterator[IndexRequests]:
    with ExitStack() as stack:
        for each in servers:
            each.address, _ = stack.enter_context(answering(each.answer))
        hosts = ",".join(each.address for each in servers)
        settings = Settings(
            engine="opensearch", opensearch_hosts=hosts, opensearch_timeout=timeout, opensearch_patience=patience
        )
        cluster = Cluster(settings)
        stack.callback(cluster.close)
        for each in servers:
            stack.callback(each.ending.set)
        yield IndexRequests(cluster, "i", expansions=1, parts=1)


@pytest.fixture(autouse=True)
def _quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nodes, "FIRST_PAUSE", 0.05)


def until_no_thread_watches() -> None:
    for thread in threading.enumerate():
        if thread.name == "watch-nodes":
            thread.join(60)
            assert not thread.is_alive()


def test_an_address_that_hangs_is_asked_for_no_search_until_it_answers_again() -> None:
    well, ill = Node(), Node(hangs=True)
    with cluster_of(well, ill) as requests:
        for _ in range(6):
            assert requests.search({}) == FOUND
        assert (len(well.searched), ill.searched) == (6, [])
        ill.hangs = False
        ill.ending.set()
        until_no_thread_watches()
        ill.searched.clear()
        for _ in range(6):
            requests.search({})
        assert len(ill.searched) == 3


def test_copies_on_other_nodes_are_preferred_while_the_cluster_knows_a_node_that_hangs() -> None:
    node = Node(nodes=WITHOUT_TWO)
    with cluster_of(node) as requests:
        assert [requests.search({}) for _ in range(3)] == [FOUND] * 3
        assert ["preference=_prefer_nodes%3Aone%2Cthree" in each for each in node.searched] == [False, True, True, True]
        node.nodes = ALL
        until_no_thread_watches()
        requests.search({})
        assert "preference" not in node.searched[-1]


def test_what_takes_long_where_all_nodes_answer_is_waited_for() -> None:
    node = Node(slow=True)
    with cluster_of(node) as requests:
        assert requests.search({}) == FOUND
        assert len(node.searched) == 2


def test_all_requests_of_a_search_share_its_time() -> None:
    node = Node(slow=True)
    with cluster_of(node, timeout=1.9, patience=1.9) as requests, requests.cluster.in_time():
        assert requests.search({}) == FOUND
        with pytest.raises(OperationalError, match="no node of the cluster answers"):
            requests.search({})


def test_a_cluster_that_is_closed_leaves_no_thread_behind() -> None:
    before = set(threading.enumerate())
    with cluster_of(Node(), Node(hangs=True)) as requests:
        for _ in range(2):
            requests.search({})
        assert any(thread.name == "watch-nodes" for thread in threading.enumerate())
    assert not {thread for thread in set(threading.enumerate()) - before if thread.name == "watch-nodes"}
