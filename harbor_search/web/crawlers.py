"""robots.txt (RFC 9309) and sitemaps (sitemaps.org, 0.9) for web crawlers."""

from __future__ import annotations

from xml.etree import ElementTree

from flask import Blueprint, Response, abort, current_app, request

from harbor_search.engines import Criteria, EngineAnswer
from harbor_search.query import Everything
from harbor_search.results import Hit
from harbor_search.web.caching import conditional
from harbor_search.web.links import RESULTS, article_link, root
from harbor_search.web.services import services
from harbor_search.web.web_addresses import web_address

__all__ = ["blueprint"]

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"

PER_SITEMAP = 1000
"""Articles per sitemap; the protocol allows 50,000, which would take too long in one request."""

LOOKED_AT = 10 * PER_SITEMAP
"""Articles of which the index of sitemaps knows whether they are listed; one search of some 30 ms, like a sitemap's."""

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
    """The index of sitemaps: of the newest articles those with entries, of older ones all."""
    answer = _newest(0, LOOKED_AT)
    listed = {place // PER_SITEMAP + 1 for place, hit in enumerate(answer.hits) if _is_listed(hit)}
    older = range(LOOKED_AT // PER_SITEMAP + 1, -(-answer.total // PER_SITEMAP) + 1)
    index = ElementTree.Element("sitemapindex", xmlns=NAMESPACE)
    for number in [*sorted(listed), *older] or [1]:
        _located(index, "sitemap", f"{_host()}{root()}/sitemap-{number}.xml")
    return _xml(index)


@blueprint.get("/sitemap-<int(min=1, max=99999):number>.xml")
@conditional()
def sitemap(number: int) -> Response:
    """The articles whose canonical page is on this site, newest first; the front page where there are none."""
    offset = (number - 1) * PER_SITEMAP
    answer = _newest(offset, PER_SITEMAP)
    if offset and not answer.hits:
        abort(404)
    urls = ElementTree.Element("urlset", xmlns=NAMESPACE)
    for hit in filter(_is_listed, answer.hits):
        url = _located(urls, "url", _host() + article_link(hit.id))
        if hit.date:
            ElementTree.SubElement(url, "lastmod").text = hit.date.isoformat()
    if not len(urls):  # the protocol wants at least one entry
        _located(urls, "url", f"{_host()}{root()}/")
    return _xml(urls)


def _newest(offset: int, limit: int) -> EngineAnswer:
    criteria = Criteria(offset=offset, limit=limit, sort="date", facets=False, snippets=0)
    return services().engine.search(Everything(), criteria)


def _is_listed(hit: Hit) -> bool:
    """Whether the canonical page is here; an article with its own URL belongs in that site's sitemap."""
    return not web_address(hit.url)


def _located(parent: ElementTree.Element, tag: str, address: str) -> ElementTree.Element:
    entry = ElementTree.SubElement(parent, tag)
    ElementTree.SubElement(entry, "loc").text = address
    return entry


def _host() -> str:
    return request.host_url.rstrip("/")


def _xml(root_element: ElementTree.Element) -> Response:
    xml = ElementTree.tostring(root_element, encoding="utf-8", xml_declaration=True)
    return current_app.response_class(xml, mimetype="application/xml")
