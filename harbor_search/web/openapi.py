"""The OpenAPI 3.1 description of the API: `/openapi.json`, and `/openapi` for people.

Schemas are derived from the classes of results and limits from the settings, so that the description cannot diverge
from the code. The meaning of parameters is described here.
"""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, render_template
from markupsafe import Markup, escape

from harbor_search.config import Settings
from harbor_search.explanation import Change, Explanation, FieldPart, Part
from harbor_search.results import Applied, FacetValue, Hit, Match, SearchResults, Snippet, Tiers
from harbor_search.searching import to_json
from harbor_search.searching.request import FLAGS, SORTS, TOTALS
from harbor_search.version import __version__
from harbor_search.web import openapi_articles as articles
from harbor_search.web.addresses import own_root
from harbor_search.web.caching import conditional
from harbor_search.web.openapi_parts import answer, faults, parameter, refused
from harbor_search.web.schemas import (
    ARTICLE,
    BULK_RESULT,
    PROBLEM,
    RECORD,
    RELATED_ARTICLES,
    SUGGESTIONS,
    WRITE_RESULT,
    schema_of,
)
from harbor_search.web.services import services

__all__ = ["blueprint", "description"]

blueprint = Blueprint("openapi", __name__)

_CODE = re.compile("`([^`]+)`")


@blueprint.get("/openapi.json")
@conditional()
def document() -> Response:
    """The description for programs."""
    return Response(to_json(description(services().settings, own_root())), mimetype="application/json")


@blueprint.get("/openapi")
@conditional()
def page() -> str:
    """The description for people."""
    return render_template("openapi.html", api=description(services().settings, own_root()))


@blueprint.app_template_filter("with_code")
def with_code(text: str) -> Markup:
    """The Markdown of a description as HTML, of which only backticks are used."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))


def description(settings: Settings, root: str) -> dict[str, Any]:
    """The whole document for a site whose addresses begin with `root`."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Search of {settings.site_name}",
            "version": __version__,
            "summary": "Search for articles, and the articles themselves.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": root}],
        "tags": [{"name": "search"}, {"name": "articles"}, {"name": "writing"}, {"name": "operation"}],
        "paths": {
            "/api/v1/search": {"get": _search(settings)},
            "/api/v1/suggest": {"get": _suggest()},
            "/api/v1/articles": {
                "get": articles.by_query(articles.article(), "articleById"),
                "put": articles.by_query(articles.put(), "putArticleById"),
                "delete": articles.by_query(articles.delete(), "deleteArticleById"),
                "post": articles.bulk(),
            },
            "/api/v1/articles/{id}": {"get": articles.article(), "put": articles.put(), "delete": articles.delete()},
            "/api/v1/articles/{id}/related": {"get": articles.related()},
            "/api/v1/articles/{id}/similar": {"get": articles.similar()},
            "/healthz": {"get": _health("healthz", "Whether the process answers.", {"status": {"const": "ok"}})},
            "/readyz": {"get": _readiness()},
        },
        "components": {
            "schemas": _schemas(),
            "responses": faults(),
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _search(settings: Settings) -> dict[str, Any]:
    return {
        "operationId": "search",
        "tags": ["search"],
        "summary": "Search, best articles first",
        "description": "Without `q`, all articles, the newest first. Parameters with other names are ignored.",
        "parameters": _search_parameters(settings),
        "responses": {
            "200": answer("One page of results.", "SearchResults", ("ETag", "Link", "Cache-Control")),
            "304": {"description": "The caller's `If-None-Match` names the answer that it would get."},
            **refused("400", "429", "503"),
        },
    }


def _search_parameters(settings: Settings) -> list[dict[str, Any]]:
    whole = {"type": "integer", "minimum": 1}
    day = {"type": "string", "format": "date"}
    flag = {"type": "string", "enum": [*FLAGS, ""]}
    most = settings.max_results
    return [
        parameter(
            "q",
            'The query: words, `"phrases"`, `+must`, `-not`, `AND`/`OR`/`NOT`, `field:word`, `begin*`, `mispelt~`.',
            {"type": "string", "maxLength": settings.max_query_length},
            "back pain at night",
        ),
        parameter("page", f"Which page; `page` times `per_page` is at most {most:,}.", whole | {"maximum": most}, 2),
        parameter(
            "per_page", "Hits on a page.", whole | {"maximum": settings.max_per_page, "default": settings.per_page}
        ),
        parameter("sort", "The order.", {"type": "string", "enum": [*SORTS, ""], "default": SORTS[0]}),
        parameter("section", "Only this section and those below it, its path joined by ` > `.", {"type": "string"}),
        parameter("source", "Only articles of the source of this name.", {"type": "string"}),
        parameter("date_from", "Only articles published on this day or later.", day, "2025-01-31"),
        parameter("date_to", "Only articles published on this day or before.", day),
        parameter("strict", "`1`: every word must be in the article.", flag | {"default": "0"}),
        parameter("literal", "`1`: as typed, without corrections and other names.", flag | {"default": "0"}),
        parameter("fold", "`0`: near-duplicates as hits of their own.", flag | {"default": "1"}),
        parameter("diverse", "`0`: articles with the title of a better one in their place.", flag | {"default": "1"}),
        parameter(
            "explain", "`1`: with what makes up each score, and what would rank higher.", flag | {"default": "0"}
        ),
        parameter("facets", "`0`: without counts by section and year.", flag | {"default": "1"}),
        parameter("snippets", "`0`: without passages.", flag | {"default": "1"}),
        parameter(
            "total", "How exact the total must be.", {"type": "string", "enum": [*TOTALS, ""], "default": TOTALS[0]}
        ),
        parameter(
            "cursor",
            'Instead of `page`, to go through all matches: `*` begins, and the header `Link` with `rel="next"` has '
            "the address to go on at. What is gone through stays the same while the index is rebuilt.",
            {"type": "string"},
            "*",
        ),
    ]


def _suggest() -> dict[str, Any]:
    return {
        "operationId": "suggest",
        "tags": ["search"],
        "summary": "Suggestions while typing",
        "description": "Titles, headings and frequent phrases with these words, the last of which may be unfinished.",
        "parameters": [
            parameter("q", "What was typed so far.", {"type": "string"}, "back pa"),
            parameter(
                "section", "Only from this section and those below it (path joined by ` > `).", {"type": "string"}
            ),
        ],
        "responses": {
            "200": answer("Texts to search for, and articles to go to.", "Suggestions", ("ETag", "Cache-Control")),
            "304": {"description": "The caller's `If-None-Match` names the answer that it would get."},
            **refused("400", "429", "503"),
        },
    }


def _health(name: str, summary: str, properties: dict[str, Any]) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties, "required": list(properties)}
    content = {"application/json": {"schema": schema}}
    return {
        "operationId": name,
        "tags": ["operation"],
        "summary": summary,
        "responses": {"200": {"description": "It does.", "content": content}},
    }


