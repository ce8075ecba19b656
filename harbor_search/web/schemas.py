"""JSON Schemas (2020-12) of the API's responses, derived from the frozen classes that are serialised."""

from __future__ import annotations

import dataclasses
import inspect
import types
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

__all__ = [
    "ARTICLE",
    "BULK_RESULT",
    "PROBLEM",
    "RECORD",
    "RELATED_ARTICLES",
    "SUGGESTIONS",
    "WRITE_RESULT",
    "schema_of",
]

KINDS = ("title", "heading", "phrase")
"""Of suggestions: what of the collection they are."""

_PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date"},
}


def schema_of(kind: type) -> dict[str, Any]:
    """The schema of a dataclass or named tuple: an object with all fields; nested dataclasses become references."""
    hints = get_type_hints(kind)
    names = list(getattr(kind, "_fields", ())) or [each.name for each in dataclasses.fields(kind)]
    return {
        "type": "object",
        "description": inspect.cleandoc(kind.__doc__ or "").partition("\n\n")[0],
        "properties": {name: _schema(hints[name]) for name in names},
        "required": names,
    }


def _schema(hint: Any) -> dict[str, Any]:
    if hint in _PLAIN:
        return dict(_PLAIN[hint])
    if dataclasses.is_dataclass(hint):
        return {"$ref": f"#/components/schemas/{getattr(hint, '__name__', '')}"}
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        return {"type": "string", "enum": list(inner)}
    if origin in (types.UnionType, Union):
        (kind,) = (each for each in inner if each is not type(None))
        return _nullable(_schema(kind))
    if origin is tuple and Ellipsis not in inner:
        return {"type": "array", "items": _schema(inner[0]), "minItems": len(inner), "maxItems": len(inner)}
    if inspect.isclass(origin) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _schema(inner[1])}
    if inspect.isclass(origin) and issubclass(origin, Sequence):
        return {"type": "array", "items": _schema(inner[0])}
    raise TypeError(f"there is no schema for {hint!r}")


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    return schema | {"type": [schema["type"], "null"]} if "type" in schema else {"anyOf": [schema, {"type": "null"}]}


def _object(description: str, **properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "description": description, "properties": properties, "required": list(properties)}


_TEXT, _NUMBER = {"type": "string"}, {"type": "integer"}
_TEXTS = {"type": "array", "items": _TEXT}

# An article is not sent as the class that holds it: dates and sections have other names there.
ARTICLE = _object(
    "An article; the text before its first heading is a section without one.",
    id=_TEXT,
    url=_TEXT,
    title=_TEXT,
    section=_TEXTS,
    date=_nullable({"type": "string", "format": "date"}),
    views=_nullable(_NUMBER),
    lead=_TEXT,
    sections={"type": "array", "items": _object("A part under a heading.", heading=_TEXT, anchor=_TEXT, text=_TEXT)},
    tags=_TEXTS,
    language=_TEXT,
    source=_TEXT,
    source_name=_TEXT,
)

_ARTICLES = {
    "type": "array",
    "items": _object("An article to go to.", id=_TEXT, title=_TEXT, url=_TEXT, section=_TEXTS),
}
_SUGGESTION = _object("A text to search for.", text=_TEXT, kind={"type": "string", "enum": list(KINDS)})
_SUGGESTION["properties"]["section"] = _TEXTS | {"description": "Where it is from, if that is one section."}

SUGGESTIONS = _object(
    "Suggestions for a partially typed query.",
    query=_TEXT,
    suggestions={"type": "array", "items": _SUGGESTION},
    hits=_ARTICLES,
)

RECORD = {
    "type": "object",
    "description": "An article as it is written: text, or sections, and what else is known. Records of JSON Lines "
    "files may be written as they are; what an article is answered as can be written back.",
    "properties": {
        "title": _TEXT,
        "text": {"type": "string", "description": "Paragraphs with a blank line in between, or HTML."},
        "sections": {"type": "array", "items": {"type": "object", "properties": {"heading": _TEXT, "text": _TEXT}}},
        "url": _TEXT,
        "section": _TEXTS,
        "date": {"type": "string", "format": "date"},
        "views": _NUMBER,
        "tags": _TEXTS,
        "language": _TEXT,
    },
}

WRITE_RESULT = _object(
    "What a write did.", id=_TEXT, result={"type": "string", "enum": ["created", "replaced", "unchanged"]}
)
WRITE_RESULT["properties"]["visible_from"] = {
    "type": "string",
    "format": "date-time",
    "description": "Given where the record says that it is for later: when it will be found.",
}

_NOTED = _TEXTS | {"description": "What of the record was left out or replaced, and why; the rest was written."}
WRITE_RESULT["properties"]["noted"] = _NOTED

BULK_RESULT = _object(
    "What a bulk write did: how many lines did what, which could not be used, and of which something was left out.",
    created=_NUMBER,
    replaced=_NUMBER,
    unchanged=_NUMBER,
    deleted=_NUMBER,
    absent=_NUMBER,
    failed=_NUMBER,
    mended=_NUMBER,
    errors={
        "type": "array",
        "items": _object("A line that was not used.", line=_NUMBER, id=_nullable(_TEXT), detail=_TEXT),
    },
    noted={
        "type": "array",
        "items": _object("A line that was written without some of it.", line=_NUMBER, id=_TEXT, noted=_NOTED),
    },
)

RELATED_ARTICLES = _object("Articles like one.", id=_TEXT, hits=_ARTICLES)

PROBLEM = _object(
    "What was wrong, after RFC 9457.",
    type={"type": "string", "format": "uri-reference"},
    title=_TEXT,
    status=_NUMBER,
    detail=_TEXT,
    instance={"type": "string", "format": "uri-reference"},
)
PROBLEM["properties"] |= {
    "parameter": {"type": "string", "description": "The parameter at fault."},
    "position": {"type": "integer", "description": "Where in its value, in characters."},
    "choices": {"type": "array", "items": _TEXT, "description": "What would be right."},
}
