"""A site over HTTP: the pages that its links lead to, or those of its sitemap."""

from __future__ import annotations

import gzip
import io
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import lxml.etree
import lxml.html

from harbor_search.ingest.html import read_html
from harbor_search.ingest.outcome import Origin, Outcome, Read, Refused, Skipped, Unreadable, Unwanted
from harbor_search.ingest.publication import why_kept_back
from harbor_search.ingest.sources.extras import required
from harbor_search.ingest.sources.fetching import AGENT, Fetched, Fetcher, NotFetched
from harbor_search.ingest.sources.kinds import Circumstances
from harbor_search.ingest.sources.selection import Selection
from harbor_search.ingest.sources.source import Source
from harbor_search.ingest.xml_characters import sound_xml

__all__ = ["read_site", "read_sitemap"]

protego = required("protego", "web", "reading a site")

_PAGES = ("text/html", "application/xhtml+xml", "")
_NOT_PAGES = (
    *(".jpg", ".jpeg", ".png", ".gif", ".svg", ".webp", ".ico", ".css", ".js", ".json", ".xml", ".zip", ".gz", ".mp3"),
    *(".mp4", ".webm", ".pdf", ".docx", ".xlsx", ".pptx", ".woff", ".woff2", ".ttf"),
)
"""Ends of paths of what is no page: asking for it would only cost the server."""


def read_site(source: Source, how: Circumstances) -> Iterator[tuple[str, Outcome]]:
    """The outcome of each page that can be reached from the source's address within its host.

    The site's robots.txt is obeyed, as are `nofollow`, `noindex` and Crawl-delay.
    """
    with closing(_Visit(source, how)) as visit:
        waiting = deque([(_plain(source.address), 0)])
        seen = {waiting[0][0]}
        while waiting and not visit.full:
            address, depth = waiting.popleft()
            page, outcome = visit.page(address)
            yield address, outcome
            if page is None or depth >= source.max_depth:
                continue
            for link in _links(page):
                if link not in seen and visit.may_follow(link):
                    seen.add(link)
                    waiting.append((link, depth + 1))
        if waiting:
            yield source.shown, Refused(source.shown, f"{len(waiting)} more pages: the source's max_pages is reached")


def read_sitemap(source: Source, how: Circumstances) -> Iterator[tuple[str, Outcome]]:
    """The outcome of each page that the sitemap, or the sitemaps that it lists, name within their host."""
    with closing(_Visit(source, how)) as visit:
        maps, seen = deque([source.address]), {source.address}
        while maps:
            at = maps.popleft()
            try:
                inner, pages = _locations(visit.fetcher.get(at).body, how.max_bytes)
            except (NotFetched, lxml.etree.XMLSyntaxError, OSError, EOFError, zlib.error) as error:
                yield at, Refused(at, f"the sitemap cannot be read: {error}")
                continue
            for address in pages:
                if address not in seen and visit.may_follow(address):
                    seen.add(address)
                    if visit.full:
                        yield at, Refused(at, "there are more pages: the source's max_pages is reached")
                        return
                    yield address, visit.page(address)[1]
            maps.extend(each for each in inner if each not in seen and not seen.add(each))  # type: ignore[func-returns-value]


