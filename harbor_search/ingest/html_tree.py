"""Parsing of HTML, whole pages and parts of them, however broken."""

from __future__ import annotations

from itertools import islice
from typing import Any

import lxml.etree
import lxml.html

from harbor_search.ingest.outcome import Unreadable

__all__ = ["MAX_DEPTH", "is_large", "parse_html"]

MAX_DEPTH = 400
"""Elements within elements; browsers stop at 512, and what walks the tree here stands on Python's stack."""


MAX_ELEMENTS = 10_000
MAX_TEXT = 1_000_000
"""Elements, and characters of text, of a page beyond which no library is asked what is what in it: these copy a page
several times, and their time grows faster than it."""


def is_large(tree: Any) -> bool:
    """Whether a page is too large for libraries to be asked about it."""
    if next(islice(tree.iter(), MAX_ELEMENTS, None), None) is not None:
        return True
    return bool(tree.xpath("string-length()") > MAX_TEXT)


def parse_html(text: str) -> Any:
    """The tree of a page without its comments; None where there is nothing in it.

    Entities that a document defines for itself are not expanded: HTML knows none.

    Raises:
        Unreadable: its elements nest deeper than `MAX_DEPTH`.
    """
    # Without `huge_tree` what lies deeper than 256 elements would be lost without a word.
    parser = lxml.html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, collect_ids=False
    )
    try:
        tree = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except lxml.etree.ParserError:
        return None
    depth = 0
    for event, _ in lxml.etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise Unreadable(f"the elements of the page nest deeper than {MAX_DEPTH}")
    return tree
