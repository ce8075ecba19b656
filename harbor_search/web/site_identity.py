"""The publisher's branding: colours, logo, links, icons and web app manifest."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, jsonify, send_file

from harbor_search.web.assets import digest, lifetime
from harbor_search.web.links import root
from harbor_search.web.services import services
from harbor_search.web.theme import LOGO_TYPES, Theme

__all__ = ["blueprint", "version"]

blueprint = Blueprint("identity", __name__)

ICON_SIZES = (192, 512)
"""Pixels; the sizes that browsers need to put a site on a home screen."""

A_DAY = "public, max-age=86400"


@blueprint.get("/theme.css")
def theme_css() -> Response:
    """The colours changed by the settings."""
    theme = services().theme
    response = current_app.response_class(theme.css, mimetype="text/css")
    response.headers["Cache-Control"] = lifetime(version(theme))
    return response


@blueprint.get("/logo")
def logo() -> Response:
    """The logo of the settings; 404 if there is none."""
    theme = services().theme
    if theme.logo is None:
        abort(404)
    response = send_file(theme.logo, mimetype=LOGO_TYPES[theme.logo.suffix.lower()])
    response.headers["Cache-Control"] = lifetime(version(theme))
    return response


@blueprint.get("/favicon.ico")
def favicon() -> Response:
    """The icon at its traditional URL."""
    response = current_app.send_static_file("favicon.ico")
    response.headers["Cache-Control"] = A_DAY
    return response


@blueprint.get("/manifest.webmanifest")
def manifest() -> Response:
    """The web app manifest, for home screens."""
    using = services()
    icons = [
        {"src": f"{root()}/static/icon-{size}.png", "sizes": f"{size}x{size}", "type": "image/png"}
        for size in ICON_SIZES
    ]
    light = using.theme.grounds[0]
    response = jsonify(
        name=using.settings.site_name,
        lang=using.language.code,
        dir=using.language.direction,
        start_url=f"{root()}/",
        display="browser",
        background_color=light,
        theme_color=light,
        icons=icons,
    )
    response.mimetype = "application/manifest+json"
    response.headers["Cache-Control"] = A_DAY
    return response


def version(theme: Theme) -> str:
    """Changes with the colours and the logo."""
    return digest(theme.css.encode() + (theme.logo.read_bytes() if theme.logo else b""))