class _Visit:
    """One visit to a site: what its robots.txt allows, and how many pages were asked for."""

    def __init__(self, source: Source, how: Circumstances) -> None:
        self.fetcher = Fetcher(max_bytes=how.max_bytes, delay=source.delay, kept=how.fetched)
        self._source = source
        self._rules = how.rules
        self._host = urlsplit(source.address).netloc
        self._asked = 0
        self._robots, self._silent = self._read_robots()
        self._selection = Selection.of(source.path, source.include, source.exclude)
        self.fetcher.delay = max(source.delay, self._robots.crawl_delay(AGENT) or 0.0)

    @property
    def full(self) -> bool:
        """Whether as many pages were asked for as may be."""
        return self._asked >= self._source.max_pages

    def may_follow(self, address: str) -> bool:
        """Whether `address` may hold a page of this site that is wanted."""
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or parts.netloc != self._host:
            return False
        path = self._source.path / (unquote(parts.path).strip("/") or "index")
        return not parts.path.lower().endswith(_NOT_PAGES) and not self._selection.excludes(path, folder=False)

    def page(self, address: str) -> tuple[Fetched | None, Outcome]:
        """The page at `address`, if there is one, and what becomes of it."""
        if self._silent:
            reason = f"the site's robots.txt cannot be read ({self._silent}), so nothing is asked for"
            return None, Refused(address, reason)
        if not self._robots.can_fetch(address, AGENT):
            return None, Skipped(address, "the site's robots.txt forbids it")
        self._asked += 1
        try:
            page = self.fetcher.get(address)
        except NotFetched as error:
            gone = error.status in (301, 302, 303, 307, 308, 401, 403, 404, 410)
            return None, (Skipped if gone and self._asked > 1 else Refused)(address, str(error))
        if page.address != address and (reason := self._why_passed_over(page.address)):
            return None, Skipped(address, f"it has moved to {page.address}: {reason}")
        if page.mimetype not in _PAGES:
            return None, Skipped(address, f"it is no page but {page.mimetype}")
        return page, _read(page, address, self._rules)

    def _why_passed_over(self, address: str) -> str:
        """Why a page is not read at the address that another one leads to; empty where it is."""
        if not self._robots.can_fetch(address, AGENT):
            return "the site's robots.txt forbids it"
        return "" if self.may_follow(address) else "it is none of the pages of this source"

    def close(self) -> None:
        """Close the connections."""
        self.fetcher.close()

    def _read_robots(self) -> tuple[Any, str]:
        """The rules, and why they cannot be known, which forbids everything (RFC 9309): the server fails."""
        address = urljoin(self._source.address, "/robots.txt")
        try:
            return protego.Protego.parse(self.fetcher.get(address).body.decode("utf-8", "replace")), ""
        except NotFetched as error:
            refused = 400 <= error.status < 500
            return protego.Protego.parse(""), "" if refused or "another host" in str(error) else str(error)


def _read(page: Fetched, address: str, rules: Any) -> Outcome:
    if reason := why_kept_back({"x-robots-tag": page.headers.get("x-robots-tag", "")}, rules):
        return Skipped(address, reason, kept_back=page.address)
    name = unquote(urlsplit(page.address).path).strip("/") or "index.html"
    try:
        read = read_html(page.body, Origin(page.address, name, rules))
    except Unreadable as error:
        return Refused(address, str(error))
    except Unwanted as error:
        return Skipped(address, str(error), kept_back=error.kept_back)
    article = read.article
    # The page has an address even where it does not state one.
    return Read(article._replace(url=article.url or page.address, source=page.address), read.notes)


def _links(page: Fetched) -> Iterable[str]:
    """Where the page's links lead, but for those that it does not want followed."""
    try:
        tree = lxml.html.document_fromstring(page.body)
    except (ValueError, lxml.etree.ParserError):
        return
    robots = " ".join(tree.xpath("//meta[translate(@name, 'ROBTS', 'robts')='robots']/@content")).lower()
    if "nofollow" in robots or "nofollow" in page.headers.get("x-robots-tag", "").lower():
        return
    base = urljoin(page.address, next(iter(tree.xpath("//base/@href")), ""))
    for link in tree.xpath("//a[@href]"):
        if "nofollow" not in (link.get("rel") or ""):
            try:
                yield _plain(urljoin(base, link.get("href").strip()))
            except ValueError:
                continue


def _plain(address: str) -> str:
    """`address` without what leads to a place within the page."""
    without = urldefrag(address)[0]
    return without if urlsplit(without).path else f"{without}/"


def _locations(data: bytes, max_bytes: int) -> tuple[list[str], list[str]]:
    """The sitemaps and the pages that a sitemap names."""
    if data.startswith(b"\x1f\x8b"):
        with gzip.open(io.BytesIO(data)) as unpacked:
            data = unpacked.read(max_bytes)
    parser = lxml.etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    tree = lxml.etree.fromstring(sound_xml(data)[0], parser)
    if tree is None:
        raise lxml.etree.XMLSyntaxError("it is empty", 0, 0, 0)
    maps = [each.strip() for each in tree.xpath("//*[local-name()='sitemap']/*[local-name()='loc']/text()")]
    return maps, [each.strip() for each in tree.xpath("//*[local-name()='url']/*[local-name()='loc']/text()")]
