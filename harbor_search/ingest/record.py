"""Records of JSON Lines as articles.

Fields are found by these names, the first that holds something winning (for tags, all of them together):

- id: `id`, `_id`, `doc_id`, `docid`, `guid`, `uuid`; else the URL
- url: `url`, `link`, `permalink`, `canonical_url`
- title: `title`, `headline`, `name`
- section: `section`, `category`, `topic`; a list is a path, outermost first, and so is a text "Health > Sleep"
- date: `date`, `published`, `published_at`, `date_published`, `pub_date`, `created_at`, `created`
- views: `views`, `view_count`, `pageviews`
- lead: `lead`, `summary`, `excerpt`, `abstract`, `description`
- body: `sections`, a list of texts or of objects with `heading` (or `title`), `text` (or `content`, `body`) and perhaps
  `anchor`; else `text`, `body`, `content`, `contents`, a text with a blank line between paragraphs or a list of
  paragraphs
- tags: `tags`, `keywords`, `synonyms`, `categories`; lists, or texts with commas
- language: `language`, `lang`
- source: `source`, `publisher`

Names in capitals are taken too. What `article_to_dict` writes is read back as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from harbor_search.article import Article, Section
from harbor_search.ingest import fields
from harbor_search.ingest.body import Part, body_of, lead_of
from harbor_search.ingest.cleaning import key, tidy, visible
from harbor_search.ingest.outcome import Origin, Read, Unreadable

__all__ = ["read_record"]

ID = ("id", "_id", "doc_id", "docid", "guid", "uuid")
URL = ("url", "link", "permalink", "canonical_url")
TITLE = ("title", "headline", "name")
SECTION = ("section", "category", "topic")
DATE = ("date", "published", "published_at", "date_published", "pub_date", "created_at", "created")
VIEWS = ("views", "view_count", "pageviews")
LEAD = ("lead", "summary", "excerpt", "abstract", "description")
TEXT = ("text", "body", "content", "contents")
TAGS = ("tags", "keywords", "synonyms", "categories")
LANGUAGE = ("language", "lang")
SOURCE = ("source", "publisher")
HEADING = ("heading", "title")
SECTION_TEXT = ("text", "content", "body")

T = TypeVar("T")


def read_record(record: Mapping[str, Any], origin: Origin) -> Read:
    """The article that one record holds.

    Raises:
        Unreadable: no text, or an id, title or text that is no text.
    """
    record = {name.lower(): value for name, value in record.items()}
    notes: list[str] = []
    url = _optional(record, URL, fields.link, notes) or ""
    body = body_of(_parts(record))
    lead = _lead(record)
    body, lead = _with_lead(body, lead)
    if not any(section.text for section in body):
        raise Unreadable(f"the record has no text; it belongs in {TEXT[0]!r} or in 'sections'")
    article = Article(
        id=_stated(record, ID) or fields.absolute_url(url) or origin.id,
        title=_title(record, body, notes),
        body=body,
        lead=lead,
        url=url,
        section=_optional(record, SECTION, fields.path, notes) or (),
        published=_optional(record, DATE, fields.day, notes),
        views=_optional(record, VIEWS, fields.count, notes),
        tags=fields.words(record.get(name) for name in TAGS),
        language=_optional(record, LANGUAGE, fields.language, notes) or "en",
        source=_optional(record, SOURCE, fields.phrase, notes) or origin.name,
    )
    return Read(article, tuple(notes))


def _first(record: Mapping[str, Any], names: tuple[str, ...]) -> tuple[str, Any]:
    """The first of `names` that holds something, with what it holds; None where none does."""
    for name in names:
        value = record.get(name)
        if value is not None and value != "" and value != []:
            return name, value
    return names[0], None


def _stated(record: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    """A line of text that the article cannot do without.

    Raises:
        Unreadable: it is something else.
    """
    name, value = _first(record, names)
    if value is not None and (isinstance(value, bool) or not isinstance(value, str | int)):
        raise Unreadable(f"{name!r} must be a text, not {_kind(value)}")
    return fields.phrase(value)


def _optional(
    record: Mapping[str, Any], names: tuple[str, ...], read: Callable[[Any], T | None], notes: list[str]
) -> T | None:
    """A value that the article can do without: one that cannot be used is left out, with a note."""
    name, value = _first(record, names)
    used = None if value is None else read(value)
    if value is not None and used is None:
        stated = f": {value[:60]!r}" if isinstance(value, str) else f": {_kind(value)}"
        notes.append(f"{name!r} was left out, its value cannot be used{stated}")
    return used


def _title(record: Mapping[str, Any], body: tuple[Section, ...], notes: list[str]) -> str:
    if title := _stated(record, TITLE):
        return title
    notes.append("the record has no title: the beginning of its text stands in")
    first = next(section.heading or section.text for section in body).split("\n", 1)[0]
    return first if len(first) <= 80 else first[:80].rsplit(" ", 1)[0] + "\u2026"


def _parts(record: Mapping[str, Any]) -> list[Part]:
    sections = record.get("sections")
    if sections is None or sections == []:
        return [Part("", _text(record, TEXT))]
    if not isinstance(sections, list):
        raise Unreadable(f"'sections' must be a list, not {_kind(sections)}")
    parts = [_part(section, number) for number, section in enumerate(sections, 1)]
    return parts if any(visible(part.text) for part in parts) else [*parts, Part("", _text(record, TEXT))]


def _part(section: Any, number: int) -> Part:
    if isinstance(section, str):
        return Part("", section)
    if not isinstance(section, dict):
        raise Unreadable(f"item {number} of 'sections' must be an object with heading and text, not {_kind(section)}")
    anchor = section.get("anchor")
    return Part(_stated(section, HEADING) or "", _text(section, SECTION_TEXT), anchor if isinstance(anchor, str) else "")


def _text(record: Mapping[str, Any], names: tuple[str, ...]) -> str:
    name, value = _first(record, names)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        value = "\n\n".join(value)
    if value is not None and not isinstance(value, str):
        raise Unreadable(f"{name!r} must be a text, not {_kind(value)}")
    return value or ""


def _lead(record: Mapping[str, Any]) -> str:
    value = _first(record, LEAD)[1]
    return tidy(value) if isinstance(value, str) and visible(value) else ""


def _with_lead(body: tuple[Section, ...], lead: str) -> tuple[tuple[Section, ...], str]:
    """The body and the lead, which is part of it: put before the rest where the record keeps the two apart.

    A lead that is the beginning of the text, cut short, is a copy and gives way to the first paragraph.
    """
    own = lead_of(body)
    if not lead or key("".join(section.text for section in body)).startswith(key(lead)):
        return body, own
    if any(lead in section.text for section in body):
        return body, lead
    if body and not body[0].heading:
        return (Section("", "", f"{lead}\n\n{body[0].text}"), *body[1:]), lead.split("\n\n", 1)[0]
    return (Section("", "", lead), *body), lead.split("\n\n", 1)[0]


def _kind(value: Any) -> str:
    """What JSON calls the type of `value`."""
    names = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return names.get(type(value), "a text")
