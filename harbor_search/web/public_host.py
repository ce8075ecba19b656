"""In front of the application: which host it is asked at, and where the public sees it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes, urlsplit

from harbor_search.errors import UserError
from harbor_search.web.addresses import web_address

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["with_base_url", "with_sound_host"]

MOUNT = "/-"
"""Stands before the site's paths where `base_url` ends in /articles or below: an id may be anything, `search` too, so
that without it /articles/search could be the results or an article."""

_ARTICLES = "/articles"
_ENDPOINT = "/api/v1"

_HOST = re.compile(r"(?!.{254})(\[[0-9a-fA-F:.]{2,45}\]|[\w-]{1,63}(\.[\w-]{1,63})*\.?)(:[0-9]{1,5})?", re.ASCII)


def with_sound_host(app: WSGIApplication) -> WSGIApplication:
    """`app`, asked only where the Host header can be a host; else no address could be built, not even for an error."""

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        host = environ.get("HTTP_HOST")
        if not host or _HOST.fullmatch(host):
            return app(environ, start_response)
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("X-Content-Type-Options", "nosniff")]
        start_response("400 Bad Request", [*headers, ("Cache-Control", "no-store")])
        return [b"The Host header does not name a host.\n"]

    return serve


def with_base_url(app: WSGIApplication, base_url: str, knows: Callable[[str], bool]) -> WSGIApplication:
    """`app` as seen at `base_url`, whatever host and scheme the proxy in front of it speaks.

    A path in `base_url` is where the site hangs, and the proxy may pass it on or not. It is taken off where what
    follows it is an address of the site, as `knows` says of a path. That is unambiguous for every address that the site
    itself gives: where `base_url` hangs the site below its own articles, `MOUNT` stands before its paths.

    Raises:
        UserError: `base_url` is not an http or https address, or hangs the site below its own endpoint for programs.
    """
    if not web_address(base_url) or not _HOST.fullmatch((parts := urlsplit(base_url.strip())).netloc):
        raise UserError(f"base_url must be an address such as https://example.org, not {base_url!r}", where="base_url")
    # As servers hand paths to applications: bytes, each as one character.
    prefix = unquote_to_bytes(parts.path.rstrip("/")).decode("latin-1")
    if _is_at_or_below(prefix, _ENDPOINT):
        raise UserError(
            f"base_url cannot end in {prefix}: below {_ENDPOINT} is the endpoint for programs, and a proxy that takes "
            "the path off could not be told from one that leaves it; hang the site somewhere else",
            where="base_url",
        )
    mount = MOUNT if _is_at_or_below(prefix, _ARTICLES) else ""

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["wsgi.url_scheme"] = parts.scheme
        environ["HTTP_HOST"] = parts.netloc
        environ["SCRIPT_NAME"] = prefix + mount
        environ["PATH_INFO"] = _within(environ.get("PATH_INFO", ""), prefix, mount, knows)
        return app(environ, start_response)

    return serve


def _within(path: str, prefix: str, mount: str, knows: Callable[[str], bool]) -> str:
    """`path` as the site knows it: without `prefix`, where it has that, and without `mount`."""
    if prefix and path == prefix:
        # Below /search, a proxy that takes the path off asks for the results with what another calls the front page by.
        return path if knows(path) else "/"
    rest = path.removeprefix(prefix) if prefix and path.startswith(prefix + "/") else path
    if mount and rest.startswith(mount + "/"):
        return rest.removeprefix(mount)
    return rest if knows(rest) else path


def _is_at_or_below(path: str, other: str) -> bool:
    return f"{path}/".startswith(f"{other}/")
