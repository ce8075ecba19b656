"""What a page hides for good; what it folds until a reader asks for it is part of its text."""

from __future__ import annotations

import re
from typing import Any

from harbor_search.ingest.html_words import PROSE, link_share, words_in

__all__ = ["hidden_elements"]

_HIDING = frozenset(("hidden", "aria-hidden", "style"))
_CONTROLS = "//*[@aria-controls or @data-target or @data-bs-target or @data-toggle or @for]"
_DISPLAY_NONE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def hidden_elements(tree: Any) -> list[Any]:
    """Elements that no reader can bring to light."""
    found = [each for each in tree.iter() if not _HIDING.isdisjoint(each.keys()) and _is_hidden(each)]
    shown = _controlled(tree) if found else set()
    return [each for each in found if not _unfolds(each, shown)]


def _is_hidden(element: Any) -> bool:
    hidden = element.get("hidden")
    if hidden is not None:
        return bool(hidden.strip().lower() != "until-found")
    return element.get("aria-hidden") == "true" or bool(_DISPLAY_NONE.search(element.get("style") or ""))


def _controlled(tree: Any) -> set[str]:
    """Ids of what buttons, tabs and links of the page open."""
    found: set[str] = set()
    for element in tree.xpath(_CONTROLS):
        for name in ("aria-controls", "data-target", "data-bs-target", "href", "for"):
            found.update(part.lstrip("#") for part in (element.get(name) or "").split())
    return found


def _unfolds(element: Any, controlled: set[str]) -> bool:
    """Whether a reader can open the element: a button names it, it is a panel, or prose that a script shows."""
    if element.get("id") in controlled or element.get("role") in ("tabpanel", "region"):
        return True
    previous = element.getprevious()
    if previous is not None and (previous.get("aria-expanded") or previous.find(".//*[@aria-expanded]") is not None):
        return True
    prose = element.get("hidden") is None and element.tag in ("div", "section", "p", "dd", "li", "ul", "ol", "table")
    return prose and words_in(element) >= PROSE and link_share(element) < 0.5
