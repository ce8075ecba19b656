"""The right to write to the collection below a prefix, which one process in the whole cluster has at a time."""

from __future__ import annotations

import time
import uuid
from contextlib import suppress
from threading import Event, Thread
from typing import Any

from harbor_search.engines.opensearch.cluster import Cluster
from harbor_search.errors import OperationalError

__all__ = ["WriterLease"]

LEASE = 30.0
"""Seconds after which a writer that does not renew its claim counts as dead."""

WAITING = 60.0
"""Seconds to wait for brief holders, who need some seconds each."""

POLL = 0.1
"""Seconds between attempts: less than a brief holder waits until it comes again."""

_LEASE_SETTINGS = {"number_of_shards": 1, "auto_expand_replicas": "0-1"}
"""Of the index that has the claim: a copy where there is a node for it, so that a single node's cluster is green."""


class WriterLease:
    """The right to write, as one document that names its holder and is renewed while it is held.

    Two writers that come at once cannot both create it; one that finds it expired replaces it only where nobody else
    did meanwhile (optimistic concurrency control by sequence number).
    """

    def __init__(self, cluster: Cluster, index: str, *, brief: bool = False) -> None:
        """`brief`: it will be released soon, so that others wait for it; otherwise they fail at once."""
        self.brief = brief
        self._cluster = cluster
        self._index = index
        self._holder = uuid.uuid4().hex
        self._released = Event()
        self._renewing: Thread | None = None
        self._held_until = 0.0

    @property
    def held(self) -> bool:
        """Whether nobody else can have taken the lease."""
        return time.monotonic() < self._held_until

    def take(self) -> None:
        """Take the lease; waits while a brief holder has it, unless this one is brief, too, and will come again soon.

        Raises:
            OperationalError: another holds it.
        """
        deadline = time.monotonic() + WAITING
        while not self._acquire(waiting=not self.brief and time.monotonic() < deadline):
            time.sleep(POLL)
        self._held_until = time.monotonic() + LEASE
        self._renewing = Thread(target=self._renew, name="writer-lease", daemon=True)
        self._renewing.start()

    def _acquire(self, *, waiting: bool) -> bool:
        """Whether the lease was free and is taken now; where it was not, `waiting` for a brief holder.

        Raises:
            OperationalError: another holds it who is not waited for.
        """
        from opensearchpy.exceptions import ConflictError, SerializationError

        with self._cluster.asking("take the right to write") as client:
            found = client.get(index=self._index, id="lease", ignore=404)
            if not isinstance(found, dict):
                raise SerializationError("an answer without JSON")
            if "error" in found:
                client.indices.create(index=self._index, body={"settings": _LEASE_SETTINGS}, ignore=400)
            condition: dict[str, Any] = {"op_type": "create"}
            if found.get("found"):
                if found["_source"]["until"] > time.time():
                    return _refused(found["_source"], waiting=waiting)
                condition = {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}
            try:
                client.index(index=self._index, id="lease", body=self._body(), params=condition)
            except ConflictError:
                # A request that was sent again, as its node failed, finds the lease that it took the first time.
                other = client.get(index=self._index, id="lease", ignore=404).get("_source", {})
                return other.get("holder") == self._holder or _refused(other, waiting=waiting)
        return True

    def release(self) -> None:
        """Let others write; where the cluster cannot be told, they may when the lease has expired."""
        self._released.set()
        if self._renewing is not None:
            self._renewing.join()
        with suppress(OperationalError), self._cluster.asking("give back the right to write") as client:
            client.delete(index=self._index, id="lease", params={"ignore": 404})

    def _renew(self) -> None:
        while not self._released.wait(LEASE / 3):
            asked = time.monotonic()
            try:
                with self._cluster.asking("keep the right to write") as client:
                    client.index(index=self._index, id="lease", body=self._body())
            except OperationalError:
                # The next turn tries again; if none succeeds in time, the lease is lost, and publishing finds that out.
                continue
            self._held_until = asked + LEASE

    def _body(self) -> dict[str, Any]:
        return {"holder": self._holder, "until": time.time() + LEASE, "brief": self.brief}


def _refused(holder: dict[str, Any], *, waiting: bool) -> bool:
    """False, where the holder of a lease is waited for.

    Raises:
        OperationalError: it is not.
    """
    if waiting and holder.get("brief", False):
        return False
    raise OperationalError("another rebuild or update is running; try again when it is done")
