"""Search parameters: from the address of a request to a `SearchRequest`, and back into addresses."""

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
    "cursor_question",
    "question",
    "question_of",
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
"""What programs may leave out of an answer. Pages show all of it, whatever their address says."""

_ASKED = (*NAMES, *ANSWER_NAMES, CURSOR)

_PLAIN = {
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
"""Values that say no more than leaving the parameter out."""


def requested(settings: Settings, names: tuple[str, ...] = NAMES) -> SearchRequest:
    """What the current request asks for by the parameters called `names`.

    Raises:
        UserError: a value that cannot be, or a parameter given more than once: no reading of it would be sure.
    """
    for name, values in request.args.lists():
        if len(values) > 1 and name in names:
            raise UserError(f"{name} is given more than once; give it once", where=name)
    # A plain dictionary: the request's own one makes an exception for each name that is not there.
    return parse_request({name: value for name, value in request.args.items() if name in names}, settings)


def question() -> str:
    """The current request's parameters so that those that ask for the same are mostly written the same.

    Not judged yet: what cannot be has an address of its own, too.
    """
    return question_of(request.args)


def question_of(values: Mapping[str, str]) -> str:
    """The same of any parameters."""
    asked = {name: values[name].strip() for name in _ASKED if name in values}
    return urlencode({name: value for name, value in asked.items() if value and _PLAIN.get(name) != value})


def with_cursor(asked: SearchRequest, settings: Settings) -> SearchRequest:
    """`asked`, going on where the parameter `cursor` says, if it is given.

    Raises:
        UserError: it is no cursor for this question, or `page` is given too.
    """
    texts = request.args.getlist(CURSOR)
    if not any(texts):
        return asked
    if len(texts) > 1 or asked.page != 1:
        raise UserError("cursor stands in the place of page and is given once", where=CURSOR)
    cursor = read_cursor(texts[0], cursor_question(asked, settings))
    return asked._replace(cursor=cursor, page=cursor.offset // max(asked.per_page, 1) + 1)


def cursor_question(asked: SearchRequest, settings: Settings) -> str:
    """What a cursor belongs to: all that chooses and orders hits."""
    return urlencode(search_values(asked, settings) | {"per_page": asked.per_page})


def search_values(asked: SearchRequest, settings: Settings, **changes: Any) -> dict[str, Any]:
    """The parameters that ask for `asked`, after `changes` to its attributes, without those that say the default.

    Always in the same order, so that equal requests have equal addresses. `page` is 1 unless among the changes.
    """
    asked = asked._replace(**{"page": 1, **changes})
    texts: dict[str, Any] = {"q": asked.q} if asked.q else {}
    return texts | _manner(asked[1:], settings.per_page)


@lru_cache(maxsize=1024)
def _manner(manner: tuple[Any, ...], per_page: int) -> dict[str, str]:
    """The same of all but its first field. Few requests are asked in a manner of their own."""
    asked = SearchRequest("", *manner)
    texts = {name: text(getattr(asked, name), per_page) for name, text in _TEXTS.items()}
    return {name: text for name, text in texts.items() if text}


def value_text(name: str, value: Any, settings: Settings) -> str:
    """The value of one attribute of a request as its parameter has it; empty where that says the default."""
    return _TEXTS[name](value, settings.per_page)


def _day(value: Any, _: int) -> str:
    return value.isoformat() if value else ""


_TEXTS: dict[str, Callable[[Any, int], str]] = {
    "q": lambda value, _: value,
    "page": lambda value, _: str(value) if value != 1 else "",
    "per_page": lambda value, usual: str(value) if value != usual else "",
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
