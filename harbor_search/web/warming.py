"""Warming up: a worker asks itself what readers will ask, so that its first answers are as fast as later ones."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote, urlencode

from flask import Flask

from harbor_search.engines import Criteria, SearchEngine
from harbor_search.errors import OperationalError
from harbor_search.query import Everything
from harbor_search.web.query_recording import WARM_UP
from harbor_search.web.services import services

__all__ = ["warm_up"]

_TWICE = 2
"""Templates and routes fill their caches in the first round, Python specialises its bytecode in the next."""


def warm_up(app: Flask) -> None:
    """Wait until the engine of `app` is warm, then ask for each kind of page and answer.

    Afterwards nothing can be added to `app`. Where there is no index yet, nothing is asked.
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
    for _ in range(_TWICE):
        for address in addresses:
            client.get(address)


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
