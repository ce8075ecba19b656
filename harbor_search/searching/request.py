"""A search request, validated: the same rules for every interface."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple, get_args

from harbor_search.config import Settings
from harbor_search.engines import Sort, Total
from harbor_search.errors import UserError
from harbor_search.searching.cursors import Cursor

__all__ = ["SearchRequest", "parse_request"]

SORTS: tuple[str, ...] = get_args(Sort)

FLAGS = {"1": True, "0": False, "true": True, "false": False, "yes": True, "no": False, "on": True, "off": False}
"""How yes and no may be written."""

TOTALS: tuple[str, ...] = get_args(Total)


class SearchRequest(NamedTuple):
    """What a reader asks for, and what of it an answer needs. (A tuple, as it is made for each search.)

    `strict` wants every word in an article, not just the more the better. A `literal` query is searched as it was
    typed: no word is corrected, none stands for another name, and none but stop words is made to count less. With
    `fold`, near-duplicates are one hit; `diverse` ones have later what has the title of a better one. A program
    that shows no `facets`, no `snippets` (nor marks in titles) or no exact `total` says so and does not wait for them;
    for a number alone, `per_page` may be 0. A `cursor` stands in the place of `page`. `explain` asks for what makes up
    the score of each hit.
    """

    q: str = ""
    page: int = 1
    per_page: int = 10
    sort: Sort = "relevance"
    section: tuple[str, ...] = ()
    source: str = ""
    date_from: date | None = None
    date_to: date | None = None
    strict: bool = False
    literal: bool = False
    fold: bool = True
    diverse: bool = True
    facets: bool = True
    snippets: bool = True
    total: Total = "exact"
    cursor: Cursor | None = None
    explain: bool = False


def parse_request(values: Mapping[str, str], settings: Settings) -> SearchRequest:
    """A request from the texts that came through an interface (URL parameters, command-line options).

    Absent and empty values mean the default; unknown names are ignored, as links gather foreign parameters.

    Raises:
        UserError: a value that cannot be; `where` names the parameter.
    """
    query = values.get("q", "")
    if len(query) > settings.max_query_length:
        raise UserError(
            f"the query is {len(query)} characters long; at most {settings.max_query_length} are allowed",
            where="q",
            position=settings.max_query_length,
        )
    page = _whole_number(values, "page", default=1, highest=settings.max_results)
    per_page = _whole_number(values, "per_page", default=settings.per_page, highest=settings.max_per_page)
    if page * per_page > settings.max_results:
        raise UserError(
            f"results beyond the first {settings.max_results} cannot be paged to; refine the query instead",
            where="page",
        )
    date_from, date_to = _day(values, "date_from"), _day(values, "date_to")
    if date_from and date_to and date_from > date_to:
        raise UserError(f"date_from {date_from} is after date_to {date_to}", where="date_from")
    return SearchRequest(
        q=query,
        page=page,
        per_page=per_page,
        sort=_sort(values),
        section=tuple(part.strip() for part in values.get("section", "").split(">") if part.strip()),
        source=values.get("source", "").strip(),
        date_from=date_from,
        date_to=date_to,
        strict=_flag(values, "strict"),
        literal=_flag(values, "literal"),
        fold=_flag(values, "fold", default=True),
        diverse=_flag(values, "diverse", default=True),
        facets=_flag(values, "facets", default=True),
        snippets=_flag(values, "snippets", default=True),
        total=_total(values),
        explain=_flag(values, "explain"),
    )


def _whole_number(values: Mapping[str, str], name: str, *, default: int, highest: int) -> int:
    text = values.get(name, "").strip()
    if not text:
        return default
    # isdecimal and the length keep int() from digits of other scripts' surprises and from huge texts.
    if not (text.isascii() and text.isdecimal() and len(text) <= 9 and 1 <= int(text) <= highest):
        raise UserError(f"{name} must be a whole number from 1 to {highest}, not {text[:40]!r}", where=name)
    return int(text)


def _day(values: Mapping[str, str], name: str) -> date | None:
    text = values.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(f"{name} must be a date such as 2025-01-31, not {text[:40]!r}", where=name) from None


def _sort(values: Mapping[str, str]) -> Sort:
    text = values.get("sort", "").strip() or "relevance"
    for sort in get_args(Sort):
        if text == sort:
            found: Sort = sort
            return found
    raise UserError(f"sort must be one of {', '.join(SORTS)}, not {text[:40]!r}", where="sort", choices=SORTS)


def _total(values: Mapping[str, str]) -> Total:
    text = values.get("total", "").strip() or "exact"
    for total in get_args(Total):
        if text == total:
            found: Total = total
            return found
    raise UserError(f"total must be one of {', '.join(TOTALS)}, not {text[:40]!r}", where="total", choices=TOTALS)


def _flag(values: Mapping[str, str], name: str, *, default: bool = False) -> bool:
    text = values.get(name, "").strip().lower()
    if not text:
        return default
    if text in FLAGS:
        return FLAGS[text]
    raise UserError(f"{name} must be 1 or 0, not {text[:40]!r}", where=name, choices=("1", "0"))
