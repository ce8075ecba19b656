"""The connection to an OpenSearch cluster, and what its faults are called here."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from harbor_search.config import Settings
from harbor_search.engines.opensearch.addresses import hosts_of, without_password
from harbor_search.engines.opensearch.faults import BUSY, fault_of, no_cluster
from harbor_search.engines.opensearch.nodes import Nodes
from harbor_search.errors import OperationalError

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

__all__ = ["CREATING", "Cluster", "Incomplete", "unrouted"]

FAILURES = 5
"""Failed requests in a row after which nothing is asked for a while: each would hold a worker until its time-out."""

PAUSE = 1.0
"""Seconds until a cluster that failed is tried again."""

CREATING = 60.0
"""Seconds for a new index, or for the switch to it: where a cluster has much to do the time-out for searches is too
short, and what was done all the same would be in the way when it is asked for again."""

UNHURRIED = 120.0
"""Seconds for what is read in the background."""

LEAST = 0.1
"""Seconds that a request has at the least, when the time for a search is nearly over."""

Json = dict[str, Any]

Reading = Callable[["OpenSearch", Json], Json]
"""One request for reading, with these parameters."""

_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)
"""When a search that is under way must be answered, by `time.monotonic`."""


class Incomplete(Exception):
    """An answer lacks parts of an index."""


class Cluster:
    """A cluster by `settings`; threads may share it. Nothing is sent before something is asked."""

    def __init__(self, settings: Settings) -> None:
        """Prepare the connection.

        Raises:
            OperationalError: the extra `opensearch` is not installed.
            UserError: no host is named, or one is no address.
        """
        hosts = hosts_of(settings)
        self._hosts = ", ".join(map(without_password, hosts))
        self._timeout, self._patience = settings.opensearch_timeout, settings.opensearch_patience
        self._nodes = Nodes()
        self.client, self._reader = _connect(settings, hosts, self._nodes)
        self._lock = threading.Lock()
        self._failures = 0
        self._closed_until = 0.0

    @contextmanager
    def asking(self, what: str) -> Iterator[OpenSearch]:
        """The client, for one request that is to `what` ("search", ...).

        Raises:
            OperationalError: the cluster cannot be reached, or answers with an error; after several failures in a row
                at once, without asking.
        """
        from opensearchpy.exceptions import ConnectionError, NotFoundError, OpenSearchException

        with self._lock:
            waiting = self._closed_until - time.monotonic()
        if waiting > 0:
            raise OperationalError(
                f"cannot {what}: the cluster at {self._hosts} failed {FAILURES} times in a row; it is tried "
                f"again in {waiting:.1f} s"
            )
        try:
            yield self.client
        except NotFoundError as error:
            if isinstance(error.info, dict):
                raise
            raise OperationalError(f"cannot {what}: {no_cluster('404, without JSON', self._hosts)}") from error
        except OpenSearchException as error:
            if isinstance(error, ConnectionError) or getattr(error, "status_code", 0) in BUSY:
                self._note_failure()
            raise OperationalError(f"cannot {what}: {fault_of(error, self._hosts)}") from error
        with self._lock:
            self._failures = 0

    @contextmanager
    def in_time(self) -> Iterator[None]:
        """All requests for reading until the end share the time that one search may take."""
        known = _deadline.set(time.monotonic() + self._timeout)
        try:
            yield
        finally:
            _deadline.reset(known)

    @property
    def time_left(self) -> float:
        """Seconds that a search has when one node was asked in vain."""
        return max(self._timeout - self._patience, self._timeout / 2)

    def read(self, what: str, ask: Reading, *, pinned: bool = False, hurried: bool = True) -> Json:
        """What `ask` gets from the cluster, in order to `what` ("search", ...), from any copy of what is read.

        Who gives no answer for a while is passed over if it hangs: `ask` is called again with parameters that lead to
        other nodes. What is `pinned` to some node is not then; for what is not `hurried` no reader waits.

        Where a node fails meanwhile, or `ask` finds its answer `Incomplete`, it is called once more.

        Raises:
            OperationalError: as from `asking`; the time for a search is over.
            Incomplete: `ask` found that again.
        """
        ending = _deadline.get()
        deadline = time.monotonic() + self._timeout if ending is None else ending
        patience = self._patience
        if not hurried:
            deadline, patience = time.monotonic() + UNHURRIED, self._timeout
        with self.asking(what):
            return self._read(ask, deadline, patience, pinned=pinned)

    def _read(self, ask: Reading, deadline: float, patience: float, *, pinned: bool) -> Json:
        from opensearchpy.exceptions import ConnectionTimeout, SerializationError, TransportError

        first, once_more = patience, True
        while True:
            left = max(deadline - time.monotonic(), LEAST)
            routing = {} if pinned else self._nodes.routing
            try:
                answer = ask(self._reader, {**routing, "request_timeout": min(patience, left)})
            except ConnectionTimeout:
                if left <= patience:
                    raise
                hangs = self._nodes.look()
                if hangs and pinned:
                    raise
                # Where all nodes answer the request takes its time, and gets it.
                patience = first if hangs else left
            except (TransportError, Incomplete) as error:
                # A node failed while others waited for its part of the answer, which one of them has, too.
                if not once_more or (isinstance(error, TransportError) and error.status_code != 500):
                    raise
                once_more = False
            else:
                if not isinstance(answer, Mapping):
                    raise SerializationError("an answer without JSON")
                return dict(answer)

    def require_health(self, index: str) -> None:
        """Return where every part of `index` can be searched.

        Raises:
            OperationalError: it is red or the cluster cannot be reached; the message says why.
        """
        # An election among managers takes about a second; a cluster that has none for longer is ill.
        patience = {"cluster_manager_timeout": "2s"}
        # What the node itself knows is as new as the last change, and told where the manager does not answer.
        local = {"local": "true", "ignore": 408}
        health = self.read(
            "check the cluster", lambda client, own: client.cluster.health(index=index, params=local | unrouted(own))
        )
        if not health.get("discovered_cluster_manager", True):
            with self.asking("check the cluster") as client:
                health = client.cluster.health(index=index, params=patience, ignore=408)
        if health["status"] == "red":
            raise OperationalError(_redness(index, health))

    def close(self) -> None:
        """Close the connections."""
        self._nodes.close()
        self.client.close()
        self._reader.close()

    def _note_failure(self) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURES:
                self._failures = 0
                self._closed_until = time.monotonic() + PAUSE


def unrouted(own: Json) -> Json:
    """The parameters of a request for reading that is about no part of an index."""
    return {"request_timeout": own["request_timeout"]}


def _redness(index: str, health: Mapping[str, Any]) -> str:
    """Why an index is red."""
    red, nodes = f"the index {index} on the cluster {health['cluster_name']} is red", health["number_of_nodes"]
    if not health["unassigned_shards"]:
        return f"{red}: parts of it are being opened ({nodes} nodes are there)"
    return (
        f"{red}: {health['unassigned_shards']} of its parts are on no node ({nodes} nodes are there); `GET "
        "/_cluster/allocation/explain` says why"
    )


def _connect(settings: Settings, hosts: list[str], nodes: Nodes) -> tuple[OpenSearch, OpenSearch]:
    """A client for requests that one node answers after the other, and one for reading."""
    try:
        from harbor_search.engines.opensearch.connections import client_of
    except ImportError as error:
        raise OperationalError(
            "the engine `opensearch` needs a client library: pip install 'harbor-search[opensearch]'"
        ) from error
    reader = client_of(settings, hosts, nodes, asks_again=False)
    nodes.look_through(reader.transport.connection_pool.connections)
    return client_of(settings, hosts, nodes, asks_again=True), reader
