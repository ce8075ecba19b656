"""What sources say about an article, under the names that they use for it (`names`).

The id is stated or else the URL, where it is a whole one. A section is a list, outermost first, or a text such as
"Health > Sleep", else the first of `categories`. Tags are all that is stated under any of their names, in lists or
texts with commas.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any, TypeVar

from harbor_search.article import Article, Section
from harbor_search.ingest import fields
from harbor_search.ingest.body import lead_of
from harbor_search.ingest.field_names import (
    DATE,
    ID,
    LANGUAGE,
    SECTION,
    SOURCE,
    TAGS,
    TITLE,
    URL,
    VIEWS,
    fold,
    folded,
    last_of,
    stated_as,
)
from harbor_search.ingest.no_characters import mended
from harbor_search.ingest.outcome import Origin, Read, Unreadable, Unwanted
from harbor_search.ingest.paths import day_in, section_of, title_from
from harbor_search.ingest.publication import is_state, why_kept_back

__all__ = ["article_from", "article_of_file", "id_of", "kind_of", "line_of", "require_public", "with_surroundings"]

T = TypeVar("T")


def require_public(stated: Mapping[str, Any], origin: Origin) -> None:
    """Let pass what may be shown by `stated`, the article's metadata.

    Raises:
        Unwanted: it may not; the message names the statement that keeps it back.
    """
    if reason := why_kept_back(stated, origin.rules):
        raise Unwanted(reason, id_of(stated, origin))


def id_of(stated: Mapping[str, Any], origin: Origin) -> str:
    """The id of the article with these metadata; that of its origin where none is stated that could be one."""
    known = folded(stated)
    with suppress(Unreadable):
        return line_of(known, ID) or fields.absolute_url(_optional(known, URL, fields.link, []) or "") or origin.id
    return origin.id


def with_surroundings(stated: Mapping[str, Any], origin: Origin) -> Mapping[str, Any]:
    """`stated`, with what folders say of their files, and the day in the file's path where no date is stated."""
    known = folded(stated)
    inherited = {name: value for name, value in origin.inherited.items() if name not in known}
    if not _days(known) and (day := day_in(origin.name)):
        inherited["date"] = day
    return {**stated, **inherited} if inherited else stated


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
    """The article with this body that `stated` (names folded) describes.

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
        published=_date(stated, noted),
        views=_optional(stated, VIEWS, fields.count, noted),
        tags=_tags(stated, noted),
        language=_optional(stated, LANGUAGE, fields.language, noted) or "",
        source=_optional(stated, SOURCE, fields.phrase, noted) or origin.name,
    )
    return Read(article, tuple(noted))


def article_of_file(
    stated: Mapping[str, Any], body: tuple[Section, ...], origin: Origin, notes: tuple[str, ...] = ()
) -> Read:
    """The article that is all of a file, whose path says what `stated` does not: its title, section and day.

    Raises:
        Unreadable: an id or a title that is no text.
    """
    whole, halves = mended(dict(stated))
    known = folded(with_surroundings(whole, origin))
    title, section = title_from(origin.name), section_of(origin.name)
    return article_from(known, body, lead_of(body), origin, stand_in=title, section=section, notes=(*halves, *notes))


def line_of(stated: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """The first of `names` as one line of text; empty where there is none.

    Raises:
        Unreadable: it is something else.
    """
    name, value = stated_as(stated, names)
    if value is not None and (isinstance(value, bool) or not isinstance(value, str | int)):
        raise Unreadable(f"{name!r} must be a text, not {kind_of(value)}")
    return fields.phrase(value) or ""


def kind_of(value: Any) -> str:
    """What JSON calls the type of `value`."""
    names = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return names.get(type(value), "a text")


def _tags(stated: Mapping[str, Any], notes: list[str]) -> tuple[str, ...]:
    """All that is stated under any name of tags; a note for each name that holds an object, or a list in a list."""
    values = [stated.get(fold(name)) for name in TAGS]
    for name, value in zip(TAGS, values, strict=True):
        if isinstance(value, list | tuple):
            if nested := next((each for each in value if isinstance(each, dict | list | tuple)), None):
                notes.append(f"an item of {name!r} cannot be used and was left out: {kind_of(nested)}")
        elif value and isinstance(value, dict | bool):
            notes.append(f"{name!r} cannot be used and was left out: {kind_of(value)}")
    return fields.words(values)


def _date(stated: Mapping[str, Any], notes: list[str]) -> date | None:
    """The first day that can be read; a note where that is not the first that is stated."""
    days = _days(stated)
    return _optional(days, DATE, fields.day, notes) or next(filter(None, map(fields.day, days.values())), None)


def _days(stated: Mapping[str, Any]) -> dict[str, Any]:
    """What is stated as a day, by folded names; `published: yes` says whether and not when."""
    found = {fold(name): last_of(stated.get(fold(name))) for name in DATE}
    return {name: value for name, value in found.items() if value not in (None, "", []) and not is_state(value)}


def _optional(
    stated: Mapping[str, Any], names: tuple[str, ...], read: Callable[[Any], T | None], notes: list[str]
) -> T | None:
    name, value = stated_as(stated, names)
    used = None if value is None else read(value)
    if value is not None and used is None:
        shown = repr(value[:60]) if isinstance(value, str) else kind_of(value)
        notes.append(f"{name!r} cannot be used and was left out: {shown}")
    return used
