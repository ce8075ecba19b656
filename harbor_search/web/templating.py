"""Setting up templates: translated texts, the theme, URLs, and precomputed parts."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from flask import Flask, request
from jinja2.ext import Extension
from markupsafe import Markup, escape

from harbor_search.web import formatting, links, site_identity, widget
from harbor_search.web.facets import ChoiceItems
from harbor_search.web.hit_views import HitItems, Meta
from harbor_search.web.localization import Language
from harbor_search.web.services import Services
from harbor_search.web.web_addresses import site_links

__all__ = ["set_up"]


def set_up(app: Flask, using: Services) -> None:
    """Prepare the templates of `app` and compile them, which would otherwise slow the first request of each kind."""
    language, environment = using.language, app.jinja_env
    environment.globals |= texts(language)
    environment.add_extension(_Precompute)
    environment.filters |= formatting.filters(language)
    environment.globals |= {
        "host": lambda: request.host_url.rstrip("/"),
        "site_links": site_links(using.settings),
        **_constants(using),
    }
    meta = Meta(environment, language)
    environment.globals |= {
        "choice_items": ChoiceItems(environment, language),
        "hit_items": HitItems(environment, language, meta),
        "meta": meta,
    }
    app.context_processor(lambda: {"root": links.root()})
    for name in environment.list_templates():
        # As one dictionary: each page copies it, and of a chain of two that takes as long as a dozen links.
        template = environment.get_template(name)
        template.globals = dict(template.globals)


def _constants(using: Services) -> dict[str, Any]:
    """Names in templates whose values are the same in each request; `_Precompute` inlines most of them."""
    return {
        "language": using.language,
        "max_query_length": using.settings.max_query_length,
        "script_version": widget.version(using.language),
        "site_name": using.settings.site_name,
        "theme": using.theme,
        "theme_version": site_identity.version(using.theme),
    }


class _Precompute(Extension):
    """Precomputes what is the same in each request: translations without placeholders are inlined (a site has one
    language, and a results page some seventy texts), and so are URLs of `asset`, names of the site and its versions,
    and included templates."""

    _CONSTANT = re.compile(
        r"{{ (?:site_name|max_query_length|script_version|theme_version|language\.\w+|theme\.grounds\[[01]\]) }}"
    )
    _INCLUDE = re.compile(r"""{% include "([^"]+)" %}""")
    _ASSET = re.compile(r"""{{ asset\('([^']+)'\) }}""")
    _CALL = re.compile(r"""\b_\(("[^"\\]*")\)""")

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """`source` with constants inlined; safe HTML stays safe."""
        source = self._INCLUDE.sub(lambda found: self._source(found[1]), source)
        source = self._CONSTANT.sub(self._rendered, source)
        source = self._ASSET.sub(lambda found: f"{{{{ root }}}}{self._global('asset', found[1])}", source)
        return self._CALL.sub(lambda call: f"({self._constant(call[1][1:-1])}|safe)", source)

    def _source(self, name: str) -> str:
        loader: Any = self.environment.loader
        source: str = loader.get_source(self.environment, name)[0]
        return self.preprocess(source.removesuffix("\n"), name)

    def _rendered(self, expression: re.Match[str]) -> str:
        """An expression that is the same always, as the HTML of its value."""
        value = self.environment.compile_expression(expression[0][2:-2])()
        return f"{{{{ {_literal(str(escape(value)))}|safe }}}}"

    def _global(self, name: str, text: str) -> str:
        function: Any = self.environment.globals[name]
        return str(function(text))

    def _constant(self, text: str) -> str:
        return _literal(self._global("_", text))


def _literal(text: str) -> str:
    """A text as templates write it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def texts(language: Language) -> dict[str, Callable[..., Markup]]:
    """`_` and `ngettext` for templates: translations as HTML, with values escaped.

    Translations are cached; Jinja's own functions look them up each time, with the context of the page.
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
