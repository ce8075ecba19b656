"""Paging: the last page, link relations, and the page numbers to show."""

from __future__ import annotations

from harbor_search.config import Settings
from harbor_search.results import SearchResults

__all__ = ["last_page", "page_numbers", "page_relations", "relations"]

AROUND = 2
"""Pages shown on each side of the current one."""


def last_page(results: SearchResults, settings: Settings) -> int:
    """The last page, at least 1: the last with results, or the last within `max_results`."""
    return max(1, min(results.total_pages, settings.max_results // results.per_page))


def relations(results: SearchResults, settings: Settings) -> dict[str, int]:
    """Link relations (RFC 8288) of a page of results -> page numbers.

    If the total is only a lower bound, there is no `last`, and a full page has a `next`.
    """
    page = results.page
    if results.total_relation == "eq":
        return page_relations(page, last_page(results, settings))
    found = {"first": 1, "prev": page - 1} if page > 1 else {"first": 1}
    full = len(results.hits) == results.per_page and page < settings.max_results // results.per_page
    return found | ({"next": page + 1} if full else {})


def page_relations(page: int, last: int) -> dict[str, int]:
    """Link relations (RFC 8288) of `page` -> page numbers; beyond `last`, `prev` leads back to it."""
    relations = {"first": 1}
    if page > 1:
        relations["prev"] = min(page - 1, last)
    if page < last:
        relations["next"] = page + 1
    return relations | {"last": last}


def page_numbers(page: int, last: int) -> list[int | None]:
    """The pages to link: the first, the last and those around `page`; None where some are left out."""
    near = range(max(1, page - AROUND), min(last, page + AROUND) + 1)
    shown = sorted({1, last, *near})
    numbers: list[int | None] = []
    for before, number in zip([0, *shown], shown, strict=False):
        if number == before + 2:
            numbers.append(number - 1)
        elif number > before + 1:
            numbers.append(None)
        numbers.append(number)
    return numbers
