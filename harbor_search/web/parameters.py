"""Search parameters: from the address of a request to a `SearchRequest`, and back into addresses."""

from __future__ import annotations

from typing import Any

from flask import request

from harbor_search.article import SECTION_SEPARATOR
from harbor_search.config import Settings
from harbor_search.errors import UserError
from harbor_search.searching import SearchRequest, parse_request

__all__ = ["NAMES", "requested", "search_values"]

NAMES = ("q", "page", "per_page", "sort", "section", "date_from", "date_to", "strict")


def requested(settings: Settings) -> SearchRequest:
    """What the current request asks for.

    Raises:
        UserError: a value that cannot be, or a parameter given more than once: no reading of it would be sure.
    """
    for name in NAMES:
        if len(request.args.getlist(name)) > 1:
            raise UserError(f"{name} is given more than once; give it once", where=name)
    return parse_request(request.args, settings)


def search_values(asked: SearchRequest, settings: Settings, **changes: Any) -> dict[str, Any]:
    """The parameters that ask for `asked`, after `changes` to its attributes, without those that say the default.

    Always in the order of `NAMES`, so that equal requests have equal addresses. `page` is 1 unless among the changes.
    """
    values = {name: getattr(asked, name) for name in NAMES} | {"page": 1} | changes
    texts = {
        "q": values["q"],
        "page": str(values["page"]) if values["page"] != 1 else "",
        "per_page": str(values["per_page"]) if values["per_page"] != settings.per_page else "",
        "sort": values["sort"] if values["sort"] != "relevance" else "",
        "section": SECTION_SEPARATOR.join(values["section"]),
        "date_from": values["date_from"].isoformat() if values["date_from"] else "",
        "date_to": values["date_to"].isoformat() if values["date_to"] else "",
        "strict": "1" if values["strict"] else "",
    }
    return {name: text for name, text in texts.items() if text}
