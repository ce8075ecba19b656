"""What an HTML page says about itself: its title without the site's name, its date, address, language and subject."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from htmldate import find_date

from harbor_search.ingest import fields
from harbor_search.ingest.cleaning import key, tidy_line
from harbor_search.ingest.html_tree import is_large

__all__ = ["canonical_of", "page_metadata", "page_statements"]

TITLES = ("og:title", "dc.title", "dcterms.title", "citation_title", "twitter:title")
SITES = ("og:site_name", "application-name", "dc.publisher")

# The day of publication where it is stated. Else the day of the last change, which is what pages show their readers;
# the day on which a content management system created its record says least.
DATES = (
    *("article:published_time", "datepublished", "dcterms.issued", "dc.date.issued", "citation_publication_date"),
    *("dc.date", "dcterms.date", "date", "pubdate", "article:modified_time", "datemodified", "dc.date.modified"),
    *("dcterms.modified", "last-modified", "dc.date.created", "dcterms.created"),
)
LANGUAGES = ("dc.language", "dcterms.language", "content-language")

_SEPARATOR = re.compile(r"\s+[-|\u2013\u2014\u00b7\u2022\u00bb:]+\s+|\s*\|\s*")
_OF_PAGES = frozenset(("@graph", "mainEntity", "mainEntityOfPage"))
"""Names in JSON-LD under which the page itself is described, and not an image or an offer in it."""

_LINKED = ".//script[@type='application/ld+json']"


_TIME = (
    "time[@datetime][not(ancestor::aside or ancestor::nav or ancestor::article/ancestor::article"
    " or ancestor::*[not(self::body or self::article)][contains(@class, 'comment') or contains(@id, 'comment')])]"
)
_BYLINES = (
    f"//{_TIME}[@pubdate or @itemprop='datePublished']",
    f"//article//header//{_TIME} | //main//header//{_TIME} | //h1/following-sibling::*[1]/descendant-or-self::{_TIME}",
)
"""Where a page's own day stands in its markup: it is said to be that, or stands in the article's head."""


def page_metadata(tree: Any) -> tuple[dict[str, Any], Callable[[Sequence[str]], str | None]]:
    """Values named as in `metadata` but the title, and what makes it of the first-level headings of the page's content.

    The page may be taken apart before its title is asked for.
    """
    metas = _metas(tree)
    linked = _linked_data(tree)
    shown = tidy_line(tree.findtext(".//title") or "")

    def title(headings: Sequence[str]) -> str | None:
        return _title(shown, metas, headings) or linked.get("headline") or next(iter(headings), None)

    stated = {
        # All the text that there is where scripts fill the page.
        "articlebody": linked.get("articleBody"),
        "url": canonical_of(tree) or _exported_from(tree) or None,
        "date": _date(metas, linked) or _shown_date(tree),
        "section": metas.get("article:section") or linked.get("articleSection"),
        "tags": metas.get("keywords") or None,
        "language": next(filter(fields.language, (tree.get("lang"), *map(metas.get, LANGUAGES))), None),
    }
    return stated, title


def page_statements(tree: Any) -> dict[str, str]:
    """What the page says of whether it may be shown, under its own names, beside `page_metadata`."""
    found: dict[str, str] = {}
    for meta in tree.iterfind(".//meta[@content]"):
        name, content = (
            meta.get("name") or meta.get("property") or _own_property(meta),
            tidy_line(meta.get("content")),
        )
        if (meta.get("http-equiv") or "").lower() in ("x-robots-tag", "robots"):
            name = "x-robots-tag"
        # A day in the last century was put there against the caches of browsers.
        if name and not (name.lower() == "expires" and re.search(r"\b19\d\d\b", content)):
            found[name] = f"{found[name]}, {content}" if name in found and "robots" in name.lower() else content
    linked = _linked_data(tree, _OF_PAGES)
    return {name: linked[name] for name in ("creativeWorkStatus", "expires") if name in linked} | found


def _own_property(meta: Any) -> str:
    """The property that the element states of the page, and not of something that is described in it, as an offer."""
    item = next(meta.iterancestors("*"), None)
    while item is not None and item.get("itemscope") is None:
        item = item.getparent()
    return "" if item is not None and item.get("itemprop") else meta.get("itemprop") or ""


def _metas(tree: Any) -> dict[str, str]:
    """The page's `meta` elements, names in lower case, the first of a name winning."""
    found: dict[str, str] = {}
    for meta in tree.iterfind(".//meta[@content]"):
        name = meta.get("name") or meta.get("property") or meta.get("itemprop") or meta.get("http-equiv")
        content = tidy_line(meta.get("content"))
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def _linked_data(tree: Any, within: frozenset[str] = frozenset()) -> dict[str, str]:
    """The texts in the page's JSON-LD by name, the first of a name winning, wherever they are nested.

    With names in `within` only what is nested under these counts.
    """
    found: dict[str, str] = {}
    for script in tree.iterfind(_LINKED):
        try:
            waiting = [json.loads(script.text or "")]
        except (ValueError, RecursionError):
            continue
        while waiting:
            value = waiting.pop()
            if isinstance(value, dict):
                found = {name: text for name, text in value.items() if isinstance(text, str)} | found
            if isinstance(value, dict | list):
                inner = value.items() if isinstance(value, dict) else (("", each) for each in value)
                waiting.extend(reversed([each for name, each in inner if not name or not within or name in within]))
    return found


