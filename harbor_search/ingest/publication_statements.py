"""What an article's metadata say of whether it may be shown, wherever in them it is said.

Statements may lie in mappings (`params: {draft: true}`), in lists (`status: [draft]`), in objects that wrap a value as
exports write them (`{"status": [{"value": false}]}`) and in the tags of a page's head that front matter lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from harbor_search.ingest.field_names import Repeated, fold
from harbor_search.ingest.publication_names import NESTS, TAG_LISTS, Meaning, meaning_of

__all__ = ["Statement", "about_publication", "statements_of"]

_DEEPEST = 4
"""Mappings within mappings that are looked into."""

_WRAPPERS = frozenset(
    "value values name label slug key code processed rendered raw state status stringvalue booleanvalue".split()
)
"""Names, folded, under which exports keep a value in an object of its own; languages by their code do so too."""


class Statement(NamedTuple):
    """A value under the names that lead to it (`path`), as written, and what the last of them means."""

    path: str
    meaning: Meaning
    value: Any


def statements_of(stated: Mapping[Any, Any]) -> Iterator[Statement]:
    """Each statement in these metadata; of nested ones the name is compared alone and after that of what it is in."""
    yield from _within(stated, "", _DEEPEST)


def about_publication(stated: Mapping[Any, Any]) -> dict[str, Any]:
    """The entries of `stated` that hold statements."""
    return {str(name): value for name, value in stated.items() if any(statements_of({name: value}))}


def _within(stated: Mapping[Any, Any], path: str, depth: int) -> Iterator[Statement]:
    for name, value in stated.items():
        own = fold(str(name))
        where = f"{path}.{name}" if path else str(name)
        given = value if isinstance(value, Repeated) else [value]
        if own in TAG_LISTS:
            for each in given:
                yield from _tags(each, where, depth) if isinstance(each, list) else ()
        for meaning in filter(None, map(meaning_of, dict.fromkeys((_joined(path, own), own)))):
            nested = own in NESTS
            yield from (Statement(where, meaning, each) for each in _values(value, meaning, nested=nested))
        if own in NESTS and depth:
            for each in given:
                yield from _within(each, where, depth - 1) if isinstance(each, Mapping) else ()


def _joined(path: str, name: str) -> str:
    return fold(path.rpartition(".")[2]) + name


def _values(value: Any, meaning: Meaning, *, nested: bool) -> Iterator[Any]:
    """The values that `value` consists of: one, or those of a list or of the object around it."""
    if isinstance(value, Repeated):
        for each in value:
            yield from _values(each, meaning, nested=nested)
    elif meaning in (Meaning.ROBOTS, Meaning.LABELS):
        yield value
    elif isinstance(value, Mapping):
        inner = {name: each for name, each in value.items() if _wraps(fold(str(name)), each)}
        # Beside a word the number is that of the state in a list of states.
        words = [each for name, each in inner.items() if not _is_number(fold(str(name)), each)]
        yield from words or inner.values() or ([] if nested else [value])
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _values(each, meaning, nested=nested)
    else:
        yield value


def _wraps(name: str, value: Any) -> bool:
    return not isinstance(value, Mapping) and name != "by" and (name in _WRAPPERS or len(name) == 2)


def _is_number(name: str, value: Any) -> bool:
    return not isinstance(value, bool) and (name == "id" or (isinstance(value, int) and value > 1))


def _tags(tags: list[Any], path: str, depth: int) -> Iterator[Statement]:
    """Statements of `meta` tags in any of the forms in which front matter lists them."""
    for tag in tags:
        attributes = _attributes(tag)
        name = next((attributes[each] for each in ("name", "property", "httpequiv") if each in attributes), None)
        if name is not None and "content" in attributes and depth:
            yield from _within({str(name): attributes["content"]}, path, depth - 1)


def _attributes(tag: Any) -> dict[str, Any]:
    """The attributes of `{name: ..., content: ...}`, `[meta, {...}]` or `{tag: meta, attrs: {...}}`, names folded."""
    if isinstance(tag, list | tuple):
        tag = next((each for each in tag if isinstance(each, Mapping)), {})
    if not isinstance(tag, Mapping):
        return {}
    found = {fold(str(name)): value for name, value in tag.items()}
    inner = found.get("attrs", found.get("attributes"))
    return _attributes(inner) if isinstance(inner, Mapping) else found
