"""The search site inside an existing Flask application."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from harbor_search.config import Settings
from harbor_search.engines import SearchEngine
from harbor_search.web.app import create_app

__all__ = ["create_blueprint"]

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def create_blueprint(
    settings: Settings | None = None, engine: SearchEngine | None = None, *, name: str = "harbor_search"
) -> Blueprint:
    """The pages and the JSON endpoint as a blueprint, to be registered under any prefix:

        app.register_blueprint(create_blueprint(Settings(index=Path("index"))), url_prefix="/find")

    Requests below the prefix are answered by a separate application, so that the templates, error pages, headers and
    hooks of the two do not interfere; its links begin with the prefix, whatever proxy or prefix the outer application
    has. The arguments are those of `create_app`. `url_for(f"{name}.serve", path="search")` is the URL of the results
    page.

    Raises:
        UserError: a setting is invalid.
        OperationalError: the engine cannot be opened.
    """
    site = create_app(settings, engine)
    blueprint = Blueprint(name, __name__)

    def serve(path: str) -> Response:
        """The site's response for the rest of the path."""
        environ = dict(request.environ)
        whole = environ.get("PATH_INFO", "")
        rest = _rest(whole, path)
        environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + whole[: len(whole) - len(rest)]
        environ["PATH_INFO"] = rest
        return Response.from_app(site.wsgi_app, environ)

    blueprint.add_url_rule("/", endpoint="serve", view_func=serve, defaults={"path": ""}, methods=_METHODS)
    # An article's id may be a URL, with two slashes in a row.
    blueprint.add_url_rule("/<path:path>", endpoint="serve", view_func=serve, methods=_METHODS, merge_slashes=False)
    return blueprint


def _rest(whole: str, path: str) -> str:
    """The end of the path `whole`, with its slash, that the blueprint's rule matched as `path`."""
    # By segments: the matched value is decoded, which does not preserve every path.
    return "/" + "/".join(whole.split("/")[-path.count("/") - 1 :])
