"""The OpenSearch description: lets browsers add the site as a search engine."""

from __future__ import annotations

from xml.etree import ElementTree

from flask import Blueprint, Response, url_for

from harbor_search.web.services import services

__all__ = ["blueprint"]

NAMESPACE = "http://a9.com/-/spec/opensearch/1.1/"
SHORT_NAME_LENGTH = 16
"""Maximum length of a ShortName, in characters."""

blueprint = Blueprint("opensearch", __name__)


@blueprint.get("/opensearch.xml")
def description() -> Response:
    """The description document (OpenSearch 1.1)."""
    using = services()
    name = using.settings.site_name
    results, answers = url_for("pages.results", _external=True), url_for("api.search_articles", _external=True)
    icon = url_for("static", filename="icon.svg", _external=True)
    root = ElementTree.Element("OpenSearchDescription", xmlns=NAMESPACE)
    _add(root, "ShortName", name[:SHORT_NAME_LENGTH].strip())
    _add(root, "LongName", name[:48])
    _add(root, "Description", using.language.gettext("Results of the search on %(site)s", site=name))
    _add(root, "Language", using.language.code)
    _add(root, "InputEncoding", "UTF-8")
    _add(root, "Image", icon, width="16", height="16", type="image/svg+xml")
    _add(root, "Url", type="text/html", template=f"{results}?q={{searchTerms}}")
    suggestions = url_for("suggestions.browser_suggestions", _external=True)
    _add(root, "Url", type="application/x-suggestions+json", template=f"{suggestions}?q={{searchTerms}}")
    _add(root, "Url", type="application/json", template=f"{answers}?q={{searchTerms}}&page={{startPage?}}")
    own = url_for("opensearch.description", _external=True)
    _add(root, "Url", type="application/opensearchdescription+xml", rel="self", template=own)
    xml = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    response = Response(xml, mimetype="application/opensearchdescription+xml")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def _add(root: ElementTree.Element, tag: str, text: str = "", **attributes: str) -> None:
    ElementTree.SubElement(root, tag, attributes).text = text or None
