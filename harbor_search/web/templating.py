"""Templating: what every template finds: texts in the site's language, the theme, parts of addresses."""

from __future__ import annotations

from flask import Flask, request

from harbor_search.web import identity, links, widget, wording
from harbor_search.web.services import Services

__all__ = ["set_up"]


def set_up(app: Flask, using: Services) -> None:
    """Prepare the templates of `app`, and compile them now rather than inside the first request of each kind."""
    language, environment = using.language, app.jinja_env
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        language.translations.gettext, language.translations.ngettext, newstyle=True
    )
    environment.filters |= wording.filters(language)
    environment.globals |= {
        "host": lambda: request.host_url.rstrip("/"),
        "language": language,
        "max_query_length": using.settings.max_query_length,
        "root": links.root,
        "script_version": widget.version(language),
        "site_links": identity.site_links(using.settings),
        "site_name": using.settings.site_name,
        "theme": using.theme,
        "theme_version": identity.version(using.theme),
    }
    for name in environment.list_templates():
        environment.get_template(name)
