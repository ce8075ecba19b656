"""Lanes: cheap searches are answered where they arrive, dear ones wait for each other in a lane of their own.

A server that has lanes says so with `DEFER` in the environment: an exception to raise where a request turns out dear,
before any of its work. It then asks again, with `SLOW` set, from the slow lane. Other servers answer everything at
once.
"""

from __future__ import annotations

from flask import g, request

from harbor_search.web.client_limits import spend
from harbor_search.web.services import SLOW, services

__all__ = ["DEFER", "SLOW", "admit"]

DEFER = "harbor_search.defer"


def admit(cost: int) -> None:
    """Let a search of this cost begin, or have it begin in the slow lane.

    Raises:
        TooManyRequests: the client has spent what it may.
    """
    dear = services().settings.dear_cost
    if cost <= dear or "admitted" in g:
        return
    environ = request.environ
    if SLOW not in environ and DEFER in environ:
        raise environ[DEFER]
    spend(cost // dear)
    g.admitted = True
