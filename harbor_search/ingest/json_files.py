"""JSON files: one article, or a list of them, by itself or somewhere in an object, as exports and interfaces write it.

Folders are full of JSON that is none of that: settings, menus, schemas. There an article has a title and a text; in a
file that is named by itself, or whose fields are mapped, a text is enough.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from harbor_search.ingest.field_names import TITLE, fold, folded, stated_as
from harbor_search.ingest.ghost import read_ghost, tables_of_ghost
from harbor_search.ingest.json_stream import MEMBERS, TOP, beginning, list_with, open_json, records_in
from harbor_search.ingest.jsonlines import parse_record
from harbor_search.ingest.outcome import Origin, Outcome, Read, Refused, Skipped, Unreadable, reason_of
from harbor_search.ingest.publication_rules import PublicationRules
from harbor_search.ingest.record import TEXT, holds_text
from harbor_search.ingest.sources.files import SourceFile
from harbor_search.ingest.sources.mapping import mapped
from harbor_search.ingest.sources.records import outcome_of

__all__ = ["JsonFile", "count_records", "read_json"]

NO_ARTICLES = "no article: nothing in it has both a title and a text"
NO_TEXT = "no article: nothing in it has a text, in a field such as 'text', 'body' or 'sections'; map the fields"

_HEAD = 4096
_SMALL = 1 << 16
"""Bytes of a file that is taken for one article when they are counted."""

_TITLES = frozenset(map(fold, TITLE))
_TEXTS = frozenset(("sections", *map(fold, TEXT)))
_SPEAKS_OF_TEXT = re.compile(r'"(?:title|headline)"\s*:(?s:.*)"(?:text|body|content|html|sections)"\s*:', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class JsonFile:
    """A JSON file: `stem` is its path without the end of its name, `meant` whether it was named as a source itself."""

    file: SourceFile
    stem: str
    max_bytes: int
    rules: PublicationRules
    fields: Mapping[str, str]
    meant: bool = False

    @property
    def is_explained(self) -> bool:
        """Whether a title need not be there to know that its records are articles."""
        return self.meant or bool(self.fields)


def read_json(given: JsonFile) -> Iterator[tuple[str, Outcome]]:
    """The outcome of the file's only article, or of each one of its list with its label `file.json, item 17`."""
    label = given.file.label
    try:
        yield from _outcomes(given)
    except (EOFError, zlib.error) as error:
        yield label, Refused(label, f"the compressed file is damaged: {error}")
    except OSError as error:
        yield label, Refused(label, reason_of(error))


def count_records(path: Path) -> int | None:
    """1 for a file that can be but one article, None for any other: it would have to be read for that."""
    try:
        return 1 if path.stat().st_size < _SMALL and beginning(path, _HEAD).startswith("{") else None
    except (OSError, EOFError, zlib.error):
        return 1


def _outcomes(given: JsonFile) -> Iterator[tuple[str, Outcome]]:
    file, label = given.file, given.file.label
    head = beginning(file.path, _HEAD)
    if not head:
        yield label, Refused(label, "the file is empty")
    elif tables := tables_of_ghost(head):
        yield from read_ghost(file, given.stem, tables, given.max_bytes, given.rules)
    elif "jsonfeed.org" in head and not given.is_explained:
        yield label, Skipped(label, "it is a feed, mostly of the pages beside it; name it as a source if it is not")
    elif head.startswith("["):
        yield from _listed(given, TOP)
    elif head.startswith("{"):
        yield from _from_object(given)
    else:
        yield label, _no_article(given, "it is neither an object ({...}) nor a list ([...])", head)


def _from_object(given: JsonFile) -> Iterator[tuple[str, Outcome]]:
    label = given.file.label
    with open_json(given.file.path) as stream:
        data = stream.read(given.max_bytes + 1)
    if len(data) <= given.max_bytes:
        try:
            record, notes = parse_record(data, "the file")
        except Unreadable as error:
            yield label, _no_article(given, str(error), data.decode("utf-8", "replace"))
            return
        if _is_article(given, found := _prepared(given, record)):
            outcome = outcome_of(found, _origin(given), label)
            yield label, replace(outcome, notes=(*notes, *outcome.notes)) if isinstance(outcome, Read) else outcome
            return
        if articles := _by_key(given, record):
            for key, article in articles.items():
                yield f"{label}, {key}", outcome_of(article, _origin(given, key), f"{label}, {key}")
            return
    try:
        place = list_with(given.file.path, frozenset() if given.is_explained else _TITLES, _texts(given))
    except Unreadable as error:
        yield label, Refused(label, str(error))
        return
    if place:
        yield from _listed(given, place)
    else:
        yield label, Skipped(label, NO_TEXT if given.is_explained else NO_ARTICLES)


def _listed(given: JsonFile, place: str) -> Iterator[tuple[str, Outcome]]:
    label, number = given.file.label, 0
    try:
        for number, record in enumerate(records_in(given.file.path, place, given.max_bytes), 1):
            where = f"{label}, item {number}"
            if not isinstance(record, dict):
                if number == 1:
                    break
                yield where, Refused(where, "the item is no JSON object ({...})")
                continue
            found = _prepared(given, record)
            if number == 1 and not _is_article(given, found):
                break
            yield where, outcome_of(found, _origin(given, str(number)), where)
        else:
            if not number:
                yield label, Skipped(label, "no article: its list is empty")
            return
    except Unreadable as error:
        where = f"{label}, item {number + 1}"
        yield where, Refused(where, str(error))
        return
    yield label, Skipped(label, NO_TEXT if given.is_explained else NO_ARTICLES)


def _by_key(given: JsonFile, record: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The articles of an object that has nothing but articles, by their keys, as key-value databases export them."""
    for values in (record, *record.values()):
        if isinstance(values, dict) and values and all(isinstance(each, dict) for each in values.values()):
            found = {key: _prepared(given, each) for key, each in values.items()}
            if len(found) > 1 and all(map(partial(_is_article, given), found.values())):
                return found
    return {}


def _prepared(given: JsonFile, record: Mapping[str, Any]) -> dict[str, Any]:
    """`record` with what lies in an object of its own, and its fields as they are mapped."""
    name = next((name for name in MEMBERS if isinstance(record.get(name), dict)), "")
    if name and not holds_text(record):
        record = {each: value for each, value in record.items() if each != name} | record[name]
    return mapped(record, given.fields)


def _is_article(given: JsonFile, record: Mapping[str, Any]) -> bool:
    if given.is_explained:
        return holds_text(record)
    known = folded(record)
    return stated_as(known, TITLE)[1] is not None and not _TEXTS.isdisjoint(known)


def _texts(given: JsonFile) -> frozenset[str]:
    return _TEXTS | {fold(given.fields[name]) for name in ("text", "body", "sections") if name in given.fields}


def _origin(given: JsonFile, key: str = "") -> Origin:
    more = f":{key}" if key else ""
    return Origin(f"{given.stem}{more}", f"{given.file.name}{more}", given.rules, given.file.inherited)


def _no_article(given: JsonFile, fault: str, text: str) -> Outcome:
    """The outcome of what is no JSON: many programs put comments into their settings."""
    if given.is_explained or _SPEAKS_OF_TEXT.search(text):
        return Refused(given.file.label, fault)
    return Skipped(given.file.label, f"no article: {fault}, and nothing in it looks like one")