def _readiness() -> dict[str, Any]:
    properties = {"status": {"const": "ready"}, "generation": {"type": "string"}}
    operation = _health("readyz", "Whether searches are answered, and fast.", properties)
    operation["responses"] |= refused("503")
    return operation


def _schemas() -> dict[str, Any]:
    explaining = (Explanation, Part, FieldPart, Change)
    classes = (SearchResults, Hit, Match, Snippet, FacetValue, Applied, Tiers, *explaining)
    schemas = {each.__name__: schema_of(each) for each in classes}
    results = schemas["SearchResults"]
    # It is sent as part of the header `Link`.
    del results["properties"]["after"]
    results["required"].remove("after")
    results["properties"]["total_pages"] = {"type": "integer", "description": "The number of pages that `total` fills."}
    results["required"].append("total_pages")
    results["properties"]["total_relation"] = {"type": "string", "enum": ["eq", "gte"]}
    results["properties"]["facets_relation"] = {
        "type": "string",
        "enum": ["eq", "approx"],
        "description": "`approx`: counts of `facets` are estimates, which may be off by one or two. Only an index in "
        "OpenSearch has such, where more than 2,000 groups of near-duplicates match.",
    }
    results["properties"]["hits"] = {"type": "array", "items": {"$ref": "#/components/schemas/Hit"}}
    pairs = {
        "corrections": ("from", "to"),
        "synonyms": ("word", "synonym"),
        "spellings": ("word", "spelling"),
        "fields": ("text", "field"),
    }
    for name, keys in pairs.items():
        texts = {key: {"type": "string"} for key in keys}
        item = {"type": "object", "properties": texts, "required": list(keys)}
        schemas["Applied"]["properties"][name] = {"type": "array", "items": item}
    schemas["Applied"]["properties"]["fields"]["description"] = (
        "What was looked for in one field alone, or narrowed the search, as `body:aches`. With a space after the "
        "colon it is searched as text."
    )
    return schemas | {
        "Article": ARTICLE,
        "BulkResult": BULK_RESULT,
        "Problem": PROBLEM,
        "Record": RECORD,
        "RelatedArticles": RELATED_ARTICLES,
        "Suggestions": SUGGESTIONS,
        "WriteResult": WRITE_RESULT,
    }
