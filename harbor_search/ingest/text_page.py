"""Pages of the model site as text: a header in fixed order, then paragraphs and headings, one a block.

Other texts may have front matter instead.
"""

from __future__ import annotations

from typing import Any

from harbor_search.article import Article
from harbor_search.ingest.body import body_of, lead_of
from harbor_search.ingest.cleaning import tidy
from harbor_search.ingest.decoding import decode
from harbor_search.ingest.front_matter import split_front_matter
from harbor_search.ingest.headings import outline
from harbor_search.ingest.metadata import article_of_file, require_public, with_surroundings
from harbor_search.ingest.outcome import Origin, Read, Unreadable, Unwanted
from harbor_search.ingest.page_header import parse_header
from harbor_search.ingest.paths import day_in
from harbor_search.ingest.stub_pages import stub_by_metadata

__all__ = ["read_page"]


def read_page(data: bytes, origin: Origin) -> Read:
    """The article of one page.

    A text that has none of the header's lines is taken as a title and the text below it, with a note.

    Raises:
        Unreadable: not text, or no text below the header.
        Unwanted: its day is still to come.
    """
    text, notes = decode(data)
    matter, below = split_front_matter(text)
    require_public(with_surroundings(matter, origin), origin)
    if matter:
        return _below_front_matter(matter, below, notes, origin)
    lines = tidy(text).split("\n")
    header = parse_header(lines)
    published = header.published or day_in(origin.name)
    require_public({"date": published}, origin)
    text = "\n".join(lines[header.end :]).strip("\n")
    body = body_of(outline(_blocks(text)))
    if not lead_of(body) or text == header.title:
        raise Unreadable("there is a header but no text below it")
    article = Article(
        id=origin.id,
        title=header.title,
        body=body,
        lead=lead_of(body),
        section=header.section,
        published=published,
        views=header.views,
        source=origin.name,
    )
    return Read(article, (*notes, *header.notes))


def _below_front_matter(matter: dict[str, Any], text: str, notes: tuple[str, ...], origin: Origin) -> Read:
    """The article of a text that is described above itself, as some generators have them in plain text."""
    if reason := stub_by_metadata(matter):
        raise Unwanted(reason)
    body = body_of(outline(_blocks(tidy(text).strip("\n"))))
    if not lead_of(body):
        raise Unwanted("there is no text below the front matter")
    return article_of_file(matter, body, origin, notes)


def _blocks(text: str) -> list[str]:
    """The blocks of a body; where no blank line parts any, each line is one."""
    return text.split("\n\n" if "\n\n" in text else "\n")
