"""Where going through all matches goes on: after the values by which the last hit was sorted, at one point in time.

OpenSearch finds what comes after some values (`search_after`) at the cost of the first page, however deep it is. A
point in time keeps what it reads from being merged meanwhile; where it has expired, or was on a node that is gone, the
index itself goes on, which nobody writes to.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from harbor_search.errors import UserError

__all__ = ["KEPT_OPEN", "START", "Place", "no_cursor", "read_place", "write_place"]

KEPT_OPEN = "2m"
"""How long a point in time waits for the next page: each holds files of the index open, and a node has room for 300."""

_POINT = re.compile(r"[A-Za-z0-9_=+/-]{1,8000}")


@dataclass(frozen=True, slots=True)
class Place:
    """Behind the hit with these sort values, its score, date or views and its id; at a point in time (empty: none)."""

    value: float | None
    article_id: str
    point: str = ""


START = Place(None, "")
"""Before the first hit."""


def write_place(place: Place) -> str:
    """A place as text."""
    return json.dumps([place.value, place.article_id, place.point], separators=(",", ":"), ensure_ascii=False)


def read_place(text: str) -> Place:
    """The place of a text; an empty one is `START`.

    Raises:
        UserError: it is no place.
    """
    if not text:
        return START
    try:
        value, article_id, point = json.loads(text)
        number = value is None or (isinstance(value, int | float) and not isinstance(value, bool))
        texts = isinstance(article_id, str) and isinstance(point, str) and article_id != ""
        if number and texts and (not point or _POINT.fullmatch(point)):
            return Place(value, article_id, point)
    except (ValueError, TypeError, RecursionError):
        pass
    raise no_cursor()


def no_cursor() -> UserError:
    """That a cursor is none of ours."""
    return UserError("cursor is not one that an answer gave; begin again with cursor=*", where="cursor")
