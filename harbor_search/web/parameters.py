"""Search parameters: from the URL of a request to a `SearchRequest`, and back to URLs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import request

from harbor_search.article import SECTION_SEPARATOR
from harbor_search.config import Settings
from harbor_search.errors import UserError
from harbor_search.searching import SearchRequest, parse_request, read_cursor

__all__ = [
    "ANSWER_NAMES",
    "CURSOR",
    "NAMES",
    "cursor_scope",
    "canonical_query",
    "canonical_query_of",
    "requested",
    "search_values",
    "value_text",
    "with_cursor",
]

NAMES = (
    *("q", "page", "per_page", "sort", "section", "source", "date_from", "date_to"),
    *("strict", "literal", "fold", "diverse", "explain"),
)

CURSOR = "cursor"

ANSWER_NAMES = ("facets", "snippets", "total")
"""Parameters by which programs leave parts out of a response; pages ignore them."""

_SEARCH_NAMES = (*NAMES, *ANSWER_NAMES, CURSOR)

_DEFAULTS = {
    "page": "1",
    "sort": "relevance",
    "strict": "0",
    "literal": "0",
    "fold": "1",
    "diverse": "1",
    "explain": "0",
    "facets": "1",
    "snippets": "1",
    "total": "exact",
}
"""Default values, equivalent to leaving the parameter out."""


def requested(settings: Settings, names: tuple[str, ...] = NAMES) -> SearchRequest:
    """The `SearchRequest` of the current HTTP request, from the parameters `names`.

    Raises:
        UserError: a value is invalid, or a parameter is given more than once.
    """
    for name, values in request.args.lists():
        if len(values) > 1 and name in names:
            raise UserError(f"{name} is given more than once; give it once", where=name)
    # A plain dict: Flask's raises and catches an exception for each missing name.
    return parse_request({name: value for name, value in request.args.items() if name in names}, settings)


def canonical_query() -> str:
    """The parameters of the current request in canonical form, so that most equivalent requests share an ETag.

    They are not validated: invalid requests have a canonical form, too.
    """
    return canonical_query_of(request.args)


def canonical_query_of(values: Mapping[str, str]) -> str:
    """The canonical form of the given parameters."""
    search_request = {name: values[name].strip() for name in _SEARCH_NAMES if name in values}
    return urlencode({name: value for name, value in search_request.items() if value and _DEFAULTS.get(name) != value})


def with_cursor(search_request: SearchRequest, settings: Settings) -> SearchRequest:
    """`search_request`, starting at the parameter `cursor` if there is one.

    Raises:
        UserError: the cursor is malformed or belongs to another query, or `page` is given too.
    """
    texts = request.args.getlist(CURSOR)
    if not any(texts):
        return search_request
    if len(texts) > 1 or search_request.page != 1:
        raise UserError("cursor stands in the place of page and is given once", where=CURSOR)
    cursor = read_cursor(texts[0], cursor_scope(search_request, settings))
    return search_request._replace(cursor=cursor, page=cursor.offset // max(search_request.per_page, 1) + 1)


def cursor_scope(search_request: SearchRequest, settings: Settings) -> str:
    """What a cursor is valid for: all parameters that select and order hits."""
    return urlencode(search_values(search_request, settings) | {"per_page": search_request.per_page})


def search_values(search_request: SearchRequest, settings: Settings, **changes: Any) -> dict[str, Any]:
    """The parameters of `search_request`, after `changes` to its attributes, without default values.

    Their order is fixed, so that equal requests have equal URLs. `page` is 1 unless among the changes.
    """
    search_request = search_request._replace(**{"page": 1, **changes})
    texts: dict[str, Any] = {"q": search_request.q} if search_request.q else {}
    return texts | _other_values(search_request[1:], settings.per_page)


@lru_cache(maxsize=1024)
def _other_values(other_values: tuple[Any, ...], per_page: int) -> dict[str, str]:
    """`search_values` of all fields except the first, the query; cached, as few requests differ in them."""
    search_request = SearchRequest("", *other_values)
    texts = {name: text(getattr(search_request, name), per_page) for name, text in _TEXTS.items()}
    return {name: text for name, text in texts.items() if text}


def value_text(name: str, value: Any, settings: Settings) -> str:
    """The parameter value for one attribute of a request; empty for the default."""
    return _TEXTS[name](value, settings.per_page)


def _day(value: Any, _: int) -> str:
    return value.isoformat() if value else ""


_TEXTS: dict[str, Callable[[Any, int], str]] = {
    "q": lambda value, _: value,
    "page": lambda value, _: str(value) if value != 1 else "",
    "per_page": lambda value, default: str(value) if value != default else "",
    "sort": lambda value, _: value if value != "relevance" else "",
    "section": lambda value, _: SECTION_SEPARATOR.join(value),
    "source": lambda value, _: value,
    "date_from": _day,
    "date_to": _day,
    "strict": lambda value, _: "1" if value else "",
    "literal": lambda value, _: "1" if value else "",
    "fold": lambda value, _: "" if value else "0",
    "diverse": lambda value, _: "" if value else "0",
    "explain": lambda value, _: "1" if value else "",
    "facets": lambda value, _: "" if value else "0",
    "snippets": lambda value, _: "" if value else "0",
    "total": lambda value, _: value if value != "exact" else "",
}
