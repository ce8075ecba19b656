"""Cross-origin requests to the JSON endpoint (Fetch standard, CORS protocol).

Scripts of any origin may read it, unless the settings list some. Only listed origins may write, and they need a key.
"""

from __future__ import annotations

from flask import Flask, Response, request

from harbor_search.web.headers import API_PREFIX
from harbor_search.web.services import services
from harbor_search.web.web_addresses import ANY_ORIGIN, allowed_origins

__all__ = ["permission", "register"]

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
            writing = ANY_ORIGIN not in allowed and request.path.startswith(ARTICLES)
            if ANY_ORIGIN in allowed or given in allowed:
                response.headers.update(PREFLIGHT | (WRITING if writing else {}))
        return response

    app.after_request(permit)


def permission(allowed: frozenset[str], origin: str) -> list[tuple[str, str]]:
    """The headers that let scripts of an origin read a response, if it is allowed."""
    if ANY_ORIGIN in allowed:
        return [("Access-Control-Allow-Origin", ANY_ORIGIN), ("Access-Control-Expose-Headers", EXPOSED)]
    # Caches must not hand the permission of one origin to another, nor its absence.
    vary = [("Vary", "Origin")]
    if origin not in allowed:
        return vary
    return [*vary, ("Access-Control-Allow-Origin", origin), ("Access-Control-Expose-Headers", EXPOSED)]
