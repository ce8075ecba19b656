"""Templating: what every template finds: texts in the site's language, the theme, parts of addresses."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from flask import Flask, request
from jinja2.ext import Extension
from markupsafe import Markup

from harbor_search.web import formatting, links, site_identity, widget
from harbor_search.web.facets import ChoiceItems
from harbor_search.web.hit_views import HitItems, Meta
from harbor_search.web.languages import Language
from harbor_search.web.services import Services

__all__ = ["set_up"]


def set_up(app: Flask, using: Services) -> None:
    """Prepare the templates of `app`, and compile them now rather than inside the first request of each kind."""
    language, environment = using.language, app.jinja_env
    environment.globals |= texts(language)
    environment.add_extension(_Prepared)
    environment.filters |= formatting.filters(language)
    environment.globals |= {
        "host": lambda: request.host_url.rstrip("/"),
        "language": language,
        "max_query_length": using.settings.max_query_length,
        "script_version": widget.version(language),
        "site_links": site_identity.site_links(using.settings),
        "site_name": using.settings.site_name,
        "theme": using.theme,
        "theme_version": site_identity.version(using.theme),
    }
    meta = Meta(environment, language)
    environment.globals |= {
        "choice_items": ChoiceItems(environment, language),
        "hit_items": HitItems(environment, language, meta),
        "meta": meta,
    }
    app.context_processor(lambda: {"root": links.root()})
    for name in environment.list_templates():
        environment.get_template(name)


class _Prepared(Extension):
    """Does once what a template would do at each request: translated texts stand in the place of calls for them, where
    nothing is filled in (a site has one language, and a page of results has some seventy texts), the addresses of files
    in the place of `asset`, and templates in the place where they are included."""

    _INCLUDE = re.compile(r"""{% include "([^"]+)" %}""")
    _ASSET = re.compile(r"""{{ asset\('([^']+)'\) }}""")
    _CALL = re.compile(r"""\b_\(("[^"\\]*")\)""")

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """`source` with what can be known; what is safe in HTML is so still."""
        source = self._INCLUDE.sub(lambda found: self._source(found[1]), source)
        source = self._ASSET.sub(lambda found: f"{{{{ root }}}}{self._global('asset', found[1])}", source)
        return self._CALL.sub(lambda call: f"({self._constant(call[1][1:-1])}|safe)", source)

    def _source(self, name: str) -> str:
        loader: Any = self.environment.loader
        source: str = loader.get_source(self.environment, name)[0]
        return self.preprocess(source.removesuffix("\n"), name)

    def _global(self, name: str, text: str) -> str:
        function: Any = self.environment.globals[name]
        return str(function(text))

    def _constant(self, text: str) -> str:
        return '"' + self._global("_", text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def texts(language: Language) -> dict[str, Callable[..., Markup]]:
    """`_` and `ngettext` for templates: translated texts as HTML, what is filled in escaped.

    Texts are translated once. Jinja's own functions do it anew, with the context of the page, each time.
    """

    @cache
    def translated(text: str) -> Markup:
        return Markup(language.translations.gettext(text))

    @cache
    def whole(text: str) -> Markup:
        return Markup(language.translations.gettext(text).replace("%%", "%"))

    def gettext(text: str, **values: object) -> Markup:
        return translated(text) % values if values else whole(text)

    def ngettext(one: str, many: str, number: int, **values: object) -> Markup:
        form = Markup(language.translations.ngettext(one, many, number))
        return form % {"num": language.number(number), **values}

    return {"_": gettext, "gettext": gettext, "ngettext": ngettext}
