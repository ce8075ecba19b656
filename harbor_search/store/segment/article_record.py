"""The stored form of an article: display values in columns, and a record with everything else.

A record is `u32 sections`, `u32 end` of each part (an offset from the start of the record), then the parts in UTF-8: a
JSON array of lead, tags, language, source, and the source's name if it has one; then heading, anchor and text of each
section. So a passage can be cut from a record without decoding it.
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
    """What a page of results shows of an article besides passages."""

    id: str
    url: str
    title: str
    section: tuple[str, ...]
    published: date | None
    views: int | None


def display_of(article: Article) -> Display:
    """An article's display values; a time of publication is reduced to its day."""
    published = article.published
    day = None if published is None else date(published.year, published.month, published.day)
    return Display(article.id, article.url, article.title, article.section, day, article.views)


def pack_article(article: Article) -> bytes:
    """The record of an article; display values are not part of it."""
    # The lead is nearly always a prefix of the first text: then only its length is stored.
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
    """The article with this record and these display values.

    Raises:
        ValueError: the record is damaged.
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
    """The headings and texts in a record, in their order, in UTF-8.

    Raises:
        ValueError: the record is damaged.
    """
    try:
        (sections,) = struct.unpack_from("<I", record)
        ends = struct.unpack_from(f"<{1 + 3 * sections}I", record, _NUMBER_BYTES)
    except struct.error as error:
        raise ValueError(f"not an article: {error}") from error
    # Parts are heading, anchor, text of each section; a part begins where the previous one ends.
    starts = ends[:-1]
    parts = zip(starts, ends[1:], strict=True)
    return [record[start:end] for number, (start, end) in enumerate(parts) if number % 3 != 1]


def unpack_tags(record: bytes) -> tuple[str, ...]:
    """The tags in a record.

    Raises:
        ValueError: the record is damaged.
    """
    try:
        sections, end = struct.unpack_from("<2I", record)
        return tuple(orjson.loads(record[_NUMBER_BYTES * (2 + 3 * sections) : end])[1])
    except (TypeError, KeyError, IndexError, struct.error) as error:
        raise ValueError(f"not an article: {error}") from error


def content_hash(record: bytes, display: Display) -> bytes:
    """A hash of a stored article, `HASH_BYTES` bytes, by which changed articles are detected."""
    return hashlib.blake2b(orjson.dumps(tuple(display)) + record, digest_size=HASH_BYTES).digest()
