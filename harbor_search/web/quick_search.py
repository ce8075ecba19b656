"""Searches answered before Flask is asked: plain ones, for programs and for readers.

Most requests of a busy site are plain searches, and of what an answer takes Flask's way to a view and back is a
quarter. This answers those that can be answered with 200, by the functions that the views are made of; everything else
goes on to the application: what is wrong, refused, expensive or conditional, and what is traced.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, quote

from flask import Flask
from werkzeug.wsgi import get_host

from harbor_search.results import SearchResults
from harbor_search.searching import SearchRequest, parse_request, results_to_json, search
from harbor_search.tracing import tracer
from harbor_search.web.admission import DEFER
from harbor_search.web.api import SEARCH, page_links
from harbor_search.web.caching import CACHE_CONTROL, tag_of
from harbor_search.web.client_limits import COUNTED, try_spend
from harbor_search.web.cors import permission
from harbor_search.web.headers import EVERYWHERE
from harbor_search.web.links import RESULTS, mounted_at, root
from harbor_search.web.metrics import SECONDS, sample
from harbor_search.web.observing import request_id, write_line
from harbor_search.web.pages import RESULTS_TEMPLATE, results_context
from harbor_search.web.paging import relations
from harbor_search.web.parameters import ANSWER_NAMES, CURSOR, NAMES, canonical_query_of
from harbor_search.web.query_recording import record_answer
from harbor_search.web.services import SLOW, Services
from harbor_search.web.web_addresses import allowed_origins

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["with_quick_search"]

Headers = list[tuple[str, str]]

_MORE = frozenset({"HTTP_IF_NONE_MATCH", "HTTP_AUTHORIZATION", SLOW})
"""What an environment has where it takes more than a search to answer."""

_MOST_ASKED = 1_024
"""Addresses of which it is remembered what they ask for, and which pages are linked: about a megabyte."""

_LONGEST_ASKED = 300
"""Characters of the parameters of such an address: longer ones were pasted, and are not asked again."""

_ALWAYS = [("Cache-Control", CACHE_CONTROL), *EVERYWHERE.items()]


class _Place(NamedTuple):
    """Where plain searches come to: what the view is called where requests are counted, the parameters that it knows,
    what makes a body of results, what type it has, and what more headers say."""

    route: str
    names: frozenset[str]
    page: bool
    content_type: str
    body: Callable[[WSGIEnvironment, SearchResults, SearchRequest], bytes]
    headers: Callable[[WSGIEnvironment, str, SearchResults, SearchRequest], Headers]


def with_quick_search(app: Flask, using: Services) -> WSGIApplication:
    """`app`, with plain searches answered before it is asked; headers, limits, metrics and logs are the same.

    Where somebody who embeds the application adds hooks of their own to it, it is asked always. That is looked at with
    each request: Flask takes hooks until it has answered one itself.
    """
    wsgi_app, hooks = app.wsgi_app, _hooks(app)
    quick = {path: _QuickSearch(app, using, place) for path, place in _places(app, using).items()}

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        place = quick.get(environ.get("PATH_INFO", ""))
        if place is not None and tracer() is None and _hooks(app) == hooks:
            answer = place.answer(environ)
            if answer is not None:
                headers, body = answer
                start_response("200 OK", headers)
                return [body]
        return wsgi_app(environ, start_response)

    return serve


def _hooks(app: Flask) -> tuple[int, ...]:
    every = (
        *(app.url_value_preprocessors, app.before_request_funcs, app.template_context_processors),
        *(app.after_request_funcs, app.teardown_request_funcs),
    )
    return (len(app.teardown_appcontext_funcs), *[len(each.get(None, ())) for each in every])


def _places(app: Flask, using: Services) -> dict[str, _Place]:
    settings, allowed = using.settings, allowed_origins(using.settings.cors_origins)
    template = app.jinja_env.get_template(RESULTS_TEMPLATE)

    def page(environ: WSGIEnvironment, results: SearchResults, asked: SearchRequest) -> bytes:
        with mounted_at(environ.get("SCRIPT_NAME", "")):
            return template.render(results_context(results, asked, using), root=root()).encode("utf-8", "replace")

    @lru_cache(maxsize=_MOST_ASKED)
    def link(asked: SearchRequest, pages: tuple[tuple[str, int], ...], site: str) -> str:
        return page_links(asked, dict(pages), settings, site)

    def links(environ: WSGIEnvironment, site: str, results: SearchResults, asked: SearchRequest) -> Headers:
        own = link(asked, tuple(relations(results, settings).items()), site)
        return [("Link", own), *permission(allowed, environ.get("HTTP_ORIGIN", ""))]

    every = frozenset(NAMES + ANSWER_NAMES)
    return {
        SEARCH: _Place(
            "api.search_articles", every, False, "application/json", lambda _, found, __: results_to_json(found), links
        ),
        RESULTS: _Place("pages.results", frozenset(NAMES), True, "text/html; charset=utf-8", page, lambda *_: []),
    }


class _Asked(NamedTuple):
    """What the parameters of an address ask for, and how an answer's tag has them (see `canonical_query_of`)."""

    request: SearchRequest
    question: str


