"""The main text of an HTML page, with its headings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from trafilatura import bare_extraction

from harbor_search.ingest.body import Part
from harbor_search.ingest.cleaning import visible

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
_LINES = frozenset("dt dd row tr".split()) | _POINTS
_CELLS = frozenset("cell td th".split())
_BREAKS = frozenset(("lb", "br"))
_BLOCKS = frozenset(
    "p list ul ol dl table quote blockquote pre div section article main aside figure figcaption details summary"
    " address form fieldset hr".split()
)
_GAPS = ("", " ", " | ", "\n", "\n\n")
"""What may part two texts, the less to the greater."""

_VERBATIM = frozenset(("code", "pre"))
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
    found: Any = bare_extraction(tree, include_comments=False, include_tables=True, include_images=False)
    if found is not None and not _is_heap(found.body, everything):
        parts = _parts(found.body)
        if any(visible(part.text) for part in parts):
            return parts
    return _parts(everything)


def _is_heap(found: Any, everything: Any) -> bool:
    """Whether `found` is the library's last resort, all words of the page in one paragraph without any structure."""
    if len(found) != 1 or len(list(everything.iter("p", *_LINES, *_HEADINGS))) < 2:
        return False
    words, all_words = (len(" ".join(each.itertext()).split()) for each in (found, everything))
    return words > 0.8 * all_words


@dataclass(slots=True)
class _Writer:
    """Parts as they are written: text, and the gap that the next text must keep from what is there."""

    parts: list[tuple[str, list[str]]] = field(default_factory=lambda: [("", [])])
    gap: str = ""
    marker: str = ""

    def text(self, text: str) -> None:
        if self.gap or self.marker:
            text = text.lstrip()
        if text:
            self.parts[-1][1].append(f"{self.gap}{self.marker}{text}")
            self.gap = self.marker = ""

    def part_from(self, gap: str) -> None:
        """Keep `gap` from what was written, or more where more was asked for."""
        self.gap = max(self.gap, gap, key=_GAPS.index)

    def heading(self, heading: str) -> None:
        self.parts.append((heading, []))
        self.gap = self.marker = ""


def _parts(body: Any) -> list[Part]:
    writer = _Writer()
    _write(body, writer, "\n\n", verbatim=False)
    return [Part(heading, "".join(pieces)) for heading, pieces in writer.parts]


def _write(element: Any, writer: _Writer, gap: str, *, verbatim: bool) -> None:
    """Write what is in `element`, where blocks keep `gap` from each other."""
    verbatim = verbatim or element.tag in _VERBATIM
    writer.text(_text(element.text, verbatim))
    for child in element:
        tag = child.tag
        if tag in _HEADINGS and gap == "\n\n":
            writer.heading(" ".join("".join(child.itertext()).split()))
        elif tag in _CELLS:
            # Not below the gap of a row: empty cells at its beginning say nothing.
            writer.part_from(" | " if writer.gap in ("", " ") else "")
            _write(child, writer, " ", verbatim=verbatim)
        elif tag in _LINES:
            writer.part_from("\n")
            writer.marker = "- " if tag in _POINTS else ""
            _write(child, writer, "\n", verbatim=verbatim)
            writer.part_from("\n")
            writer.marker = ""
        elif isinstance(tag, str):
            around = gap if tag in _BLOCKS or tag in _HEADINGS else "\n"[: tag in _BREAKS]
            writer.part_from(around)
            _write(child, writer, gap, verbatim=verbatim)
            writer.part_from(around)
        writer.text(_text(child.tail, verbatim))


def _text(text: str | None, verbatim: bool) -> str:
    return text or "" if verbatim else _SPACE.sub(" ", text or "")
