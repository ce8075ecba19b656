"""Pages of the model site as text: a header in fixed order, then paragraphs and headings, one a block."""

from __future__ import annotations

from harbor_search.article import Article
from harbor_search.ingest.body import body_of, lead_of
from harbor_search.ingest.cleaning import tidy
from harbor_search.ingest.decoding import decode
from harbor_search.ingest.headings import outline
from harbor_search.ingest.metadata import require_public
from harbor_search.ingest.outcome import Origin, Read, Unreadable
from harbor_search.ingest.page_header import parse_header
from harbor_search.ingest.paths import day_in

__all__ = ["read_page"]


def read_page(data: bytes, origin: Origin) -> Read:
    """The article of one page.

    A text that has none of the header's lines is taken as a title and the text below it, with a note.

    Raises:
        Unreadable: not text, or no text below the header.
        Unwanted: its day is still to come.
    """
    text, notes = decode(data)
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


def _blocks(text: str) -> list[str]:
    """The blocks of a body; where no blank line parts any, each line is one."""
    return text.split("\n\n" if "\n\n" in text else "\n")
