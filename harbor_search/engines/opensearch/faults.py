"""What went wrong when a cluster was asked, in our own words: the fault, and what mends it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opensearchpy.exceptions import OpenSearchException, TransportError

__all__ = ["BUSY", "MORE_ROOM", "fault_of", "is_full", "no_cluster"]

BUSY = (429, 502, 503, 504)
"""Answers of a cluster, or of a proxy before it, that has too much to do or is not all there for a moment."""

MORE_ROOM = "the disk of a node is nearly full: give it room, or add nodes, and the cluster goes on by itself"

_LONGEST = 300
"""Characters of what a cluster says: some answers have a whole stack trace, or a page."""


def fault_of(error: OpenSearchException, hosts: str) -> str:
    """What an error means of the cluster at `hosts`; the cure stands after a semicolon."""
    from opensearchpy.exceptions import ConnectionError, SerializationError, SSLError, TransportError

    if isinstance(error, SSLError):
        return (
            f"no trusted connection to {hosts} ({_cause(error)}); is it https there, and does `opensearch_ca` name the "
            "file with its certificates?"
        )
    if isinstance(error, ConnectionError):
        fault = f"no node of the cluster answers at {hosts} ({_cause(error)})"
        return f"{fault}; is it running, and is `opensearch_hosts` right?"
    if isinstance(error, SerializationError):
        return no_cluster(str(error), hosts)
    return _refusal(error, hosts) if isinstance(error, TransportError) else str(error)


def no_cluster(told: str, hosts: str) -> str:
    """That what answers at `hosts` is no cluster, by what it `told`."""
    return f"what answers at {hosts} is no OpenSearch ({told}); is `opensearch_hosts` right?"


def is_full(reason: str) -> bool:
    """Whether a cluster refuses to write as the disk of a node is nearly full."""
    return any(said in reason for said in ("flood-stage", "read-only / allow delete", "create-index blocked"))


def _refusal(error: TransportError, hosts: str) -> str:
    status, reason = error.status_code, _reason(error)
    if status == 401:
        return (
            f"the cluster at {hosts} does not know the user (401: {reason}); set `opensearch_user` and the environment "
            "variable HARBOR_OPENSEARCH_PASSWORD"
        )
    if is_full(reason):
        return f"the cluster takes nothing more ({status}: {reason}); {MORE_ROOM}"
    if status == 403 and "blocked by" not in reason:
        return f"the cluster does not allow it to this user (403: {reason}); give `opensearch_user` the right"
    if status in BUSY:
        return f"the cluster cannot answer now ({status}: {reason}); try again later, or look at its nodes"
    return f"the cluster answers {status}: {reason}"


def _cause(error: ConnectionError | TransportError) -> str:
    """Why there is no connection, without the address that stands beside it."""
    text = str(getattr(error, "info", "") or getattr(error, "error", ""))
    return re.sub(r"^HTTPS?Connection(Pool)?\([^)]*\): (Failed to establish a new connection: )?", "", text)[:_LONGEST]


def _reason(error: TransportError) -> str:
    """What a cluster's answer says went wrong, in a line."""
    info = error.info
    if isinstance(info, dict) and isinstance(info.get("error"), dict):
        causes = info["error"].get("root_cause") or [info["error"]]
        return str(causes[0].get("reason") or causes[0].get("type"))[:_LONGEST].rstrip(";")
    # A proxy answers with a page.
    return " ".join(re.sub(r"<[^>]*>", " ", str(error.error)).split())[:_LONGEST]
