"""robots.txt (RFC 9309) and sitemaps (sitemaps.org, 0.9) for web crawlers."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree

from flask import Blueprint, Response, abort, current_app, request

from harbor_search.engines import Criteria
from harbor_search.query import Everything
from harbor_search.web.caching import conditional
from harbor_search.web.links import RESULTS, article_link, root
from harbor_search.web.services import services
from harbor_search.web.web_addresses import web_address

__all__ = ["blueprint"]

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"

PER_SITEMAP = 1000
"""Articles per sitemap; the protocol allows 50,000, which would take too long in one request."""

blueprint = Blueprint("crawlers", __name__)


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Articles may be crawled; search results may not: they are costly and endless."""
    here = root()
    lines = [
        "User-agent: *",
        f"Disallow: {here}{RESULTS}",
        f"Disallow: {here}/api/",
        f"Sitemap: {_host()}{here}/sitemap.xml",
    ]
    response = current_app.response_class("\n".join(lines) + "\n", mimetype="text/plain")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@blueprint.get("/sitemap.xml")
@conditional()
def sitemaps() -> Response:
    """The index of sitemaps."""
    total = services().engine.search(Everything(), Criteria(limit=1, facets=False, snippets=0)).total
    index = ElementTree.Element("sitemapindex", xmlns=NAMESPACE)
    for number in range(1, max(1, -(-total // PER_SITEMAP)) + 1):
        _located(index, "sitemap", f"{_host()}{root()}/sitemap-{number}.xml")
    return _xml(index)


@blueprint.get("/sitemap-<int(min=1, max=99999):number>.xml")
@conditional()
def sitemap(number: int) -> Response:
    """The articles whose canonical page is on this site, newest first."""
    offset = (number - 1) * PER_SITEMAP
    criteria = Criteria(offset=offset, limit=PER_SITEMAP, sort="date", facets=False, snippets=0)
    answer = services().engine.search(Everything(), criteria)
    if offset and not answer.hits:
        abort(404)
    # An article with its own URL is canonical there and belongs in that site's sitemap.
    listed = (hit for hit in answer.hits if not web_address(hit.url))
    entries = ((each.id, each.date.isoformat() if each.date else "") for each in listed)
    return _xml(_urlset(entries))


def _urlset(entries: Iterable[tuple[str, str]]) -> ElementTree.Element:
    urls = ElementTree.Element("urlset", xmlns=NAMESPACE)
    for article_id, day in entries:
        url = _located(urls, "url", _host() + article_link(article_id))
        if day:
            ElementTree.SubElement(url, "lastmod").text = day
    return urls


def _located(parent: ElementTree.Element, tag: str, address: str) -> ElementTree.Element:
    entry = ElementTree.SubElement(parent, tag)
    ElementTree.SubElement(entry, "loc").text = address
    return entry


def _host() -> str:
    return request.host_url.rstrip("/")


def _xml(root_element: ElementTree.Element) -> Response:
    xml = ElementTree.tostring(root_element, encoding="utf-8", xml_declaration=True)
    return current_app.response_class(xml, mimetype="application/xml")
