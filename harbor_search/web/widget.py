"""The widget: a script that adds a search box to any page, also of other origins, and its demonstration."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import orjson
from flask import Blueprint, Response, current_app, render_template, request

from harbor_search.web.assets import digest, lifetime
from harbor_search.web.localization import Language
from harbor_search.web.services import services

__all__ = ["blueprint", "version"]

SOURCE = Path(__file__).parent / "static" / "harbor-search.js"

_TEXTS = re.compile(rb"/\* texts \*/.*?/\* end of texts \*/", re.DOTALL)

blueprint = Blueprint("widget", __name__)


@blueprint.get("/harbor-search.js")
def script() -> Response:
    """The widget as a JavaScript module, in the site's language. Any site may load it: all of it is public."""
    language = services().language
    response = current_app.response_class(_script(language), mimetype="text/javascript")
    response.headers["Cache-Control"] = lifetime(version(language))
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.set_etag(version(language))
    response.make_conditional(request)
    return response


@blueprint.get("/widget")
def demonstration() -> str:
    """A demonstration of the widget, with the markup to embed it."""
    return render_template("widget.html")


def version(language: Language) -> str:
    """A hash of the script and its texts."""
    return digest(_script(language))


@lru_cache(maxsize=8)
def _script(language: Language) -> bytes:
    texts = orjson.dumps(_texts(language) | {"language": language.code, "direction": language.direction})
    # `</script>` is harmless in a file, but not if somebody copies the script into a page.
    texts = texts.replace(b"<", b"\\u003c")
    return _TEXTS.sub(lambda _: texts, SOURCE.read_bytes(), count=1)


def _texts(language: Language) -> dict[str, str]:
    """The texts of the script, which replaces `{name}` itself."""
    _ = language.gettext
    return {
        "search": _("Search"),
        "placeholder": _("Search articles"),
        "label": _("Search the articles"),
        "suggestions": _("Suggestions"),
        "articles": _("Articles"),
        "recent": _("Recent searches"),
        "forget": _("Clear recent searches"),
        "forgotten": _("Recent searches are cleared."),
        "available": _("Suggestions available: {num}. Move with the arrow keys."),
        "none": _("No suggestions. Press Enter to search."),
        "offline": _("You are offline. The search works again once you are connected."),
        "failed": _("The search cannot be reached at the moment."),
        "retry": _("Try again"),
        "match": _("Match {at} of {all}"),
        "previous": _("Previous match"),
        "next": _("Next match"),
    }
