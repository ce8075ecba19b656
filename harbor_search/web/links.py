"""Fast construction of the URLs in pages.

Flask's `url_for` takes some 15 microseconds per URL; a page of results has a hundred links.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any
from urllib.parse import quote, quote_plus

from flask import request

from harbor_search.config import Settings
from harbor_search.searching import SearchRequest
from harbor_search.web.parameters import NAMES, search_values, value_text

__all__ = [
    "ARTICLES",
    "RESULTS",
    "ArticleLinks",
    "ResultLinks",
    "article_link",
    "mounted_at",
    "in_path",
    "results_link",
    "root",
]

RESULTS = "/search"
ARTICLES = "/articles/"

_IN_PATHS = "/:@!$&'()*+,;=-._~"

_PLAIN = re.compile(f"[A-Za-z0-9{re.escape(_IN_PATHS)}]*")

_WORD = re.compile(r"[A-Za-z0-9_.~-]*")

_root: ContextVar[str | None] = ContextVar("root", default=None)


@contextmanager
def mounted_at(path: str) -> Iterator[None]:
    """Within this block the site is mounted at `path`, for code outside a Flask request."""
    token = _root.set(path)
    try:
        yield
    finally:
        _root.reset(token)


def root() -> str:
    """The path at which the site is mounted, without a trailing slash; mostly empty."""
    given = _root.get()
    return _quoted_root(request.root_path if given is None else given)


@lru_cache(maxsize=16)
def _quoted_root(path: str) -> str:
    """Cached, as a page of results needs it some twenty times."""
    return quote(path.rstrip("/"), safe=_IN_PATHS)


def results_link(search_request: SearchRequest, settings: Settings, **changes: Any) -> str:
    """The URL of the results page for `search_request`, after `changes` to its attributes."""
    return ResultLinks(search_request, settings)(**changes)


def article_link(article_id: str, query: str = "") -> str:
    """The URL of an article's page, on which the words of `query` are marked."""
    return ArticleLinks(query)(article_id)


def in_path(text: str) -> str:
    """`text` quoted for the path or fragment of a URL."""
    return text if _PLAIN.fullmatch(text) else quote(text.encode("utf-8", "replace"), safe=_IN_PATHS)


class ArticleLinks:
    """URLs of articles' pages; `query`, whose words are marked on them, is quoted once."""

    def __init__(self, query: str = "") -> None:
        self._start = root() + ARTICLES
        self._end = f"?q={_in_query(query)}" if query else ""

    def __call__(self, article_id: str) -> str:
        """The URL of an article's page."""
        return f"{self._start}{in_path(article_id)}{self._end}"


class ResultLinks:
    """URLs of results pages that differ from `search_request` in a few values; the others are quoted once."""

    def __init__(self, search_request: SearchRequest, settings: Settings) -> None:
        self._settings = settings
        self._results = root() + RESULTS
        values = search_values(search_request, settings)
        self._pairs = [_pair(name, values[name]) if name in values else "" for name in NAMES]

    def __call__(self, **changes: Any) -> str:
        """The URL after `changes`, of the first page unless `page` is among them. Equal requests have equal URLs."""
        pairs = self._pairs
        if changes:
            pairs = pairs.copy()
            for name, value in changes.items():
                text = value_text(name, value, self._settings)
                pairs[_PLACES[name]] = _pair(name, text) if text else ""
        query = "&".join(filter(None, pairs))
        return f"{self._results}?{query}" if query else self._results

    def pages(self, numbers: Iterable[int]) -> dict[int, str]:
        """The URLs of pages by their numbers, which differ in nothing else."""
        place = _PLACES["page"]
        before = "".join([f"{each}&" for each in self._pairs[:place] if each])
        after = "".join([f"&{each}" for each in self._pairs[place + 1 :] if each])
        return {number: f"{self._results}?{before}page={number}{after}" if number > 1 else self() for number in numbers}


_PLACES = {name: place for place, name in enumerate(NAMES)}


def _pair(name: str, text: str) -> str:
    return f"{name}={_in_query(text)}"


def _in_query(text: str) -> str:
    return text if _WORD.fullmatch(text) else quote_plus(text.encode("utf-8", "replace"))
