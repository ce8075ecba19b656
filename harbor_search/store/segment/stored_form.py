"""The form in which an article is stored: what a page of results shows of it apart from its texts.

`Display` stands in columns. The rest is a record: `u32 sections`, `u32 end` of each of its parts, counted from the
record's beginning, then the parts in UTF-8: a JSON array of the lead, tags, language and source, and the source's name
if it has one; then the heading, the anchor and the text of each section. So a passage is cut from a record without
taking it apart.
"""

from __future__ import annotations

import hashlib
import struct
from datetime import date
from itertools import accumulate
from typing import NamedTuple

import orjson

from harbor_search.article import Article, Section
from harbor_search.store.format import HASH_BYTES

__all__ = ["Display", "content_hash", "display_of", "pack_article", "unpack_article", "unpack_tags", "unpack_texts"]

_NUMBER_BYTES = 4


class Display(NamedTuple):
    """What a page of results shows of an article besides passages of it."""

    id: str
    url: str
    title: str
    section: tuple[str, ...]
    published: date | None
    views: int | None


def display_of(article: Article) -> Display:
    """An article's display values. Of a time of publication it keeps the day."""
    published = article.published
    day = None if published is None else date(published.year, published.month, published.day)
    return Display(article.id, article.url, article.title, article.section, day, article.views)


def pack_article(article: Article) -> bytes:
    """The record of an article: equal for articles that differ in their display values at most."""
    # The lead is the beginning of the first text nearly always.
    first = next((section.text for section in article.body if section.text), "")
    lead = len(article.lead) if article.lead and first.startswith(article.lead) else article.lead
    values = [lead, article.tags, article.language, article.source]
    parts = [orjson.dumps(values + [article.source_name] * bool(article.source_name))]
    for section in article.body:
        parts += map(str.encode, section)
    ends = accumulate(map(len, parts), initial=_NUMBER_BYTES * (1 + len(parts)))
    next(ends)
    return struct.pack(f"<{1 + len(parts)}I", len(article.body), *ends) + b"".join(parts)


def unpack_article(record: bytes, display: Display) -> Article:
    """The article of a record and its display values.

    Raises:
        ValueError: it is none.
    """
    try:
        (sections,) = struct.unpack_from("<I", record)
        count = 1 + 3 * sections
        ends = struct.unpack_from(f"<{count}I", record, _NUMBER_BYTES)
        starts = (_NUMBER_BYTES * (1 + count), *ends)
        values, *texts = (record[start:end] for start, end in zip(starts, ends, strict=False))
        lead, tags, language, source, *named = orjson.loads(values)
        words = [text.decode() for text in texts]
        body = tuple(map(Section, words[::3], words[1::3], words[2::3]))
        if isinstance(lead, int):
            lead = next(section.text for section in body if section.text)[:lead]
        return Article(
            id=display.id,
            title=display.title,
            body=body,
            lead=lead,
            url=display.url,
            section=display.section,
            published=display.published,
            views=display.views,
            tags=tuple(tags),
            language=language,
            source=source,
            source_name=named[0] if named else "",
        )
    except (TypeError, struct.error, StopIteration) as error:
        raise ValueError(f"not an article: {error}") from error


def unpack_texts(record: bytes) -> list[bytes]:
    """The headings and texts of the article of a record, in UTF-8, as they follow each other.

    Raises:
        ValueError: it is none.
    """
    try:
        (sections,) = struct.unpack_from("<I", record)
        ends = struct.unpack_from(f"<{1 + 3 * sections}I", record, _NUMBER_BYTES)
    except struct.error as error:
        raise ValueError(f"not an article: {error}") from error
    # A heading begins where the part before it ends, and its anchor stands between it and its text.
    starts = ends[:-1]
    parts = zip(starts, ends[1:], strict=True)
    return [record[start:end] for number, (start, end) in enumerate(parts) if number % 3 != 1]


def unpack_tags(record: bytes) -> tuple[str, ...]:
    """The tags of the article of a record.

    Raises:
        ValueError: it is none.
    """
    try:
        sections, end = struct.unpack_from("<2I", record)
        return tuple(orjson.loads(record[_NUMBER_BYTES * (2 + 3 * sections) : end])[1])
    except (TypeError, KeyError, IndexError, struct.error) as error:
        raise ValueError(f"not an article: {error}") from error


def content_hash(record: bytes, display: Display) -> bytes:
    """`HASH_BYTES` bytes that tell versions of an article apart."""
    return hashlib.blake2b(orjson.dumps(tuple(display)) + record, digest_size=HASH_BYTES).digest()
