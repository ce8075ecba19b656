"""Cross-origin requests to the JSON endpoint (Fetch standard, CORS protocol).

Scripts of any origin may read it, unless the settings list some. Only listed origins may write, and they need a key.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, request

from harbor_search.errors import UserError
from harbor_search.web.addresses import web_address
from harbor_search.web.headers import API_PREFIX
from harbor_search.web.services import services

__all__ = ["allowed_origins", "permission", "register"]

ANY = "*"

ARTICLES = f"{API_PREFIX}v1/articles"
"""The path below which articles can be written."""

EXPOSED = "ETag, Link, Retry-After"

PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match",
    # Browsers keep the permission for at most a day (Firefox) or two hours (Chromium).
    "Access-Control-Max-Age": "86400",
}


WRITING = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS, PUT, POST, DELETE",
    "Access-Control-Allow-Headers": "If-None-Match, Authorization, Content-Type",
}
"""For origins listed in the settings."""


def register(app: Flask) -> None:
    """Let scripts of the allowed origins read the responses of the JSON endpoint, including errors.

    Raises:
        UserError: an origin is malformed.
    """
    with app.app_context():
        allowed = allowed_origins(services().settings.cors_origins)

    def permit(response: Response) -> Response:
        if not request.path.startswith(API_PREFIX):
            return response
        given = request.environ.get("HTTP_ORIGIN", "")
        response.headers.extend(permission(allowed, given))
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            writing = ANY not in allowed and request.path.startswith(ARTICLES)
            if ANY in allowed or given in allowed:
                response.headers.update(PREFLIGHT | (WRITING if writing else {}))
        return response

    app.after_request(permit)


def permission(allowed: frozenset[str], origin: str) -> list[tuple[str, str]]:
    """The headers that let scripts of an origin read a response, if it is allowed."""
    if ANY in allowed:
        return [("Access-Control-Allow-Origin", ANY), ("Access-Control-Expose-Headers", EXPOSED)]
    # Caches must not hand the permission of one origin to another, nor its absence.
    vary = [("Vary", "Origin")]
    if origin not in allowed:
        return vary
    return [*vary, ("Access-Control-Allow-Origin", origin), ("Access-Control-Expose-Headers", EXPOSED)]


def allowed_origins(text: str) -> frozenset[str]:
    """The origins in `text`, separated by spaces or commas, as browsers send them.

    Raises:
        UserError: an origin is malformed.
    """
    origins = text.replace(",", " ").split()
    for origin in origins:
        parts = urlsplit(origin)
        if origin != ANY and (not web_address(origin) or origin != f"{parts.scheme}://{parts.netloc}".lower()):
            raise UserError(
                f"cors_origins: {origin!r} is no origin; write one such as https://www.example.org, in small letters "
                "and without a path",
                where="cors_origins",
            )
    return frozenset(origins)
