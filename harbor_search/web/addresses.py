"""Addresses: article ids in paths, a request's own address, and which external addresses may become links."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import quote, urlsplit

from flask import Response, request
from werkzeug.routing import BaseConverter

from harbor_search.errors import UserError

__all__ = ["ArticleId", "WritableId", "own_address", "own_root", "web_address", "with_id"]


class ArticleId(BaseConverter):
    """Any non-empty rest of a path: ids may be canonical URLs, with slashes anywhere, two in a row and at the end."""

    regex = r"[\s\S]+"
    part_isolating = False


class WritableId(ArticleId):
    """An id that an article can be written to: not one whose address is that of others related or similar to it."""

    regex = r"[\s\S]+(?<!/related)(?<!/similar)"


def with_id(view: Callable[[str], Response]) -> Callable[..., Response]:
    """A view of one article whose id stands in the path or, as some ids' paths are those of something else, in `id`.

    Raises:
        UserError: neither names one, or `id` several.
    """

    @wraps(view)
    def answer(article_id: str = "") -> Response:
        if not article_id:
            given = request.args.getlist("id")
            if len(given) != 1 or not given[0]:
                raise UserError("say which article, once: /api/v1/articles?id=ID", where="id")
            article_id = given[0]
        return view(article_id)

    return answer


def own_address() -> str:
    """Path and query of the current request as a reference that can be followed, every doubtful character quoted."""
    path = quote(request.root_path + request.path, safe="/:@!$&'()*+,;=~-._")
    query = quote(request.query_string, safe="%/:@!$&'()*+,;=~-._?")
    return f"{path}?{query}" if query else path


def own_root() -> str:
    """The absolute address that the site's own addresses begin with, without a slash at its end."""
    environ = request.environ
    prefix = environ.get("SCRIPT_NAME", "")
    # url_for would take longer than all the rest of an answer's headers.
    return f"{environ['wsgi.url_scheme']}://{request.host}{quote(prefix.encode('latin-1')) if prefix else ''}"


def web_address(url: str) -> str:
    """`url` where it is an absolute http or https address, else an empty text: nothing else becomes a link."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return url.strip() if parts.scheme in ("http", "https") and parts.hostname else ""
