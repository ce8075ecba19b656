"""Which nodes of a cluster answer, so that no search waits for one that hangs.

A node that is stopped, or that nothing reaches any more, is still one of the cluster's for half a minute: who asks it
waits, and so does another node that asks it for its part of an index. So when a request gets no answer in time, all
addresses are asked at once, each for the nodes that answer it. An address that is silent is left alone; of the nodes
that the cluster knows, those that answer are preferred for reading.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any, NamedTuple

from harbor_search.engines.opensearch.faults import BUSY

if TYPE_CHECKING:
    from opensearchpy import Connection

__all__ = ["Nodes"]

ASKING_OTHERS = "250ms"
"""How long a node waits for what the others say of themselves; nodes that are well take some milliseconds."""

ASKING = 0.5
"""Seconds that an address has to pass that on."""

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 10.0
"""Seconds between looks at nodes that do not answer, at first and in the end."""


class _Seen(NamedTuple):
    """Addresses that do not answer, and the ids of the nodes that answer others, where one of those does not."""

    silent: frozenset[str] = frozenset()
    answering: tuple[str, ...] = ()


class Nodes:
    """Looks at the nodes of a cluster when told that one may hang, and then until all answer. Threads may share it."""

    def __init__(self) -> None:
        self._connections: Sequence[Connection] = ()
        self._seen = _Seen()
        self._looking, self._changing = Lock(), Lock()
        self._looked = 0.0
        self._closed = Event()
        self._watching: Thread | None = None

    def look_through(self, connections: Sequence[Connection]) -> None:
        """Take `connections`, one for each address, to look through."""
        self._connections = tuple(connections)

    @property
    def routing(self) -> dict[str, str]:
        """The parameters of a request for reading that keep it from nodes that hang."""
        answering = self._seen.answering
        return {"preference": f"_prefer_nodes:{','.join(answering)}"} if answering else {}

    def is_silent(self, address: str) -> bool:
        """Whether an address gave no answer when it was last asked."""
        return address in self._seen.silent

    def note_silent(self, address: str) -> None:
        """Leave an address alone until it answers again."""
        with self._changing:
            self._seen = self._seen._replace(silent=self._seen.silent | {address})
        self._watch()

    def look(self) -> bool:
        """Find out which nodes answer, and whether one that did does not any more."""
        asked = time.monotonic()
        with self._looking:
            before = self._seen
            # Of many that wait for the same node one looks for all.
            if self._looked < asked:
                seen = self._ask_all()
                with self._changing:
                    self._seen, self._looked = seen, time.monotonic()
            seen = self._seen
        if seen != _Seen():
            self._watch()
        return bool(seen.silent - before.silent) or (seen.answering != before.answering and bool(seen.answering))

    def close(self) -> None:
        """Look no more."""
        self._closed.set()
        with self._changing:
            watching = self._watching
        if watching is not None:
            watching.join()

    def _ask_all(self) -> _Seen:
        with ThreadPoolExecutor(len(self._connections), "nodes") as threads:
            told = list(threads.map(_ask, self._connections))
        silent = frozenset(each.host for each, answer in zip(self._connections, told, strict=True) if answer is None)
        return _Seen(silent, next((found for answer in told if answer and (found := _answering(answer))), ()))

    def _watch(self) -> None:
        """Look now and then, in a thread, until all nodes answer."""
        with self._changing:
            # A process that was forked has not the thread of its parent.
            if not self._closed.is_set() and (self._watching is None or not self._watching.is_alive()):
                self._watching = Thread(target=self._look_on, name="watch-nodes", daemon=True)
                self._watching.start()

    def _look_on(self) -> None:
        pause = FIRST_PAUSE
        while not self._closed.wait(pause):
            self.look()
            pause = min(pause * 1.5, LONGEST_PAUSE)
            with self._changing:
                if self._seen == _Seen():
                    self._watching = None
                    return


def _ask(connection: Connection) -> Mapping[str, Any] | None:
    """What an address says of all nodes; nothing where it does not tell, None where it does not answer."""
    import orjson
    from opensearchpy.exceptions import ConnectionError, TransportError

    path = f"/_nodes/_all/_none?timeout={ASKING_OTHERS}&filter_path=_nodes.failures.node_id,nodes.*.name"
    try:
        _, _, told = connection.perform_request("GET", path, timeout=ASKING)
        return dict(orjson.loads(told))
    except ConnectionError:
        return None
    except TransportError as error:  # who may search need not be allowed to monitor
        return None if error.status_code in BUSY else {}
    except (ValueError, TypeError):  # a page, in the place of what a cluster tells
        return {}


def _answering(told: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids of the nodes that answer, where one does not."""
    return tuple(sorted(told.get("nodes", {}))) if told.get("_nodes", {}).get("failures") else ()
