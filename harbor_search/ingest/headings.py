"""Which blocks of a plain text are headings.

Text without markup shows a heading by its shape alone: a short line that does not end as a sentence does and has
something below it. Questions may be headings; a line that ends with a colon introduces what follows and is not one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from harbor_search.ingest.body import Part
from harbor_search.ingest.cleaning import key

__all__ = ["could_be_heading", "outline"]

MAX_CHARACTERS = 100
MAX_WORDS = 18
MAX_PLAIN_WORDS = 12
"""Longest heading that is neither written with Capitals nor a question: longer ones are sentences without a stop."""

_BULLET = re.compile(r"[-*+\u2022\u2023\u25aa\u25cf\u25e6\u00b7\u2013\u2014]\s")
_NUMBER = re.compile(r"\(?(\d{1,3}|[a-z])[.)]\s", re.IGNORECASE)
_CLOSERS = "\"'\u2019\u201d\u00bb)]*_ "
_STOPS = (".", "!", ":", ";", ",", "\u2026", "\u3002", "\uff01", "\uff1a", "\uff1b", "\uff0c", "\u3001")
_QUESTIONS = ("?", "\uff1f", "\u061f")
_OVERVIEW = re.compile(r"an overview of .+?:\s+(.+)", re.IGNORECASE)
_LISTED = re.compile(r",|;|&|\band\b")


def outline(blocks: Sequence[str]) -> list[Part]:
    """Headings with the text below them, paragraphs parted by a blank line; the first heading may be empty."""
    parts: list[tuple[str, list[str]]] = [("", [])]
    for block, is_heading in zip(blocks, _headings(blocks), strict=True):
        if is_heading:
            parts.append((block, []))
        else:
            parts[-1][1].append(block)
    return [Part(heading, "\n\n".join(texts)) for heading, texts in parts if heading or texts]


def could_be_heading(block: str) -> bool:
    """Whether `block` has the shape of a heading, whatever stands around it."""
    if "\n" in block or len(block) > MAX_CHARACTERS or _BULLET.match(block):
        return False
    bare = block.rstrip(_CLOSERS)
    words = block.split()
    if not bare or bare.endswith(_STOPS) or len(words) > MAX_WORDS:
        return False
    return len(words) <= MAX_PLAIN_WORDS or bare.endswith(_QUESTIONS) or _capitalised(words)


def _capitalised(words: Sequence[str]) -> bool:
    """Most of the words that a title would capitalise begin with a capital."""
    long = [word for word in words if len(word) > 4]
    return sum(not word[0].islower() for word in long) * 3 >= len(long) * 2


def _headings(blocks: Sequence[str]) -> list[bool]:
    """For each block whether it is a heading; decided from the last to the first, as each depends on the next."""
    shaped = [could_be_heading(block) for block in blocks]
    _drop_items(blocks, shaped)
    found = [False] * len(blocks)
    announced = _announced(blocks)
    for at in range(len(blocks) - 2, -1, -1):
        following = blocks[at + 1]
        content = not shaped[at + 1] or len(following) > len(blocks[at])
        found[at] = (shaped[at] and (content or found[at + 1])) or (key(blocks[at]) in announced)
    return found


def _drop_items(blocks: Sequence[str], shaped: list[bool]) -> None:
    """Unmark list items: short lines one after another below a line that ends with a colon, and numbered ones.

    The last of such a run may head what follows it and stays marked.
    """
    in_list = False
    for at in range(len(blocks) - 1):
        if not shaped[at]:
            in_list = blocks[at].rstrip(_CLOSERS).endswith((":", "\uff1a"))
            continue
        numbered = _NUMBER.match(blocks[at]) and _NUMBER.match(blocks[at + 1])
        if numbered or (in_list and could_be_heading(blocks[at + 1])):
            shaped[at] = False


def _announced(blocks: Sequence[str]) -> set[str]:
    """The headings A, B and C that a heading `An Overview of X: A, B, C` promises."""
    names: set[str] = set()
    for block in blocks:
        if (overview := _OVERVIEW.fullmatch(block)) and could_be_heading(block):
            names |= {key(name) for name in _LISTED.split(overview[1]) if name.strip()}
    return names
