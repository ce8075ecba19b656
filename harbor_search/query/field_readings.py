"""Telling which of a reader's words were read as a field's: "body:aches" may be syntax, or a note of symptoms."""

from __future__ import annotations

import re
from collections.abc import Iterator

from harbor_search.query.filters import FILTER_FIELDS
from harbor_search.query.lexer import FIELD_NAMES
from harbor_search.query.nodes import Boolean, Dated, Fuzzy, Node, Phrase, Prefix, Sectioned, Tagged, Term

__all__ = ["fields_as_text", "fields_read"]

_NAMES = "|".join(sorted({*FIELD_NAMES, *FILTER_FIELDS}, key=len, reverse=True))
_FIELD = re.compile(rf"(?i)(?<![^\W_])((?:{_NAMES})[:\uff1a])(?=\S)")


def fields_as_text(text: str) -> str:
    """A query with a space after each colon that made a name a field's, so that all of it is searched as text."""
    return _FIELD.sub(r"\1 ", text)


def fields_read(node: Node) -> tuple[tuple[str, str], ...]:
    """The texts in a tree that are looked for in one field alone, or narrow the search, each with that field's name."""
    return tuple(dict.fromkeys(_readings(node)))


def _readings(node: Node) -> Iterator[tuple[str, str]]:
    match node:
        case Boolean(must, should, must_not):
            for each in (*must, *should, *must_not):
                yield from _readings(each)
        case Term(text, str(field)) | Phrase(text, str(field)):
            yield text, field
        case Prefix(text, str(field)):
            yield f"{text}*", field
        case Fuzzy(text, distance, str(field)):
            yield f"{text}~{distance}", field
        case Sectioned(path):
            yield " > ".join(path), "section"
        case Tagged(tag):
            yield tag, "tag"
        case Dated(first, last):
            yield f"{first or ''}..{last or ''}", "date"
