"""Searches for programs, answered before Flask is asked.

Most requests of a busy site are plain searches for its JSON endpoint, and of what such an answer takes Flask's way to a
view and back is a quarter. This answers those that can be answered with 200, by the functions that the view is made of;
everything else goes on to the application: what is wrong, refused, dear or conditional, and what is traced.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote

from flask import Flask
from werkzeug.wsgi import get_host

from harbor_search.results import SearchResults
from harbor_search.searching import SearchRequest, parse_request, results_to_json, search
from harbor_search.tracing import tracer
from harbor_search.web.api import SEARCH, page_links
from harbor_search.web.caching import CACHE_CONTROL, tag_of
from harbor_search.web.client_limits import COUNTED, may_ask
from harbor_search.web.cors import allowed_origins, permission
from harbor_search.web.headers import EVERYWHERE
from harbor_search.web.lanes import DEFER
from harbor_search.web.metrics import SECONDS, sample
from harbor_search.web.observing import request_id, write_line
from harbor_search.web.paging import relations
from harbor_search.web.parameters import CURSOR, question_of
from harbor_search.web.query_recording import record_answer
from harbor_search.web.services import SLOW, Services

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["with_quick_search"]

ROUTE = "api.search_articles"
"""What the view is called where requests are counted."""

_MORE = frozenset({"HTTP_IF_NONE_MATCH", "HTTP_AUTHORIZATION", SLOW})
"""What an environment has where it takes more than a search to answer."""

_ALWAYS = [("Content-Type", "application/json"), ("Cache-Control", CACHE_CONTROL), *EVERYWHERE.items()]


def with_quick_search(app: Flask, using: Services) -> WSGIApplication:
    """`app`, with plain searches answered before it is asked; headers, limits, metrics and logs are the same.

    Where somebody who embeds the application adds hooks of their own to it, it is asked always.
    """
    wsgi_app, quick = app.wsgi_app, _QuickSearch(app, using)
    hooks = _hooks(app)

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") == SEARCH and tracer() is None and _hooks(app) == hooks:
            answer = quick.answer(environ)
            if answer is not None:
                headers, body = answer
                start_response("200 OK", headers)
                return [body]
        return wsgi_app(environ, start_response)

    return serve


def _hooks(app: Flask) -> tuple[int, int]:
    return len(app.before_request_funcs.get(None, ())), len(app.after_request_funcs.get(None, ()))


class _QuickSearch:
    def __init__(self, app: Flask, using: Services) -> None:
        self._app, self._using = app, using
        self._allowed = allowed_origins(using.settings.cors_origins)
        self._seconds = SECONDS.labels(ROUTE, 200)
        self._logs = using.settings.log_format == "json"

    def answer(self, environ: WSGIEnvironment) -> tuple[list[tuple[str, str]], bytes] | None:
        """Headers and body; None where the application has to answer."""
        begun = time.perf_counter()
        values = _values(environ)
        if values is None or not self._count(environ):
            return None
        using = self._using
        try:
            asked = parse_request(values, using.settings)
            generation = using.engine.generation()
            results = search(using.engine, asked, using.settings, admit=partial(self._admit, environ))
            body = results_to_json(results)
        except Exception:  # the application finds the same, and says what is wrong
            return None
        if using.engine.generation() != generation:
            return None
        number = request_id(environ)
        headers = [
            *_ALWAYS,
            ("Content-Length", str(len(body))),
            ("X-Request-Id", number),
            *self._of_answer(environ, values, asked, results, generation),
        ]
        record_answer(self._app, environ, results, page=False)
        self._seconds.observe(time.perf_counter() - begun)
        sample(using.engine, slow=False)
        if self._logs:
            write_line(number, environ, SEARCH, ROUTE, 200, begun)
        return headers, body

    def _count(self, environ: WSGIEnvironment) -> bool:
        """Count the request, once; False where its client has asked too often, which the application tells."""
        if COUNTED not in environ and not may_ask(self._app, environ, 1):
            return False
        environ[COUNTED] = True
        return True

    def _admit(self, environ: WSGIEnvironment, cost: int) -> None:
        if cost > self._using.settings.dear_cost:
            raise environ.get(DEFER, _Dear)

    def _of_answer(
        self,
        environ: WSGIEnvironment,
        values: Mapping[str, str],
        asked: SearchRequest,
        results: SearchResults,
        generation: str,
    ) -> list[tuple[str, str]]:
        using, host, prefix = self._using, get_host(environ), environ.get("SCRIPT_NAME", "")
        tag = tag_of(using, f"{host} {prefix} {ROUTE} {{}}", generation, question_of(values))
        root = f"{environ['wsgi.url_scheme']}://{host}{quote(prefix)}"
        links = page_links(asked, relations(results, using.settings), using.settings, root)
        origin = environ.get("HTTP_ORIGIN", "")
        return [("ETag", f'W/"{tag}"'), ("Link", links), *permission(self._allowed, origin)]


class _Dear(Exception):
    """A search that the application has to admit."""


def _values(environ: WSGIEnvironment) -> dict[str, str] | None:
    """The parameters of a plain search; None where it is none, or anything is said twice."""
    if environ["REQUEST_METHOD"] != "GET" or not _MORE.isdisjoint(environ):
        return None
    query, prefix = environ.get("QUERY_STRING", ""), environ.get("SCRIPT_NAME", "")
    if not query.isascii() or not prefix.isascii() or prefix.endswith("/"):
        return None
    pairs = parse_qsl(query, keep_blank_values=True, errors="werkzeug.url_quote")
    values = dict(pairs)
    return None if len(values) < len(pairs) or CURSOR in values else values
