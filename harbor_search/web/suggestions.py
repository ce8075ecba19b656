"""Endpoints for suggestions while typing, and for related and similar articles."""

from __future__ import annotations

from collections.abc import Iterable

import orjson
from flask import Blueprint, Response, abort, request

from harbor_search.article import SECTION_SEPARATOR, Article
from harbor_search.errors import UserError
from harbor_search.results import Hit
from harbor_search.searching import related, suggest, suggestions_to_dict, to_json
from harbor_search.web.caching import conditional
from harbor_search.web.services import services

__all__ = ["SUGGESTION_NAMES", "blueprint"]

SUGGESTION_NAMES = ("q", "section")

blueprint = Blueprint("suggestions", __name__)


@blueprint.get("/api/v1/suggest")
@conditional()
def suggestions() -> Response:
    """Suggestions for the typed text `q`: queries, and articles to open."""
    text, section = _asked()
    found = suggest(services().engine, text, section=section)
    return Response(to_json(suggestions_to_dict(text, found)), mimetype="application/json")


@blueprint.get("/opensearch/suggest")
@conditional()
def browser_suggestions() -> Response:
    """Suggestions for browsers that have the site as a search engine (OpenSearch Suggestions): `[q, [text, ...]]`."""
    text, _ = _asked()
    found = suggest(services().engine, text)
    texts = [each.text for each in found.texts]
    return Response(orjson.dumps([text, texts]), mimetype="application/x-suggestions+json")


@blueprint.get("/api/v1/articles/<article_id:article_id>/related")
@conditional()
def related_articles(article_id: str) -> Response:
    """The articles most related to one; 404 if there is none with this id."""
    engine = services().engine
    article = engine.article(article_id)
    if article is None:
        abort(404, f"There is no article with the id {article_id!r}.")
    return _articles(article_id, related(engine, article))


@blueprint.get("/api/v1/articles/<article_id:article_id>/similar")
@conditional()
def similar_articles(article_id: str) -> Response:
    """The near-duplicates of an article; 404 if there is none with this id."""
    engine = services().engine
    if engine.article(article_id) is None:
        abort(404, f"There is no article with the id {article_id!r}.")
    return _articles(article_id, engine.similar(article_id))


def _articles(article_id: str, articles: Iterable[Article | Hit]) -> Response:
    hits = [{"id": each.id, "title": each.title, "url": each.url, "section": list(each.section)} for each in articles]
    return Response(to_json({"id": article_id, "hits": hits}), mimetype="application/json")


def _asked() -> tuple[str, tuple[str, ...]]:
    for name in SUGGESTION_NAMES:
        if len(request.args.getlist(name)) > 1:
            raise UserError(f"{name} is given more than once; give it once", where=name)
    section = request.args.get("section", "").split(SECTION_SEPARATOR.strip())
    return request.args.get("q", ""), tuple(part.strip() for part in section if part.strip())
