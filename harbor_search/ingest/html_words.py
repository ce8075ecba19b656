"""How much text stands in a part of a page, and how much of it in links."""

from __future__ import annotations

from typing import Any

__all__ = ["PROSE", "has_words", "link_share", "readable_words", "words_in"]

PROSE = 8
"""Words from which a paragraph is one that readers read, and not a label."""

_NOT_COUNTED = frozenset("head script style noscript template svg a button select nav header footer form".split())


def words_in(element: Any) -> int:
    """How many words stand in `element`."""
    # Piece by piece: all words of a large page at once would take many times its size.
    return sum(map(len, map(str.split, element.itertext())))


def has_words(element: Any) -> bool:
    """Whether any word stands in `element`."""
    return any(text and not text.isspace() for text in element.itertext())


def link_share(element: Any) -> float:
    """The share of an element's letters that are in links and buttons; 1 where it has none at all."""
    total = sum(len(text.strip()) for text in element.itertext())
    linked = sum(
        len(text.strip())
        for link in element.iter("a", "button")
        if not _within_link(link, element)
        for text in link.itertext()
    )
    return min(linked / total, 1.0) if total else 1.0


def readable_words(tree: Any) -> int:
    """How many words of the unpruned page's main part, else of its body, are neither code nor links."""
    waiting = [next((each for each in tree.iter() if each.tag == "main" or each.get("role") == "main"), tree)]
    words = 0
    while waiting:
        element = waiting.pop()
        if element.text:
            words += len(element.text.split())
        for child in element:
            if child.tail:
                words += len(child.tail.split())
            if child.tag not in _NOT_COUNTED:
                waiting.append(child)
    return words


def _within_link(link: Any, element: Any) -> bool:
    """Whether another link of `element` holds this one."""
    for above in link.iterancestors():
        if above is element:
            return False
        if above.tag in ("a", "button"):
            return True
    return False
