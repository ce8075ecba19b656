"""Middleware for the Host header, and for the public URL of a site behind a proxy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes, urlsplit

from harbor_search.errors import UserError
from harbor_search.web.web_addresses import web_address

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["public_url", "with_base_url", "with_valid_host"]

MOUNT = "/-"
"""Prefix of the site's paths if `base_url` ends in /articles or below: article ids may be anything, so without it
/articles/search could be the results page or the article `search`."""

_ARTICLES = "/articles"
_ENDPOINT = "/api/v1"

_HOST = re.compile(r"(?!.{254})(\[[0-9a-fA-F:.]{2,45}\]|[\w-]{1,63}(\.[\w-]{1,63})*\.?)(:[0-9]{1,5})?", re.ASCII)


def with_valid_host(app: WSGIApplication) -> WSGIApplication:
    """Middleware that refuses requests with a malformed Host header, for which no URL can be built."""

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        host = environ.get("HTTP_HOST")
        if not host or _HOST.fullmatch(host):
            return app(environ, start_response)
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("X-Content-Type-Options", "nosniff")]
        start_response("400 Bad Request", [*headers, ("Cache-Control", "no-store")])
        return [b"The Host header does not name a host.\n"]

    return serve


def with_base_url(app: WSGIApplication, base_url: str, has_route: Callable[[str], bool]) -> WSGIApplication:
    """Middleware that makes `app` build URLs below `base_url`, whatever host and scheme the proxy uses.

    The proxy may pass the path of `base_url` on or strip it. It is removed if the rest of the path is a route of the
    site (`has_route`), which is unambiguous for every URL that the site generates: if `base_url` is below /articles,
    `MOUNT` precedes the site's paths.

    Raises:
        UserError: `base_url` is not an http or https URL, or is below the JSON endpoint.
    """
    scheme, host, prefix = public_url(base_url)
    mount = MOUNT if _is_at_or_below(prefix, _ARTICLES) else ""

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["wsgi.url_scheme"] = scheme
        environ["HTTP_HOST"] = host
        environ["SCRIPT_NAME"] = prefix + mount
        environ["PATH_INFO"] = _within(environ.get("PATH_INFO", ""), prefix, mount, has_route)
        return app(environ, start_response)

    return serve


def public_url(base_url: str) -> tuple[str, str, str]:
    """Scheme, host and path of `base_url`, the path as a WSGI string and without a slash at its end.

    Raises:
        UserError: `base_url` is not an http or https URL, or is below the JSON endpoint.
    """
    if not web_address(base_url) or not _HOST.fullmatch((parts := urlsplit(base_url.strip())).netloc):
        raise UserError(f"base_url must be an address such as https://example.org, not {base_url!r}", where="base_url")
    # A WSGI string: each character is a byte.
    prefix = unquote_to_bytes(parts.path.rstrip("/")).decode("latin-1")
    if _is_at_or_below(prefix, _ENDPOINT):
        raise UserError(
            f"base_url cannot end in {prefix}: below {_ENDPOINT} is the endpoint for programs, and a proxy that takes "
            "the path off could not be told from one that leaves it; hang the site somewhere else",
            where="base_url",
        )
    return parts.scheme, parts.netloc, prefix


def _within(path: str, prefix: str, mount: str, has_route: Callable[[str], bool]) -> str:
    """`path` relative to the site: without `prefix`, if it has that, and without `mount`."""
    if prefix and path == prefix:
        # With `base_url` .../search this is the results page if the proxy strips the prefix, else the front page.
        return path if has_route(path) else "/"
    rest = path.removeprefix(prefix) if prefix and path.startswith(prefix + "/") else path
    if mount and rest.startswith(mount + "/"):
        return rest.removeprefix(mount)
    return rest if has_route(rest) else path


def _is_at_or_below(path: str, other: str) -> bool:
    return f"{path}/".startswith(f"{other}/")
