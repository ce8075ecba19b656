"""The article: what sources yield, the index stores and readers see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from operator import index
from typing import Any, NamedTuple

__all__ = ["SECTION_SEPARATOR", "Article", "Section", "article_from_dict", "article_to_dict", "without_surrogates"]

SECTION_SEPARATOR = " > "
"""Between the levels of a section path in filters, facets and terms, as in the breadcrumbs that readers see."""


class Section(NamedTuple):
    """A heading with the text below it, up to the next heading.

    The text before the first heading is a section with an empty heading and an empty anchor. Paragraphs of `text` are
    separated by one blank line.
    """

    heading: str
    anchor: str
    text: str


class Article(NamedTuple):
    """One article of the collection.

    `id` is stable across rebuilds: the source's own id or canonical URL, else the path within the source. `section` is
    the path in the site's hierarchy, outermost first. `language` is a tag such as "en" or "pt-BR", empty if unknown.
    `lead` is the first paragraph; it is part of `body` too. `source` is where it was read, `source_name` the name of
    that among others, if it has one.
    """

    id: str
    title: str
    body: tuple[Section, ...] = ()
    lead: str = ""
    url: str = ""
    section: tuple[str, ...] = ()
    published: date | None = None
    views: int | None = None
    tags: tuple[str, ...] = ()
    language: str = ""
    source: str = ""
    source_name: str = ""


def article_to_dict(article: Article) -> dict[str, Any]:
    """The article as JSON-ready values, in the shape `GET /api/v1/articles/{id}` answers with."""
    return {
        "id": article.id,
        "url": article.url,
        "title": article.title,
        "section": list(article.section),
        "date": article.published.isoformat() if article.published else None,
        "views": article.views,
        "lead": article.lead,
        "sections": [{"heading": s.heading, "anchor": s.anchor, "text": s.text} for s in article.body],
        "tags": list(article.tags),
        "language": article.language,
        "source": article.source,
        "source_name": article.source_name,
    }


_TEXTS = ("id", "title", "lead", "url", "language", "source", "source_name")


def article_from_dict(values: Mapping[str, Any]) -> Article:
    """The article of which `article_to_dict` gives these values.

    Raises:
        ValueError: there is none.
    """
    try:
        return Article(
            **{name: _text(values[name]) for name in _TEXTS},
            body=tuple(
                Section(_text(each["heading"]), _text(each["anchor"]), _text(each["text"]))
                for each in values["sections"]
            ),
            section=tuple(map(_text, values["section"])),
            published=None if values["date"] is None else date.fromisoformat(values["date"]),
            views=None if values["views"] is None else index(values["views"]),
            tags=tuple(map(_text, values["tags"])),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"not an article: {error!r}") from error


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def without_surrogates(article: Article) -> Article:
    """The article with a replacement character for each half of a surrogate pair, which is no character and no UTF-8.

    Raises:
        ValueError: there is one in its id, which would become another's.
    """
    values = article_to_dict(article)
    whole = _whole(values)
    if whole == values:
        return article
    if whole["id"] != article.id:
        raise ValueError(f"the id {article.id!r} has half of a surrogate pair, which is no character")
    return article_from_dict(whole)


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {name: _whole(each) for name, each in value.items()}
    return [_whole(each) for each in value] if isinstance(value, list) else value
