"""The cluster that holds the index, where the settings name one: whether it answers, and whether the index is sound."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing

from harbor_search.cli.finding import Finding
from harbor_search.config import Settings
from harbor_search.engines import open_engine
from harbor_search.errors import OperationalError, UserError

__all__ = ["health"]


def health(settings: Settings) -> Iterator[Finding]:
    """Whether the cluster's index can be searched whole, finds what it holds, and would outlast a node."""
    if settings.engine == "embedded":
        return
    try:
        with closing(open_engine(settings)) as engine:
            faults, cluster = engine.verify(), str(engine.stats().details["cluster"])
    except UserError as error:
        yield Finding("cluster", str(error), f"set {error.where}")
    except OperationalError as error:
        yield _finding(str(error), "look at the logs of the cluster")
    else:
        for fault in faults:
            yield _finding(fault, "harbor-search rebuild")
        if "yellow" in cluster:
            yield Finding(
                "cluster",
                f"copies of the index are missing, so that a node that fails takes articles with it: {cluster}",
                "start more nodes, or set opensearch_replicas to 0 and run harbor-search rebuild",
            )


def _finding(message: str, otherwise: str) -> Finding:
    """What a message says is wrong, and the command or step that it says mends it; where it says none, `otherwise`."""
    fault, _, cure = message.partition("; ")
    command = re.search(r"`(harbor-search [^`]+)`", cure)
    return Finding("cluster", fault, command[1] if command else cure or otherwise)
