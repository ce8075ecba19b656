"""New indices of a cluster, from the request that makes one until it has its copies; nodes may fail meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from harbor_search.engines.opensearch.cluster import CREATING, Cluster
from harbor_search.engines.opensearch.faults import MORE_ROOM
from harbor_search.errors import OperationalError

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

__all__ = ["await_copies", "clone", "create"]

ALLOCATING = "50s"
"""How long a cluster waits for nodes to take the shards of a new index: less than for its answer, so that it can say
that none does."""

CLONING = 120.0
"""Seconds for the same where files of another index are linked."""

COPYING = 3600.0
"""Seconds for the copies of a new index; a gigabyte takes some seconds."""

POLL = 0.2
"""Seconds between looks at the copies."""

_DELAY = "index.unassigned.node_left.delayed_timeout"
"""How long a cluster waits for a node that left before it copies anew what was there: a minute."""

Json = dict[str, Any]


def create(cluster: Cluster, index: str, body: Json) -> None:
    """Make an index with these settings and mappings, under a name that nobody else takes.

    Raises:
        OperationalError: no node takes it, or the cluster does not answer.
    """
    asked = {"body": body, "params": {"timeout": ALLOCATING}, "request_timeout": CREATING}
    with cluster.asking("create an index") as client:
        _make(client, index, lambda: client.indices.create(index=index, **asked))


def clone(cluster: Cluster, base: str, index: str, body: Json) -> None:
    """Make an index, as `create` does, with the articles of `base`, whose files it shares."""
    params = {"wait_for_active_shards": "all", "cluster_manager_timeout": "60s"}
    asked = {"body": body, "params": params, "request_timeout": CLONING}
    with cluster.asking("clone the live index") as client:
        _make(client, index, lambda: client.indices.clone(index=base, target=index, **asked))


def _make(client: OpenSearch, index: str, ask: Callable[[], Mapping[str, Any]]) -> None:
    from opensearchpy.exceptions import RequestError

    try:
        taken = ask().get("shards_acknowledged", True)
    except RequestError as error:
        if error.error != "resource_already_exists_exception":
            raise
        # A node failed after it had passed the request on, which was sent again.
        health = client.cluster.health(
            index=index,
            params={"wait_for_active_shards": "all", "timeout": ALLOCATING, "ignore": 408},
            request_timeout=CREATING,
        )
        taken = not health["timed_out"]
    if not taken:
        raise OperationalError(
            f"no node takes the shards of a new index (`GET /_cluster/allocation/explain` says why); often {MORE_ROOM}"
        )


def await_copies(cluster: Cluster, index: str, replicas: int, patience: float) -> None:
    """Return when as many copies of `index` are active as `replicas` and the nodes that hold data allow.

    A node that left with one of them is not waited for: the copy is made on another one. Where it has the only copy of
    a part, it has `patience` (seconds) to come back.

    Raises:
        OperationalError: it does not, or the copies are not there after an hour; or the cluster cannot be reached.
    """
    begun = last_whole = time.monotonic()
    hurried = False
    while (now := time.monotonic()) < begun + COPYING:
        with cluster.asking("wait for the copies of the new index") as client:
            health = client.cluster.health(index=index, ignore=408)
        if _copied(health, replicas):
            if hurried:
                _set_delay(cluster, index, None)
            return
        if health["status"] != "red":
            last_whole = now
        elif now > last_whole + patience:
            raise OperationalError("a node failed that has the only copy of a part of the new index; try again")
        if health.get("delayed_unassigned_shards") and not hurried:
            _set_delay(cluster, index, "0")
            hurried = True
        time.sleep(POLL)
    raise OperationalError(f"the cluster did not copy the new index within {COPYING / 60:.0f} minutes")


def _copied(health: Mapping[str, Any], replicas: int) -> bool:
    wanted = health["active_primary_shards"] * (1 + min(replicas, health["number_of_data_nodes"] - 1))
    return bool(health["status"] != "red" and health["active_shards"] >= wanted)


def _set_delay(cluster: Cluster, index: str, delay: str | None) -> None:
    with cluster.asking("have the new index copied") as client:
        client.indices.put_settings(index=index, body={_DELAY: delay})
