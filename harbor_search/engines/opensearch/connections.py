"""Clients of a cluster whose requests go to the nodes that answer."""

from __future__ import annotations

import logging
from typing import Any

from opensearchpy import Connection, ConnectionPool, OpenSearch

from harbor_search.config import Settings
from harbor_search.engines.opensearch.nodes import Nodes

__all__ = ["client_of"]


# What goes wrong is said in our own words; who configures logging gets the client's as well.
_log = logging.getLogger("opensearch")
_log.addHandler(logging.NullHandler())


def _in_a_line(record: logging.LogRecord) -> bool:
    """Have a record tell which request failed and how: where a node fails there are many, each with two tracebacks."""
    if record.exc_info and record.exc_info[0] is not None:
        record.msg, record.args = f"{record.getMessage()} {record.exc_info[0].__name__}", None
        record.exc_info = None
    return True


_log.addFilter(_in_a_line)


class _Answering(ConnectionPool):
    """Gives in turn the connections to addresses that answer, as far as `nodes` are known, or all where none does."""

    def __init__(self, connections: Any, *, nodes: Nodes, **options: Any) -> None:
        super().__init__(connections, **options)
        self._nodes = nodes

    def get_connection(self) -> Connection:
        answering = [each for each in self.connections if not self._nodes.is_silent(each.host)]
        chosen: Connection = self.selector.select(answering or self.connections)
        return chosen

    def mark_dead(self, connection: Connection, now: float | None = None) -> None:
        self._nodes.note_silent(connection.host)

    def mark_live(self, connection: Connection) -> None:
        """Nothing: `nodes` finds out by itself."""


def client_of(settings: Settings, hosts: list[str], nodes: Nodes, *, asks_again: bool) -> OpenSearch:
    """A client of the cluster at `hosts`. Where a node does not answer in time, `asks_again` says, another is asked;
    where one refuses, or cannot be reached, that is so in any case."""
    options: dict[str, Any] = {
        "connection_pool_class": _Answering,
        "nodes": nodes,
        "timeout": settings.opensearch_timeout,
        "max_retries": max(2, len(hosts)),
        "retry_on_timeout": asks_again,
        "retry_on_status": (502, 503, 504),
        # Compressing what is indexed takes longer than sending it to a machine nearby.
        "http_compress": False,
        # Connections that are kept: each thread that asks has one.
        "pool_maxsize": 16,
    }
    if settings.opensearch_user:
        options["http_auth"] = (settings.opensearch_user, settings.opensearch_password)
    if settings.opensearch_ca:
        options["ca_certs"] = settings.opensearch_ca
    return OpenSearch(hosts, **options)
