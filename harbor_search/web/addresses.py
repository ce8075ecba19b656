"""URLs: article ids in paths, and the URL of the current request."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import quote

from flask import Response, request
from werkzeug.routing import BaseConverter

from harbor_search.errors import UserError

__all__ = ["ArticleId", "WritableId", "own_address", "own_root", "with_id"]


class ArticleId(BaseConverter):
    """Any non-empty rest of a path: ids may be URLs, with slashes anywhere, doubled and at the end."""

    regex = r"[\s\S]+"
    part_isolating = False


class WritableId(ArticleId):
    """An id that can be written: not one whose URL is that of related or similar articles."""

    regex = r"[\s\S]+(?<!/related)(?<!/similar)"


def with_id(view: Callable[[str], Response]) -> Callable[..., Response]:
    """Decorator for views of one article; its id is in the path or, for ids whose path is taken, the parameter `id`.

    Raises:
        UserError: there is no id, or more than one.
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
    """Path and query of the current request as a relative reference, with unsafe characters quoted."""
    path = quote(request.root_path + request.path, safe="/:@!$&'()*+,;=~-._")
    query = quote(request.query_string, safe="%/:@!$&'()*+,;=~-._?")
    return f"{path}?{query}" if query else path


def own_root() -> str:
    """The absolute URL of the site's root, without a trailing slash."""
    environ = request.environ
    prefix = environ.get("SCRIPT_NAME", "")
    # url_for would take longer than all other headers of a response.
    return f"{environ['wsgi.url_scheme']}://{request.host}{quote(prefix.encode('latin-1')) if prefix else ''}"
