"""The endpoints that write articles: PUT, DELETE and bulk, all of which need a key.

A response means that the write is durable. The article becomes searchable a moment later; during a rebuild, when that
is done.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import UnprocessableEntity, UnsupportedMediaType

from harbor_search.errors import OperationalError, UserError
from harbor_search.indexing import publication_rules
from harbor_search.ingest import Read, Skipped, pack_record, read_written, record_id, unpack_record
from harbor_search.ingest.identity import fault_of
from harbor_search.ingest.outcome import Unreadable
from harbor_search.journal import Change, Outcome
from harbor_search.searching import to_json
from harbor_search.web.access import needs_key
from harbor_search.web.addresses import with_id
from harbor_search.web.services import services

__all__ = ["BULK", "DELETE", "blueprint"]

blueprint = Blueprint("writing", __name__, url_prefix="/api/v1")

SCOPE = "articles:write"

JSON = "application/json"

BULK = ("application/x-ndjson", "application/jsonl", "application/jsonlines")
"""Media types of JSON Lines, the most common first."""

DELETE = "delete"
"""The only member of a line that deletes an article; its value is the id."""

MAX_LISTED = 1_000
"""Lines listed in a response, of the faulty ones and of those with notes each; further ones are only counted."""


@blueprint.put("/articles/<writable_id:article_id>")
@blueprint.put("/articles")
@needs_key(SCOPE)
@with_id
def put(article_id: str) -> Response:
    """Create or replace one article."""
    content = _body((JSON,))
    try:
        write = _put(article_id, unpack_record(content))
    except Unreadable as error:
        raise UnprocessableEntity(_sentence(str(error))) from None
    known = _is_there(article_id)
    (outcome,) = _write([write.change])
    if outcome == "created" and known:  # from a source
        outcome = "replaced"
    status = HTTPStatus.CREATED if outcome == "created" else HTTPStatus.OK
    planned = {"visible_from": write.visible_from.isoformat()} if write.visible_from else {}
    noted = {"noted": write.notes} if write.notes else {}
    return _answer({"id": article_id, "result": outcome, **planned, **noted}, status)


@blueprint.delete("/articles/<writable_id:article_id>")
@blueprint.delete("/articles")
@needs_key(SCOPE)
@with_id
def delete(article_id: str) -> Response:
    """Delete one article, from whatever source; it stays deleted until it is written again."""
    try:
        change = _delete(article_id)
    except Unreadable as error:
        raise UnprocessableEntity(_sentence(str(error))) from None
    _write([change])
    return Response(status=HTTPStatus.NO_CONTENT, headers={"Cache-Control": "no-store"})


@blueprint.post("/articles")
@needs_key(SCOPE)
def bulk() -> Response:
    """Write and delete many articles, one per line: valid lines are applied together, in order; others are listed."""
    changes: list[Change] = []
    faults: list[dict[str, Any]] = []
    noted: list[dict[str, Any]] = []
    for line in _lines(_body(BULK)):
        if line.write is None:
            faults.append({"line": line.number, "id": line.id or None, "detail": _sentence(line.fault)})
            continue
        changes.append(line.write.change)
        if line.write.notes:
            noted.append({"line": line.number, "id": line.id, "noted": line.write.notes})
    outcomes = _write(changes) if changes else []
    counts = {name: outcomes.count(name) for name in ("created", "replaced", "unchanged", "deleted", "absent")}
    totals = {**counts, "failed": len(faults), "mended": len(noted)}
    answer = {**totals, "errors": faults[:MAX_LISTED], "noted": noted[:MAX_LISTED]}
    return _answer(answer, HTTPStatus.OK if changes or not faults else HTTPStatus.UNPROCESSABLE_ENTITY)


@dataclass(frozen=True, slots=True)
class _Write:
    """A valid change, from when its article is visible (None: now), and what of the record was left out and why."""

    change: Change
    visible_from: datetime | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    """A non-blank line: the write, or why it is invalid."""

    number: int
    id: str = ""
    write: _Write | None = None
    fault: str = ""


def _lines(content: bytes) -> Iterator[_Line]:
    for number, line in enumerate(content.split(b"\n"), 1):
        if not line.strip():
            continue
        article_id = ""
        try:
            record = unpack_record(line)
            if record.keys() == {DELETE}:
                article_id = record_id({"id": record[DELETE]})
                write = _Write(_delete(article_id))
            else:
                article_id = record_id(record)
                write = _put(article_id, record)
        except Unreadable as error:
            yield _Line(number, article_id, fault=str(error))
        else:
            yield _Line(number, article_id, write)


def _put(article_id: str, record: dict[str, Any]) -> _Write:
    """The write of `record`.

    Raises:
        Unreadable: it is not an article, or one that is never visible.
    """
    if not article_id:
        raise Unreadable("the record states no id")
    content = pack_record(record)
    visible_from, notes = _read(article_id, content)
    return _Write(Change(article_id, content), visible_from, tuple(map(_sentence, notes)))


def _read(article_id: str, content: bytes) -> tuple[datetime | None, tuple[str, ...]]:
    """From when the article is visible (None: now), and the notes of reading it."""
    moment, rules = None, publication_rules(services().settings)
    reason = ""
    while not isinstance(outcome := read_written(article_id, content, rules), Read):
        reason = reason or outcome.reason
        moment = outcome.until if isinstance(outcome, Skipped) else None
        if moment is None:
            raise Unreadable(reason)
        rules = replace(rules, now=moment)
    return moment, outcome.notes


def _delete(article_id: str) -> Change:
    if fault := fault_of(article_id) or ("" if article_id else "no id is named"):
        raise Unreadable(fault)
    return Change(article_id, None)


def _is_there(article_id: str) -> bool:
    try:
        return services().engine.article(article_id) is not None
    except OperationalError:  # no index yet
        return False


def _write(changes: list[Change]) -> list[Outcome]:
    return services().writes.write(changes)


def _body(types: tuple[str, ...]) -> bytes:
    """The request's body.

    Raises:
        UnsupportedMediaType: its Content-Type is another one.
        UserError: it is empty.
        RequestEntityTooLarge: it is too large.
    """
    if request.mimetype not in types:
        raise UnsupportedMediaType(f"Send {types[0]}, and say so in Content-Type.")
    request.max_content_length = services().settings.max_write_bytes
    content = request.get_data()
    if not content.strip():
        raise UserError("the body is empty")
    return content


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _answer(values: dict[str, Any], status: HTTPStatus) -> Response:
    return Response(to_json(values), status, mimetype=JSON, headers={"Cache-Control": "no-store"})
