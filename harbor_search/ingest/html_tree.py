"""Parsing of HTML, whole pages and parts of them, however broken."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

import lxml.etree
import lxml.html

from harbor_search.ingest.outcome import Unreadable

__all__ = ["MAX_DEPTH", "is_large", "parse_html"]

MAX_DEPTH = 400
"""Elements within elements; browsers stop at 512, and what walks the tree here stands on Python's stack."""

_BREAKS = bytes.maketrans(b"\v\f", b"\n\n")
_BREAK = re.compile(rb"&#(?:0*1[12]|x0*[bc])(?![0-9a-f]);?", re.IGNORECASE)
_CONTROLS = bytes(each for each in range(0x20) if each not in b"\t\n\v\f\r")
_CONTROL = re.compile(
    rb"&#(?:0*(?:[0-8]|1[4-9]|2[0-9]|3[01]|6553[45])(?![0-9])|x0*(?:[0-8ef]|1[0-9a-f]|fff[ef])(?![0-9a-f]));?"
    rb"|\xef\xbf[\xbe\xbf]",
    re.IGNORECASE,
)

_TOO_DEEP = lxml.etree.XPath(f"boolean({'/*' * (MAX_DEPTH + 1)})")
_TEXT_LENGTH = lxml.etree.XPath("string-length()")

MAX_ELEMENTS = 10_000
MAX_TEXT = 1_000_000
"""Elements, and characters of text, of a page beyond which no library is asked what is what in it: these copy a page
several times, and their time grows faster than it."""


def is_large(tree: Any) -> bool:
    """Whether a page is too large for libraries to be asked about it."""
    if next(islice(tree.iter(), MAX_ELEMENTS, None), None) is not None:
        return True
    return bool(_TEXT_LENGTH(tree) > MAX_TEXT)


def parse_html(text: str) -> Any:
    """The tree of a page without its comments; None where there is nothing in it.

    Entities that a document defines for itself are not expanded: HTML knows none.

    Raises:
        Unreadable: its elements nest deeper than `MAX_DEPTH`.
    """
    # Without `huge_tree` what lies deeper than 256 elements would be lost without a word.
    parser = lxml.etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, collect_ids=False
    )
    # One class for all elements: to choose one by the name, as `lxml.html` does, runs Python each time one is touched.
    parser.set_element_class_lookup(lxml.etree.ElementDefaultClassLookup(element=lxml.html.HtmlElement))
    try:
        tree = lxml.html.document_fromstring(_sound(text), parser=parser)
    except lxml.etree.ParserError:
        return None
    if _TOO_DEEP(tree):
        raise Unreadable(f"the elements of the page nest deeper than {MAX_DEPTH}")
    return tree


def _sound(text: str) -> bytes:
    """`text` without the characters that no XML has, nor references to them, and with line ends for those of pages.

    A tree may have them when it is parsed, and nothing could be taken out beside them: that would write them anew.
    """
    content = text.encode("utf-8", "replace").translate(_BREAKS, _CONTROLS)
    return _CONTROL.sub(b"", _BREAK.sub(b"\n", content)) if b"&#" in content or b"\xef\xbf" in content else content
