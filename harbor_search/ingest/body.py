"""An article's body: headings with their text, each with an anchor of its own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from harbor_search.article import Section
from harbor_search.ingest.cleaning import tidy, tidy_line, visible

__all__ = ["Part", "body_of", "lead_of", "slug"]

MAX_SLUG = 80
"""Characters: a link to a heading should still fit a line."""

_ANCHOR = re.compile(r"[\w.:-]{1,200}")
_ASCII_MARKS = re.compile("[^0-9a-z]+")
_APOSTROPHES = re.compile(r"['\u2019\u02bc]")


class Part(NamedTuple):
    """A heading with its text, as read; `anchor` where the source has one of its own."""

    heading: str
    text: str
    anchor: str = ""


def slug(heading: str) -> str:
    """`heading` as the fragment of a link: lower case, words joined by hyphens, letters of every script kept."""
    folded = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", heading).casefold())
    if folded.isascii():
        kept = _ASCII_MARKS.sub(" ", folded)
    else:
        kept = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in folded)
    words = "-".join(unicodedata.normalize("NFC", kept).split())
    if len(words) > MAX_SLUG:
        words = words[: MAX_SLUG + 1].rpartition("-")[0] or words[:MAX_SLUG]
    return words or "section"


def body_of(parts: Iterable[Part]) -> tuple[Section, ...]:
    """Sections from headings and texts in the order of the article.

    Text without a heading belongs to what precedes it. The second section with one anchor gets "-2" appended, the next
    "-3". A heading without text stays.
    """
    merged: list[tuple[str, str, list[str]]] = []
    for part in parts:
        heading, text = tidy_line(part.heading), tidy(part.text)
        if visible(heading):
            merged.append((heading, part.anchor, []))
        elif not merged:
            merged.append(("", "", []))
        if visible(text):
            merged[-1][2].append(text)
    taken: dict[str, int] = {}
    return tuple(
        Section(heading, _anchor(heading, anchor, taken), "\n\n".join(texts))
        for heading, anchor, texts in merged
        if heading or texts
    )


def lead_of(body: Iterable[Section]) -> str:
    """The first paragraph of the article."""
    return next((section.text.split("\n\n", 1)[0] for section in body if section.text), "")


def _anchor(heading: str, given: str, taken: dict[str, int]) -> str:
    """The anchor of a heading; `taken` has those of the others, each with the last number that was put after it."""
    if not heading:
        return ""
    anchor = wanted = given if _ANCHOR.fullmatch(given) else slug(heading)
    number = taken.get(wanted, 1)
    while anchor in taken:
        number += 1
        anchor = f"{wanted}-{number}"
    taken[wanted] = number
    taken.setdefault(anchor, 1)
    return anchor
