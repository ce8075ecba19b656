"""Links: the addresses that pages lead to, built once where they are the same and cheaply where they are not.

Flask's `url_for` takes some 15 microseconds for each; a page of results has a hundred links.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import quote, quote_plus

from flask import request

from harbor_search.config import Settings
from harbor_search.searching import SearchRequest
from harbor_search.web.parameters import NAMES, search_values, value_text

__all__ = ["ARTICLES", "RESULTS", "ResultLinks", "article_link", "heading_link", "results_link", "root"]

RESULTS = "/search"
ARTICLES = "/articles/"

_IN_PATHS = "/:@!$&'()*+,;=-._~"


def root() -> str:
    """The path that the site hangs at, without a slash at its end; mostly empty."""
    return _quoted_root(request.root_path)


@lru_cache(maxsize=16)
def _quoted_root(path: str) -> str:
    """A site mostly has one; a page of results asks for it some forty times."""
    return quote(path.rstrip("/"), safe=_IN_PATHS)


def results_link(asked: SearchRequest, settings: Settings, **changes: Any) -> str:
    """Where the results page for `asked` is, after `changes` to its attributes."""
    return ResultLinks(asked, settings)(**changes)


def article_link(article_id: str, query: str = "") -> str:
    """Where the page of an article is, with the words to mark in it."""
    address = root() + ARTICLES + quote(article_id.encode("utf-8", "replace"), safe=_IN_PATHS)
    if query:
        address += "?q=" + quote_plus(query.encode("utf-8", "replace"))
    return address


def heading_link(link: str, anchor: str) -> str:
    """Where on a page of an article the heading with this anchor is."""
    return f"{link}#{quote(anchor.encode('utf-8', 'replace'), safe=_IN_PATHS)}"


class ResultLinks:
    """Addresses of results pages that differ from `asked` in a few values; those that stay are quoted once."""

    def __init__(self, asked: SearchRequest, settings: Settings) -> None:
        self._settings = settings
        self._results = root() + RESULTS
        self._kept = {name: _pair(name, text) for name, text in search_values(asked, settings).items()}

    def __call__(self, **changes: Any) -> str:
        """The address after `changes`; the first page unless `page` is among them."""
        pairs = self._kept
        if changes:
            texts = {name: value_text(name, value, self._settings) for name, value in changes.items()}
            changed = {name: _pair(name, text) if text else "" for name, text in texts.items()}
            merged = pairs | changed
            pairs = {name: pair for name in NAMES if (pair := merged.get(name))}
        return f"{self._results}?{'&'.join(pairs.values())}" if pairs else self._results


def _pair(name: str, text: str) -> str:
    return f"{name}={quote_plus(text.encode('utf-8', 'replace'))}"
