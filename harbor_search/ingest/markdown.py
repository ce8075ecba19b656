"""Markdown, which is CommonMark with tables, below front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any

from harbor_search.ingest import fields
from harbor_search.ingest.body import Part, body_of, lead_of
from harbor_search.ingest.cleaning import key, tidy_line
from harbor_search.ingest.decoding import decode
from harbor_search.ingest.front_matter import split_front_matter
from harbor_search.ingest.markdown_text import Block, blocks_of
from harbor_search.ingest.metadata import article_from, require_public
from harbor_search.ingest.names import folded
from harbor_search.ingest.outcome import Origin, Read, Unreadable

__all__ = ["read_markdown"]

_ANCHOR = re.compile(r"\s*\{#([\w.:-]+)\}$")


def read_markdown(data: bytes, origin: Origin) -> Read:
    """The article of one Markdown file. Its title is the front matter's, else that of a first-level heading on top.

    Raises:
        Unreadable: not text, no text below the front matter, or front matter that breaks the rules of its language.
        Unwanted: it may not be shown.
    """
    given, text = split_front_matter(decode(data))
    require_public(given, origin)
    stated = folded(given)
    blocks = blocks_of(text)
    if blocks and blocks[0].level == 1 and _is_title(blocks[0].text, stated.get("title")):
        stated = {"title": blocks[0].text} | stated
        del blocks[0]
    body = body_of(_parts(blocks))
    if not lead_of(body):
        raise Unreadable("there is no text" + (" below the front matter" if stated else ""))
    stand_in = tidy_line(PurePosixPath(origin.id).name.replace("-", " ").replace("_", " ")) or origin.id
    return article_from(stated, body, lead_of(body), origin, stand_in=stand_in, section=fields.folders(origin.name))


def _is_title(heading: str, title: Any) -> bool:
    """Whether the heading on top is the article's title: there is no other, or it is the same."""
    return not title or (isinstance(title, str) and key(title) == key(heading))


def _parts(blocks: Sequence[Block]) -> Iterator[Part]:
    for block in blocks:
        if not block.level:
            yield Part("", block.text)
        elif own := _ANCHOR.search(block.text):
            yield Part(block.text[: own.start()], "", own[1])
        else:
            yield Part(block.text, "")
