"""Markdown, which is CommonMark with tables, below front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from harbor_search.ingest.body import Part, body_of, lead_of
from harbor_search.ingest.cleaning import key
from harbor_search.ingest.decoding import decode
from harbor_search.ingest.field_names import folded
from harbor_search.ingest.front_matter import split_front_matter
from harbor_search.ingest.html_fragment import line_of_html
from harbor_search.ingest.markdown_text import Block, blocks_of
from harbor_search.ingest.metadata import article_of_file, require_public, with_surroundings
from harbor_search.ingest.notion import is_notion, properties_below_title
from harbor_search.ingest.outcome import Origin, Read, Unwanted
from harbor_search.ingest.script_object import exported_metadata
from harbor_search.ingest.stub_pages import stub_by_metadata
from harbor_search.ingest.template_marks import without_template_marks

__all__ = ["read_markdown"]

_ATTRIBUTES = re.compile(r"\s*\{:?\s*([#.][^{}\n]*)\}$")
_ANCHOR = re.compile(r"#([\w.:-]+)")


def read_markdown(data: bytes, origin: Origin) -> Read:
    """The article of one Markdown file. Its title is the front matter's, else that of a first-level heading on top.

    Raises:
        Unreadable: not text, or front matter that breaks the rules of its language.
        Unwanted: it may not be shown, or has no text.
    """
    source, notes = decode(data)
    matter, text = split_front_matter(source)
    matter = exported_metadata(text) | matter
    if is_notion(origin.id):
        properties, text = properties_below_title(text)
        matter = properties | matter
    given = with_surroundings(matter, origin)
    require_public(given, origin)
    stated = folded(given)
    if isinstance(stated.get("title"), str):
        stated["title"] = line_of_html(stated["title"])
    if reason := stub_by_metadata(given):
        raise Unwanted(reason)
    blocks = blocks_of(without_template_marks(text))
    if blocks and blocks[0].level == 1:
        heading = _ATTRIBUTES.sub("", blocks[0].text)
        if _is_title(heading, stated.get("title")):
            stated = {"title": heading} | stated
            del blocks[0]
    body = body_of(_parts(blocks))
    if not lead_of(body):
        raise Unwanted("there is no text" + (" below the front matter" if matter else ""))
    return article_of_file(stated, body, origin, notes)


def _is_title(heading: str, title: Any) -> bool:
    """Whether the heading on top is the article's title: there is no other, or it is the same."""
    return not title or (isinstance(title, str) and key(title) == key(heading))


def _parts(blocks: Sequence[Block]) -> Iterator[Part]:
    for block in blocks:
        if not block.level:
            yield Part("", block.text)
        elif own := _ATTRIBUTES.search(block.text):
            anchor = _ANCHOR.search(own[1])
            yield Part(block.text[: own.start()], "", anchor[1] if anchor else "")
        else:
            yield Part(block.text, "")
