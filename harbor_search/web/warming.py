"""Warming up a worker by requests to itself, so that its first responses are as fast as later ones."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote, urlencode

from flask import Flask

from harbor_search.engines import Criteria, SearchEngine
from harbor_search.errors import OperationalError
from harbor_search.query import Everything
from harbor_search.web.query_recording import WARM_UP
from harbor_search.web.services import SLOW, services

__all__ = ["warm_up"]

_ROUNDS = 2
"""The first round fills the caches of templates and routes; in the second Python specialises its bytecode."""

_SLOWLY = 2
"""Requests, searches of both kinds, that are repeated as in the slow lane, which has posting lists of its own."""


def warm_up(app: Flask) -> None:
    """Wait until the engine of `app` is warm, then request each kind of page and response.

    Afterwards nothing can be registered with `app`. Does nothing if there is no index yet.
    """
    with app.app_context():
        using = services()
        using.readiness.wait()
        try:
            addresses = list(_addresses(using.engine))
        except OperationalError:
            return
    client = app.test_client()
    client.environ_base[WARM_UP] = "1"
    for _ in range(_ROUNDS):
        for address in addresses:
            client.get(address)
    for address in addresses[-_SLOWLY:]:
        client.get(address, environ_overrides={SLOW: "1"})


def _addresses(engine: SearchEngine) -> Iterator[str]:
    yield from ("/", "/api/v1/search", "/healthz", "/readyz", "/no-such-page", "/api/v1/search?page=x")
    for hit in engine.search(Everything(), Criteria(limit=1, facets=False)).hits:
        word = max(hit.title.split(), key=len, default="a")
        identifier = quote(hit.id)
        yield f"/articles/{identifier}?{urlencode({'q': word})}"
        yield f"/api/v1/articles/{identifier}"
        for more in ({}, {"page": 2}, {"sort": "date"}, {"date_from": "2000-01-01"}, {"section": "Section"}):
            asked = urlencode({"q": word, **more})
            yield f"/search?{asked}"
            yield f"/api/v1/search?{asked}"
