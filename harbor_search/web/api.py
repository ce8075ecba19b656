"""The JSON endpoint: searches and articles for programs."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import Blueprint, Response, abort

from harbor_search.article import article_to_dict
from harbor_search.config import Settings
from harbor_search.searching import Cursor, SearchRequest, results_to_json, search, to_json, write_cursor
from harbor_search.tracing import stage
from harbor_search.web.addresses import own_root, with_id
from harbor_search.web.admission import admit
from harbor_search.web.caching import conditional
from harbor_search.web.paging import relations
from harbor_search.web.parameters import (
    ANSWER_NAMES,
    CURSOR,
    NAMES,
    canonical_query,
    cursor_scope,
    requested,
    search_values,
    with_cursor,
)
from harbor_search.web.query_recording import record_search
from harbor_search.web.services import services

__all__ = ["SEARCH", "blueprint", "page_links"]

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")

SEARCH = "/api/v1/search"


@blueprint.get("/search")
@conditional(canonical_query)
def search_articles() -> Response:
    """One page of results as JSON, with links to the other pages."""
    using = services()
    search_request = with_cursor(requested(using.settings, NAMES + ANSWER_NAMES), using.settings)
    results = search(using.engine, search_request, using.settings, admit=admit)
    record_search(results, page=False)
    with stage("serialise"):
        response = _json(results_to_json(results))
    if search_request.cursor is None:
        response.headers["Link"] = page_links(
            search_request, relations(results, using.settings), using.settings, own_root()
        )
    elif search_request.cursor.offset + len(results.hits) < results.total and results.hits:
        offset = search_request.cursor.offset + len(results.hits)
        response.headers["Link"] = _further(search_request, Cursor(results.generation, offset, results.after or None))
    return response


@blueprint.get("/articles/<article_id:article_id>")
@blueprint.get("/articles")
@conditional()
@with_id
def article(article_id: str) -> Response:
    """One article as JSON; 404 where there is none with this id."""
    found = services().engine.article(article_id)
    if found is None:
        abort(404, f"There is no article with the id {article_id!r}.")
    return _json(to_json(article_to_dict(found)))


def page_links(search_request: SearchRequest, pages: Mapping[str, int], settings: Settings, root: str) -> str:
    """The header `Link` (RFC 8288) with the first, last, previous and next page of a site at `root`."""
    values = search_values(search_request, settings)
    words = {"q": values.pop("q")} if "q" in values else {}
    before, after = urlencode(words), urlencode(values)
    start = f"{root}{SEARCH}"
    links = []
    for relation, page in pages.items():
        query = "&".join(filter(None, (before, f"page={page}" if page > 1 else "", after)))
        links.append(f'<{start}{"?" if query else ""}{query}>; rel="{relation}"')
    return ", ".join(links)


def _further(search_request: SearchRequest, cursor: Cursor) -> str:
    """The header `Link` to the next page, which starts at `cursor`."""
    settings = services().settings
    text = write_cursor(cursor, cursor_scope(search_request, settings))
    query = urlencode(search_values(search_request, settings) | {CURSOR: text})
    return f'<{own_root()}/api/v1/search?{query}>; rel="next"'


def _json(body: bytes) -> Response:
    return Response(body, mimetype="application/json")
