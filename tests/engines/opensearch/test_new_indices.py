"""Making an index while nodes fail; a server of the test's own stands for what is left of the cluster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from harbor_search.config import Settings
from harbor_search.engines.opensearch import new_indices
from harbor_search.engines.opensearch.cluster import Cluster
from harbor_search.engines.opensearch.new_indices import await_copies, clone, create
from harbor_search.errors import OperationalError
from tests.support.scripted_server import Answer, answering

GONE = (503, {"error": {"type": "t", "reason": "the node is closing"}})
IS_THERE = (400, {"error": {"type": "resource_already_exists_exception", "reason": "index [i/x] already exists"}})


def health(status: str, shards: int, *, nodes: int = 3, delayed: int = 0, late: bool = False) -> Answer:
    primaries = 1 if status != "red" else 0
    counts = {"active_primary_shards": primaries, "active_shards": shards, "delayed_unassigned_shards": delayed}
    return 200, {"status": status, "number_of_data_nodes": nodes, "timed_out": late, **counts}


@contextmanager
def cluster_that_says(*answers: Answer) -> Iterator[tuple[Cluster, Sequence[str]]]:
    with answering(answers) as (address, asked):
        cluster = Cluster(Settings(engine="opensearch", opensearch_hosts=address))
        yield cluster, asked
        cluster.close()


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(new_indices, "POLL", 0.01)


def test_an_index_that_is_there_when_it_is_asked_for_again_is_the_one_that_was_asked_for() -> None:
    for make in (lambda cluster: create(cluster, "i", {}), lambda cluster: clone(cluster, "live", "i", {})):
        with cluster_that_says(GONE, IS_THERE, health("green", 1)) as (cluster, asked):
            make(cluster)
        assert asked[-1].startswith("GET /_cluster/health/i?")
        nobody_takes_it = health("red", 0, late=True)
        with (
            cluster_that_says(GONE, IS_THERE, nobody_takes_it) as (cluster, _),
            pytest.raises(OperationalError, match="no node takes the shards"),
        ):
            make(cluster)


def test_a_new_index_whose_only_copy_was_on_a_node_that_failed_is_given_up_if_that_stays_away() -> None:
    red = health("red", 0)
    with cluster_that_says(red, red, health("yellow", 1), red, health("green", 2)) as (cluster, asked):
        await_copies(cluster, "i", 1, patience=60)
    assert len(asked) == 5
    with (
        cluster_that_says(health("yellow", 1), red) as (cluster, _),
        pytest.raises(OperationalError, match=r"a node failed that has the only copy .*; try again"),
    ):
        await_copies(cluster, "i", 1, patience=0.1)


def test_a_copy_on_a_node_that_left_is_made_on_another_at_once() -> None:
    waits, acknowledged = health("yellow", 1, delayed=1), (200, {"acknowledged": True})
    with cluster_that_says(waits, acknowledged, waits, health("green", 2), acknowledged) as (cluster, asked):
        await_copies(cluster, "i", 1, patience=60)
    assert [each.split()[0] for each in asked] == ["GET", "PUT", "GET", "GET", "PUT"]
