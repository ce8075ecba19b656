"""Whole articles as JSON text, for documents of the cluster: values as an array, in an order of its own.

Without names it is shorter than `article_to_dict`, much so where articles are short, and sooner made.
"""

from __future__ import annotations

from datetime import date

import orjson

from harbor_search.article import Article, Section

__all__ = ["pack_article", "unpack_article"]


def pack_article(article: Article) -> bytes:
    """The stored form of an article: equal for equal articles. Of a time of publication it keeps the day."""
    sections = [(section.heading, section.anchor, section.text) for section in article.body]
    return orjson.dumps(
        (
            article.id,
            article.url,
            article.title,
            article.section,
            None if article.published is None else article.published.isoformat()[:10],
            article.views,
            article.lead,
            sections,
            article.tags,
            article.language,
            article.source,
            article.source_name,
        )
    )


def unpack_article(stored: bytes) -> Article:
    """The article of a stored form.

    Raises:
        ValueError: it is none.
    """
    try:
        identifier, url, title, section, published, views, lead, sections, tags, language, *source = orjson.loads(
            stored
        )
        return Article(
            id=identifier,
            title=title,
            body=tuple(Section(*each) for each in sections),
            lead=lead,
            url=url,
            section=tuple(section),
            published=None if published is None else date.fromisoformat(published),
            views=views,
            tags=tuple(tags),
            language=language,
            source=source[0],
            source_name=source[1],
        )
    except (TypeError, IndexError) as error:
        raise ValueError(f"not an article: {error}") from error