class _QuickSearch:
    def __init__(self, app: Flask, using: Services, place: _Place) -> None:
        self._app, self._using, self._place = app, using, place
        self._seconds = SECONDS.labels(place.route, 200)
        self._logs = using.settings.log_format == "json"
        self._always = [("Content-Type", place.content_type), *_ALWAYS]
        self._asked_before = lru_cache(maxsize=_MOST_ASKED)(self._read)

    def answer(self, environ: WSGIEnvironment) -> tuple[Headers, bytes] | None:
        """Headers and body; None where the application has to answer."""
        begun = time.perf_counter()
        if not _is_plain(environ):
            return None
        using, place = self._using, self._place
        try:
            read = self._asked(environ.get("QUERY_STRING", ""))
            if read is None or not self._count(environ):
                return None
            asked = read.request
            generation = using.engine.generation()
            results = search(using.engine, asked, using.settings, admit=partial(self._admit, environ))
            body = place.body(environ, results, asked)
        except Exception:  # the application finds the same, and says what is wrong
            return None
        if results.generation != generation or (place.page and using.engine.generation() != generation):
            return None  # a page asks for more than the search did, of what is live by then
        number = request_id(environ)
        headers = [
            ("Content-Length", str(len(body))),  # first, as servers look for it
            *self._always,
            ("X-Request-Id", number),
            *self._of_answer(environ, read, results, generation),
        ]
        record_answer(self._app, environ, results, page=place.page)
        self._seconds.observe(time.perf_counter() - begun)
        sample(using.engine, slow=False)
        if self._logs:
            write_line(number, environ, environ["PATH_INFO"], place.route, 200, begun)
        return headers, body

    def _count(self, environ: WSGIEnvironment) -> bool:
        """Count the request, once; False where its client has asked too often, which the application tells."""
        if COUNTED not in environ and not try_spend(self._app, environ, 1):
            return False
        environ[COUNTED] = True
        return True

    def _admit(self, environ: WSGIEnvironment, cost: int) -> None:
        if cost > self._using.settings.slow_lane_cost:
            raise environ.get(DEFER, _Expensive)

    def _of_answer(
        self,
        environ: WSGIEnvironment,
        read: _Asked,
        results: SearchResults,
        generation: str,
    ) -> Headers:
        scheme, prefix = environ["wsgi.url_scheme"], environ.get("SCRIPT_NAME", "")
        host = _host(scheme, environ.get("HTTP_HOST", ""), environ["SERVER_NAME"], environ["SERVER_PORT"])
        place = f"{host} {prefix} {self._place.route} {{}}"
        tag = tag_of(self._using, place, generation, read.question, lately=True)
        site = f"{scheme}://{host}{quote(prefix)}"
        return [("ETag", f'W/"{tag}"'), *self._place.headers(environ, site, results, read.request)]

    def _asked(self, query: str) -> _Asked | None:
        """What the parameters in an address ask for; None where the application has to say."""
        return self._asked_before(query) if len(query) <= _LONGEST_ASKED else self._read(query)

    def _read(self, query: str) -> _Asked | None:
        pairs = parse_qsl(query, keep_blank_values=True, errors="werkzeug.url_quote")
        values = dict(pairs)
        if len(values) < len(pairs) or CURSOR in values:
            return None
        known = {name: text for name, text in values.items() if name in self._place.names}
        return _Asked(parse_request(known, self._using.settings), canonical_query_of(values))


class _Expensive(Exception):
    """A search that the application has to admit."""


@lru_cache(maxsize=16)
def _host(scheme: str, given: str, name: str, port: str) -> str:
    """The host that a request is for, which a site has few of."""
    own = {"wsgi.url_scheme": scheme, "SERVER_NAME": name, "SERVER_PORT": port}
    return get_host(own | {"HTTP_HOST": given} if given else own)


def _is_plain(environ: WSGIEnvironment) -> bool:
    """Whether a request is a plain search as far as can be told before its parameters are read."""
    query, prefix = environ.get("QUERY_STRING", ""), environ.get("SCRIPT_NAME", "")
    plain = environ["REQUEST_METHOD"] == "GET" and _MORE.isdisjoint(environ)
    return plain and query.isascii() and prefix.isascii() and not prefix.endswith("/")
