"""Addresses: article ids in paths, the site's public address, and which external addresses may become links."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from flask import request
from werkzeug.routing import BaseConverter

from harbor_search.errors import UserError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["ArticleId", "own_address", "web_address", "with_base_url"]


class ArticleId(BaseConverter):
    """Any non-empty rest of a path: ids may be canonical URLs, with slashes anywhere, two in a row and at the end."""

    regex = r"[\s\S]+"
    part_isolating = False


def own_address() -> str:
    """Path and query of the current request as a reference that can be followed, every doubtful character quoted."""
    path = quote(request.root_path + request.path, safe="/:@!$&'()*+,;=~-._")
    query = quote(request.query_string, safe="%/:@!$&'()*+,;=~-._?")
    return f"{path}?{query}" if query else path


def web_address(url: str) -> str:
    """`url` where it is an absolute http or https address, else an empty text: nothing else becomes a link."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return url.strip() if parts.scheme in ("http", "https") and parts.hostname else ""


def with_base_url(app: WSGIApplication, base_url: str) -> WSGIApplication:
    """`app` as seen at `base_url`, whatever host and scheme the proxy in front of it speaks.

    A path in `base_url` is where the site hangs. The proxy may pass it on or not: it is taken off where it is there.

    Raises:
        UserError: `base_url` is not an http or https address.
    """
    if not web_address(base_url):
        raise UserError(f"base_url must be an address such as https://example.org, not {base_url!r}", where="base_url")
    parts = urlsplit(base_url.strip())
    prefix = parts.path.rstrip("/")

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["wsgi.url_scheme"] = parts.scheme
        environ["HTTP_HOST"] = parts.netloc
        environ["SCRIPT_NAME"] = prefix
        path = environ.get("PATH_INFO", "")
        if prefix and (path == prefix or path.startswith(prefix + "/")):
            environ["PATH_INFO"] = path.removeprefix(prefix) or "/"
        return app(environ, start_response)

    return serve
