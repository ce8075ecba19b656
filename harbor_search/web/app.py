"""The application factory, which wires the layers together."""

from __future__ import annotations

from functools import partial

from flask import Flask
from werkzeug.routing import MapAdapter

from harbor_search.config import Settings
from harbor_search.config_loading import load_settings
from harbor_search.engines import SearchEngine
from harbor_search.index import open_index
from harbor_search.keys import KEYS, Keys
from harbor_search.web import (
    api,
    assets,
    client_limits,
    cors,
    crawlers,
    headers,
    health,
    insights_page,
    observing,
    openapi,
    pages,
    problems,
    query_recording,
    request_spans,
    search_description,
    site_identity,
    suggestions,
    templating,
    widget,
    write_api,
)
from harbor_search.web.addresses import ArticleId, WritableId
from harbor_search.web.caching import fingerprint
from harbor_search.web.compression import compressed
from harbor_search.web.localization import load_language
from harbor_search.web.public_host import with_base_url, with_valid_host
from harbor_search.web.quick_search import with_quick_search
from harbor_search.web.readiness import Readiness
from harbor_search.web.services import Services, install, slow_lane_engine
from harbor_search.web.site_settings import check_site
from harbor_search.web.theme import load_theme
from harbor_search.web.write_service import WriteService

__all__ = ["create_app"]

MAX_BODY_BYTES = 64 * 1024
"""Larger request bodies are refused before they are received; for writes the limit is `max_write_bytes`."""


def create_app(settings: Settings | None = None, engine: SearchEngine | None = None) -> Flask:
    """The search site as a WSGI application.

    By default settings are loaded from file and environment, and the engine that they name is opened. It is warmed up
    in the background.

    Raises:
        UserError: settings are invalid; all that are about the site are named.
        OperationalError: the engine cannot be opened.
    """
    settings = load_settings() if settings is None else settings
    check_site(settings)
    app = Flask("harbor_search.web")
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.url_map.strict_slashes = False
    app.url_map.converters["article_id"] = ArticleId
    app.url_map.converters["writable_id"] = WritableId
    using = _services(app, settings, engine)
    install(app, using)
    _add_parts(app, using)
    _add_layers(app, using)
    using.readiness.begin()
    if using.keys.all() or using.writes.any_yet():
        using.writes.begin()
    return app


def _services(app: Flask, settings: Settings, given: SearchEngine | None) -> Services:
    engine = open_index(settings).engine if given is None else given
    return Services(
        settings,
        engine,
        Readiness(engine),
        fingerprint(app, settings),
        load_language(settings),
        load_theme(settings),
        slow_lane_engine(engine),
        Keys(settings.index / KEYS),
        WriteService(settings, given),
    )


def _add_parts(app: Flask, using: Services) -> None:
    """Register blueprints and request hooks; hooks run in the order of registration."""
    settings = using.settings
    observing.register(app, settings)
    request_spans.register(app, settings)
    for part in (
        api,
        write_api,
        suggestions,
        pages,
        health,
        observing,
        search_description,
        openapi,
        site_identity,
        widget,
        crawlers,
        insights_page,
    ):
        app.register_blueprint(part.blueprint)
    for part in (problems, headers, cors, assets):
        part.register(app)
    client_limits.register(app, settings)
    query_recording.register(app, settings)
    templating.set_up(app, using)


def _add_layers(app: Flask, using: Services) -> None:
    """Wrap the application in WSGI middleware, the innermost first."""
    settings = using.settings
    app.wsgi_app = with_quick_search(app, using)  # type: ignore[method-assign,assignment]
    app.wsgi_app = compressed(app.wsgi_app)  # type: ignore[method-assign,assignment]
    app.wsgi_app = with_valid_host(app.wsgi_app)  # type: ignore[method-assign,assignment]
    if settings.base_url:
        has_route = partial(_has_route, app.url_map.bind(""))
        app.wsgi_app = with_base_url(app.wsgi_app, settings.base_url, has_route)  # type: ignore[method-assign,assignment]


def _has_route(addresses: MapAdapter, path: str) -> bool:
    """Whether the site has a route for `path`, a WSGI string (each character is a byte)."""
    return addresses.test(path.encode("latin-1").decode("utf-8", "replace"), "GET")
