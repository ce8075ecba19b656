"""Pages that are lawfully no articles: they send readers on, or list what there is elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urljoin, urlsplit

from harbor_search.ingest.field_names import folded, stated_as
from harbor_search.ingest.html_words import link_share, words_in
from harbor_search.ingest.paths import is_index, place

__all__ = ["leads_elsewhere", "lists_others", "stub_by_metadata"]

REDIRECT = ("redirect_to", "redirect", "redirect_url", "redirect_link", "moved_to")
LAYOUTS = frozenset(
    "redirect redirected tags tag taglist archive archives categories category search 404 sitemap".split()
)
MAX_DELAY = 15
"""Seconds after which a page that loads another one is read first: a rotating notice, not a stub."""

FEW_WORDS = 60
"""Words of a page that a script leaves at once: a sentence or two for those without scripts."""

_REFRESH = re.compile(r"\s*(\d+)?[.\d]*\s*[;,]?\s*(?:url\s*=\s*)?[\"']?\s*([^\"']*)", re.IGNORECASE)
_SCRIPT = re.compile(
    r"(?:^|[^.\w])(?:(?:window|document|top|self)\.)?location(?:\.href)?\s*=(?!=)|\blocation\.(?:replace|assign)\s*\("
)
_LISTS = frozenset(
    "tag tags category categories archive archives author authors label labels topics-index search".split()
)
_PAGE = re.compile(r"(?:page-?)?\d{1,4}")
_ARCHIVES = frozenset("archive error404 search-results search-no-results".split())
"""Classes that WordPress gives the body of a page which is a list."""


def stub_by_metadata(stated: Mapping[str, Any]) -> str:
    """Why a page with this front matter is no article; empty where it may be one."""
    known = folded(stated)
    name, target = stated_as(known, REDIRECT)
    if isinstance(target, str) and (target.startswith("/") or "://" in target or target.endswith((".html", ".md"))):
        return f"it sends readers on: {name!r} is {target!r}"
    layout = str(known.get("layout") or "").lower().replace("-", "").removesuffix("page").strip("_")
    return f"its layout {known['layout']!r} makes a list or a redirect" if layout in LAYOUTS else ""


def leads_elsewhere(tree: Any, canonical: str) -> str:
    """Why a parsed page is a redirect; empty where it is none. `canonical` is its own address, where it is known."""
    for meta in tree.iterfind(".//meta[@http-equiv]"):
        if (
            meta.get("http-equiv").strip().lower() != "refresh"
            or next(meta.iterancestors("noscript"), None) is not None
        ):
            continue
        found = _REFRESH.match(meta.get("content") or "")
        target = found[2].strip() if found else ""
        stays = not target or (canonical and _same(urljoin(canonical, target), canonical) and not _is_short(tree))
        if found and not stays and int(found[1] or 0) <= MAX_DELAY:
            return f"it sends readers on to {target!r}"
    for script in tree.iterfind(".//script"):
        code = script.text or ""
        if "location" in code and _SCRIPT.search(code) and "function" not in code and _is_short(tree):
            return "a script of it sends readers on, and it has next to no text"
    return ""


def lists_others(tree: Any, main: Any, name: str) -> str:
    """Why the page is a list of others; empty where it is not. `main` is its pruned main part."""
    body = tree.find("body")
    if body is not None and set((body.get("class") or "").split()) & _ARCHIVES:
        return "it is a list of articles (its body says so)"
    parts = [part.lower() for part in place(name)]
    own = set(parts[-1:] if len(parts) == 1 or not is_index(name) else parts[-2:])
    named = bool(own & _LISTS)
    named = named or (len(parts) > 1 and parts[-2] in _LISTS | {"page"} and bool(_PAGE.fullmatch(parts[-1])))
    named = named or (len(parts) > 1 and parts[-2] in _LISTS)
    if not named:
        return ""
    if "search" in own and words_in(main) <= FEW_WORDS:
        return "it is a page to search with"
    headings = [each for each in main.iter("h2", "h3", "h4") if words_in(each)]
    linked = [each for each in headings if each.find(".//a[@href]") is not None or each.getparent().tag == "a"]
    if link_share(main) > 0.5 or (headings and len(linked) == len(headings)):
        return f"it is a list of articles ({PurePosixPath(name).parent.name or name})"
    return ""


def _is_short(tree: Any) -> bool:
    body = tree.find("body")
    scripts = sum(len((each.text or "").split()) for each in tree.iter("script", "style"))
    return body is None or words_in(body) - scripts <= FEW_WORDS


def _same(one: str, other: str) -> bool:
    a, b = urlsplit(one), urlsplit(other)
    return (a.netloc, a.path.rstrip("/"), a.query) == (b.netloc, b.path.rstrip("/"), b.query)
