"""Admission control: expensive searches are sent to the server's slow lane and count for more than one request.

Our server puts `DEFER` into the WSGI environment: an exception to raise when a request turns out to be expensive,
before any work is done. It then repeats the request, with `SLOW` set, from the slow lane. Other servers answer
everything at once.
"""

from __future__ import annotations

from flask import g, request

from harbor_search.web.client_limits import spend
from harbor_search.web.services import SLOW, services

__all__ = ["DEFER", "SLOW", "admit"]

DEFER = "harbor_search.defer"


def admit(cost: int) -> None:
    """Admit a search of this estimated cost, or defer it to the slow lane.

    Raises:
        TooManyRequests: the client is over its limit.
    """
    threshold = services().settings.slow_lane_cost
    if cost <= threshold or "admitted" in g:
        return
    environ = request.environ
    if SLOW not in environ and DEFER in environ:
        raise environ[DEFER]
    spend(cost // threshold)
    g.admitted = True
