"""In front of the application: which host it is asked at, and where the public sees it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from harbor_search.errors import UserError
from harbor_search.web.addresses import web_address

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["with_base_url", "with_sound_host"]

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


def with_base_url(app: WSGIApplication, base_url: str) -> WSGIApplication:
    """`app` as seen at `base_url`, whatever host and scheme the proxy in front of it speaks.

    A path in `base_url` is where the site hangs. The proxy may pass it on or not: it is taken off where it is there.

    Raises:
        UserError: `base_url` is not an http or https address.
    """
    if not web_address(base_url) or not _HOST.fullmatch((parts := urlsplit(base_url.strip())).netloc):
        raise UserError(f"base_url must be an address such as https://example.org, not {base_url!r}", where="base_url")
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
