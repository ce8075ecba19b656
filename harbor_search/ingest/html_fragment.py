"""Texts that a record keeps as HTML: their words without the markup, and whether they are HTML at all."""

from __future__ import annotations

import html
import re

from harbor_search.ingest.body import Part
from harbor_search.ingest.template_marks import without_shortcodes

__all__ = ["is_html", "line_of_html", "parts_of_html"]

_TAGS = (
    "p br div span h[1-6] ul ol li a strong em b i u s table thead tbody tr td th img figure figcaption blockquote pre"
    " section article code sup sub dl dt dd hr details summary ruby small del ins mark font center video iframe script"
    " style"
).replace(" ", "|")
_TAG = re.compile(rf"<(?:{_TAGS})(?:\s[^<>]*)?/?>|</(?:{_TAGS})\s*>|<!--", re.IGNORECASE)
_CLOSING = re.compile(
    rf"</(?:{_TAGS})\s*>|<(?:br|hr|img)\b[^<>]*>|<!-- wp:|\A\s*<(?:p|div|ul|ol|table|h[1-6])\b[^<>]*>", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def is_html(text: str) -> bool:
    """Whether `text` is written in HTML: it has tags of it, not just a sign of less."""
    return "<" in text and bool(_CLOSING.search(text))


def line_of_html(text: str) -> str:
    """A title or the like without tags and with its characters for their references."""
    if is_html(text):
        text = re.sub(r"<(script|style)\b.*?</\1\s*>", "", text, flags=re.DOTALL | re.IGNORECASE)
        text = re.sub(r"</?(?:br|p|div|li|h[1-6])\b[^<>]*>", " ", text, flags=re.IGNORECASE)
        text = _TAG.sub("", text)
    return html.unescape(text) if "&" in text and _ENTITY.search(text) else text


def parts_of_html(text: str) -> list[Part]:
    """The headings of an HTML text with what stands below them."""
    # Imported here: most records are plain text, and the libraries behind HTML take long to load.
    from harbor_search.ingest.excluded_parts import drop_excluded, with_marks
    from harbor_search.ingest.html_pruning import prune
    from harbor_search.ingest.html_text import parts_of
    from harbor_search.ingest.html_tree import parse_html

    # Within an article of its own: a footer or header of it is no part of a page around.
    text = without_shortcodes(with_marks(text))
    tree = parse_html(f"<html><body><article>{text}</article></body></html>")
    drop_excluded(tree, text)
    prune(tree)
    return parts_of(tree.find("body"))
