"""Boxes within an article: what stands beside the text and has headings of its own, such as "Related Information"."""

from __future__ import annotations

import re
from typing import Any

from harbor_search.ingest.html_words import words_in

__all__ = ["is_box"]

_TAGS = frozenset("aside blockquote details figure".split())
_ROLES = frozenset("note complementary doc-tip doc-notice doc-pullquote doc-example".split())
_NAME = re.compile(
    r"(?:\w+[-_])*(?:box|infobox|factbox|sidebox|textbox|sidebar|aside|callout|admonition|pullquote|inset|breakout|well"
    r"|card|note|notice|tip|warning|alert)|(?:related|key|quick|fast)[-_](?:\w+[-_])*(?:info|information|facts?|links?)"
    r"|right|(?:pull|float|align)[-_]?(?:right|end|left|start)"
)
_FLOAT = re.compile(r"float\s*:\s*(?:right|left|inline-)", re.IGNORECASE)

MAX_WORDS = 400
"""More is a part of the text, whatever its class is called: the real ones on public pages have up to 160."""


def is_box(element: Any) -> bool:
    """Whether the headings in a block of a page end with it, so that what follows goes on with the text before.

    A block with the article's title is none.
    """
    if element.tag not in _TAGS and element.get("role") not in _ROLES and not _is_named(element):
        return False
    return element.find(".//h1") is None and words_in(element) <= MAX_WORDS


def _is_named(element: Any) -> bool:
    names, style = element.get("class"), element.get("style")
    if names and any(_NAME.fullmatch(name) for name in names.lower().split()):
        return True
    return bool(style and _FLOAT.search(style))
