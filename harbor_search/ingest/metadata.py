"""What sources say about an article, under the names that they use for it.

Fields are found by these names, in any case, the first that holds something winning (for tags, all of them together):

- id: `id`, `_id`, `doc_id`, `docid`, `guid`, `uuid`; else the URL, where it is a whole one
- url: `url`, `link`, `permalink`, `canonical_url`
- title: `title`, `headline`, `name`
- section: `section`, `category`, `topic`, a list being a path, outermost first, as is a text "Health > Sleep"; else the
  first of `categories`
- date: `date`, `published`, `published_at`, `date_published`, `pub_date`, `created_at`, `created`
- views: `views`, `view_count`, `pageviews`
- tags: `tags`, `keywords`, `synonyms`, `categories`; lists, or texts with commas
- language: `language`, `lang`
- source: `source`, `publisher`
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from harbor_search.article import Article, Section
from harbor_search.ingest import fields
from harbor_search.ingest.outcome import Origin, Read, Unreadable

__all__ = ["article_from", "first_stated", "kind_of", "line_of"]

ID = ("id", "_id", "doc_id", "docid", "guid", "uuid")
URL = ("url", "link", "permalink", "canonical_url")
TITLE = ("title", "headline", "name")
SECTION = ("section", "category", "topic")
DATE = ("date", "published", "published_at", "date_published", "pub_date", "created_at", "created")
VIEWS = ("views", "view_count", "pageviews")
TAGS = ("tags", "keywords", "synonyms", "categories")
LANGUAGE = ("language", "lang")
SOURCE = ("source", "publisher")

T = TypeVar("T")


def article_from(
    stated: Mapping[str, Any],
    body: tuple[Section, ...],
    lead: str,
    origin: Origin,
    *,
    stand_in: str,
    section: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
) -> Read:
    """The article with this body that `stated` (names in lower case) describes.

    `stand_in` is its title where none is stated, `section` its path; what cannot be used is left out, with a note.

    Raises:
        Unreadable: an id or a title that is no text.
    """
    noted = list(notes)
    title = line_of(stated, TITLE)
    if not title:
        noted.append(f"no title is given: {stand_in!r} stands in")
    url = _optional(stated, URL, fields.link, noted) or ""
    categories = fields.words([stated.get("categories")])
    article = Article(
        id=line_of(stated, ID) or fields.absolute_url(url) or origin.id,
        title=title or stand_in,
        body=body,
        lead=lead,
        url=url,
        section=_optional(stated, SECTION, fields.path, noted) or fields.path(categories[:1]) or section,
        published=_optional(stated, DATE, fields.day, noted),
        views=_optional(stated, VIEWS, fields.count, noted),
        tags=fields.words(stated.get(name) for name in TAGS),
        language=_optional(stated, LANGUAGE, fields.language, noted) or "en",
        source=_optional(stated, SOURCE, fields.phrase, noted) or origin.name,
    )
    return Read(article, tuple(noted))


def first_stated(stated: Mapping[str, Any], names: tuple[str, ...]) -> tuple[str, Any]:
    """The first of `names` that holds something, with what it holds; None where none does."""
    for name in names:
        value = stated.get(name)
        if value is not None and value != "" and value != []:
            return name, value
    return names[0], None


def line_of(stated: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """The first of `names` as one line of text; empty where there is none.

    Raises:
        Unreadable: it is something else.
    """
    name, value = first_stated(stated, names)
    if value is not None and (isinstance(value, bool) or not isinstance(value, str | int)):
        raise Unreadable(f"{name!r} must be a text, not {kind_of(value)}")
    return fields.phrase(value) or ""


def kind_of(value: Any) -> str:
    """What JSON calls the type of `value`."""
    names = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return names.get(type(value), "a text")


def _optional(
    stated: Mapping[str, Any], names: tuple[str, ...], read: Callable[[Any], T | None], notes: list[str]
) -> T | None:
    name, value = first_stated(stated, names)
    used = None if value is None else read(value)
    if value is not None and used is None:
        shown = repr(value[:60]) if isinstance(value, str) else kind_of(value)
        notes.append(f"{name!r} cannot be used and was left out: {shown}")
    return used
