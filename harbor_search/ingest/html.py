"""HTML pages: the main text without the site around it."""

from __future__ import annotations

import logging
from copy import deepcopy
from pathlib import PurePosixPath
from typing import Any

from trafilatura import load_html

from harbor_search.ingest import fields
from harbor_search.ingest.body import Part, body_of, lead_of
from harbor_search.ingest.cleaning import key, tidy_line
from harbor_search.ingest.html_charset import decode_html
from harbor_search.ingest.html_main import main_element
from harbor_search.ingest.html_metadata import page_metadata, page_statements
from harbor_search.ingest.html_pruning import prune
from harbor_search.ingest.html_text import parts_of
from harbor_search.ingest.metadata import article_from, require_public
from harbor_search.ingest.outcome import Origin, Read, Unreadable, Unwanted

__all__ = ["read_html"]


def read_html(data: bytes, origin: Origin) -> Read:
    """The article of one HTML page.

    Raises:
        Unreadable: not text, not HTML, or no text besides navigation.
        Unwanted: it may not be shown.
    """
    text = decode_html(data)
    # The libraries log what they discard; here that becomes a reason, and progress bars stay whole.
    for name in ("trafilatura", "htmldate"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        stated, parts = _extract(text, origin)
    except Unwanted:
        raise
    except Exception as error:
        # Pages come broken in ways that the libraries do not foresee; one page must not stop the others.
        raise Unreadable(f"the HTML cannot be made sense of ({type(error).__name__}: {error})") from error
    body = body_of(_without_title(parts, stated.get("title")))
    if not lead_of(body):
        raise Unreadable("the page has no text besides navigation")
    stand_in = tidy_line(PurePosixPath(origin.id).name.replace("-", " ").replace("_", " ")) or origin.id
    return article_from(stated, body, lead_of(body), origin, stand_in=stand_in, section=fields.folders(origin.name))


def _extract(text: str, origin: Origin) -> tuple[dict[str, Any], list[Part]]:
    """What the page says about itself and its main text."""
    tree = load_html(text)
    if tree is None:
        # The library takes pages without `html` and `body` tags for something else; they may lawfully lack them.
        tree = load_html(f"<html><body>{text}</body></html>")
    if tree is None:
        return {}, []
    require_public(page_statements(tree), origin)
    pruned = deepcopy(tree)
    prune(pruned)
    main = main_element(pruned)
    headings = [tidy_line("".join(each.itertext())) for part in (main, pruned) for each in part.iterfind(".//h1")]
    stated = page_metadata(tree, headings[: len(main.findall(".//h1"))] or headings)
    require_public(stated, origin)
    return stated, parts_of(main)


def _without_title(parts: list[Part], title: Any) -> list[Part]:
    """`parts`, the first heading losing its name where it only repeats the title."""
    for at, part in enumerate(parts):
        if part.heading:
            repeats = isinstance(title, str) and key(part.heading) == key(title)
            return [*parts[:at], Part("", part.text), *parts[at + 1 :]] if repeats else parts
    return parts
