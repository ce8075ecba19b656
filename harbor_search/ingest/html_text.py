"""The main text of an HTML page, with its headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from trafilatura import bare_extraction

from harbor_search.ingest.body import Part
from harbor_search.ingest.cleaning import tidy, visible

__all__ = ["main_parts", "prune"]

# What pages mark as not their content, by the landmarks of HTML and ARIA.
_CHROME = (
    "//nav | //footer[not(ancestor::article or ancestor::blockquote)] | //script | //style | //noscript | //template"
    " | //header[not(ancestor::article or ancestor::main or ancestor::section)]"
    " | //*[@role='navigation' or @role='banner' or @role='contentinfo' or @role='search']"
    " | //*[@hidden or @aria-hidden='true']"
)
# Class names that parts of pages around their text go by, as whole words of a list of classes.
_WIDGETS = " | ".join(
    f"//*[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]"
    for name in (
        "menu share share-buttons sharing social social-share social-sharing block-social breadcrumb breadcrumbs "
        "skip-link skip-links pager pagination cookie-banner pagetop back-to-top"
    ).split()
)
_MAIN = "//main[not(ancestor::main)] | //*[@role='main' and not(ancestor::main or ancestor::*[@role='main'])]"

# Tags of HTML and of the library's own output, which says `head` and `item` for `h2` and `li`.
_HEADINGS = frozenset("head h1 h2 h3 h4 h5 h6".split())
_POINTS = frozenset(("item", "li"))
_LINES = frozenset("dt dd row tr lb br".split()) | _POINTS
_CELLS = frozenset("cell td th".split())
_BLOCKS = frozenset(
    "p list ul ol dl table quote blockquote pre div section article main aside figure figcaption details summary"
    " address form fieldset hr".split()
)
_VERBATIM = frozenset(("code", "pre"))
_EMPTY = re.compile(r"^[-| ]+$", re.MULTILINE)
_SPACE = re.compile(r"\s+")


def prune(tree: Any) -> None:
    """Take from a parsed page, in place, whatever it marks as chrome; where it marks its main part, all but that."""
    for element in tree.xpath(f"{_CHROME} | {_WIDGETS}"):
        if element.getparent() is not None and element.tag not in ("html", "body"):
            element.drop_tree()
    mains = [each for each in tree.xpath(_MAIN) if visible("".join(each.itertext()))]
    body = tree.find("body")
    if len(mains) == 1 and body is not None and mains[0] is not body:
        main = mains[0]
        body.text, main.tail = None, None
        body[:] = [main]


def main_parts(tree: Any) -> list[Part]:
    """Headings with their text from a pruned page; where the library finds none, from all that is left of it."""
    body = tree.find("body")
    everything = tree if body is None else body
    found = bare_extraction(tree, include_comments=False, include_tables=True, include_images=False)
    if found is not None and not _is_heap(found.body, everything):
        parts = list(_parts(found.body))
        if any(visible(part.text) for part in parts):
            return parts
    return list(_parts(everything))


def _is_heap(found: Any, everything: Any) -> bool:
    """Whether `found` is the library's last resort, all words of the page in one paragraph without any structure."""
    if len(found) != 1 or len(everything) < 2:
        return False
    words, all_words = (len(" ".join(each.itertext()).split()) for each in (found, everything))
    return words > 0.8 * all_words


def _parts(body: Any) -> Iterator[Part]:
    heading, pieces = "", list[str]()
    for piece in _pieces(body, nested=False, verbatim=False):
        if isinstance(piece, str):
            pieces.append(piece)
        else:
            yield Part(heading, _joined(pieces))
            heading, pieces = piece.heading, []
    yield Part(heading, _joined(pieces))


def _joined(pieces: list[str]) -> str:
    """The text of `pieces` without the lines of empty items and rows."""
    return _EMPTY.sub("", tidy("".join(pieces)))


def _pieces(element: Any, *, nested: bool, verbatim: bool) -> Iterator[str | Part]:
    """Text with its line ends below `element`, and headings as parts without text; `nested` ones are text."""
    verbatim = verbatim or element.tag in _VERBATIM
    yield _text(element.text, verbatim)
    for child in element:
        tag = child.tag
        if isinstance(tag, str):
            if tag in _HEADINGS and not nested:
                yield Part(" ".join("".join(child.itertext()).split()), "")
            else:
                edge = _edge(child)
                yield edge
                inside = nested or tag in _CELLS or tag in _LINES
                yield from _pieces(child, nested=inside, verbatim=verbatim)
                yield edge if tag in _BLOCKS else ""
        yield _text(child.tail, verbatim)


def _edge(element: Any) -> str:
    """What parts an element from what comes before it, and a block from what comes after it."""
    tag = element.tag
    if tag in _CELLS:
        return " | " if element.getprevious() is not None else ""
    if tag in _LINES:
        return "\n- " if tag in _POINTS else "\n"
    if tag not in _BLOCKS and tag not in _HEADINGS:
        return ""
    around = {each.tag for each in element.iterancestors()}
    return " " if around & _CELLS else "\n" if around & _LINES else "\n\n"


def _text(text: str | None, verbatim: bool) -> str:
    return text or "" if verbatim else _SPACE.sub(" ", text or "")