def canonical_of(tree: Any) -> str:
    """The address that the page names as its own; empty where it names none that is whole."""
    links = (each.get("href") for each in tree.iterfind(".//link[@href]") if "canonical" in _relations(each))
    shown = (each.get("content") for each in tree.iterfind(".//meta[@property='og:url']"))
    return next(filter(None, map(fields.absolute_url, (*links, *shown))), "")


def _exported_from(tree: Any) -> str:
    """The address that an export of Medium names in its last lines."""
    return next(filter(None, map(fields.absolute_url, tree.xpath(".//footer//a[@class='p-canonical']/@href"))), "")


def _relations(link: Any) -> list[str]:
    return (link.get("rel") or "").lower().split()


def _date(metas: dict[str, str], linked: dict[str, str]) -> str | None:
    """The first date that can be read; one that cannot, where there is no other."""
    stated = [linked.get("datePublished"), *map(metas.get, DATES), linked.get("dateModified")]
    dates = [each for each in stated if each]
    return next(filter(fields.day, dates), dates[0] if dates else None)


def _shown_date(tree: Any) -> str | None:
    """The date in the page's markup (a byline, a `time`); dates in its text are not searched for."""
    if is_large(tree):
        times = [each.get("datetime") for path in _BYLINES for each in tree.xpath(path)]
        return next((each for each in times if (day := fields.day(each)) and day <= date.today()), None)
    return find_date(tree, extensive_search=False, original_date=True)


def _title(shown: str, metas: dict[str, str], headings: Sequence[str]) -> str:
    """The best of the titles that the page states, without the site's name."""
    heading = headings[0] if len(headings) == 1 else ""
    sites = {key(metas[name]) for name in SITES if name in metas}
    stated = next(filter(None, map(metas.get, TITLES)), "")
    if not stated and heading and (not shown or key(heading) in key(shown)):
        return heading
    return _without_site(stated or shown, sites, heading)


def _without_site(title: str, sites: set[str], heading: str) -> str:
    """`title` up to where it goes on after `heading`, or without a site's name at either end."""
    parts = list(_SEPARATOR.finditer(title))
    for part in parts:
        if heading and key(title[: part.start()]) == key(heading):
            return title[: part.start()]
    while parts and key(title[parts[-1].end() :]) in sites:
        title = title[: parts.pop().start()]
    if parts and key(title[: parts[0].start()]) in sites:
        title = title[parts[0].end() :]
    return title
