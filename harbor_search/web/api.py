"""The JSON endpoint: searches and articles for programs."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, current_app, url_for

from harbor_search.article import article_to_dict
from harbor_search.searching import SearchRequest, results_to_dict, search, to_json
from harbor_search.web.caching import entity_tag, not_modified, tagged
from harbor_search.web.paging import last_page, page_relations
from harbor_search.web.parameters import requested, search_values
from harbor_search.web.services import services

__all__ = ["blueprint"]

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@blueprint.get("/search")
def search_articles() -> Response:
    """One page of results as JSON, with an ETag and links to the other pages."""
    using = services()
    asked = requested(using.settings)
    values = search_values(asked, using.settings, page=asked.page)
    unchanged = not_modified(entity_tag(using.engine.generation(), values))
    if unchanged:
        return unchanged
    results = search(using.engine, asked, using.settings)
    response = tagged(_json(results_to_dict(results)), entity_tag(results.generation, values))
    response.headers["Link"] = _links(asked, last_page(results, using.settings))
    return response


@blueprint.get("/articles/<article_id:article_id>")
def article(article_id: str) -> Response:
    """One article as JSON; 404 where there is none with this id."""
    engine = services().engine
    tag = entity_tag(engine.generation(), {"id": article_id})
    found = engine.article(article_id)
    if found is None:
        abort(404, f"There is no article with the id {article_id!r}.")
    return not_modified(tag) or tagged(_json(article_to_dict(found)), tag)


def _links(asked: SearchRequest, last: int) -> str:
    settings = services().settings
    addresses = {
        relation: url_for("api.search_articles", _external=True, **search_values(asked, settings, page=page))
        for relation, page in page_relations(asked.page, last).items()
    }
    return ", ".join(f'<{address}>; rel="{relation}"' for relation, address in addresses.items())


def _json(values: dict[str, Any]) -> Response:
    return current_app.response_class(to_json(values), mimetype="application/json")
