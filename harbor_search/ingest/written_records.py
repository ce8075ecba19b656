"""Articles that are written to the service: records as in JSON Lines, each under the id that it is written to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from harbor_search.ingest.field_names import ID, folded
from harbor_search.ingest.identity import fault_of
from harbor_search.ingest.jsonlines import parse_record
from harbor_search.ingest.metadata import line_of
from harbor_search.ingest.outcome import Origin, Outcome, Read, Refused, Skipped, Unreadable, Unwanted
from harbor_search.ingest.publication_rules import PublicationRules, Upcoming
from harbor_search.ingest.record import holds_text, judge, read_record

__all__ = ["WRITTEN", "next_change_of", "pack_record", "read_written", "record_id", "unpack_record"]

WRITTEN = "written"
"""What such articles call their source, where they state none."""


def unpack_record(content: bytes) -> dict[str, Any]:
    """The record that `content` (JSON) is.

    Raises:
        Unreadable: it is no JSON, or no object.
    """
    return parse_record(content)[0]


def pack_record(record: Mapping[str, Any]) -> bytes:
    """The record as it is kept: the same bytes for the same record, however it was laid out."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def record_id(record: Mapping[str, Any]) -> str:
    """The id that a record states; empty where it states none.

    Raises:
        Unreadable: it is no text.
    """
    return line_of(folded(record), ID)


def read_written(article_id: str, content: bytes, rules: PublicationRules) -> Outcome:
    """What becomes of the record `content` that is written to `article_id`."""
    own = replace(rules, upcoming=Upcoming())
    outcome = _outcome_of(article_id, content, own)
    rules.upcoming.note(own.upcoming.first)
    return outcome if isinstance(outcome, Refused) else replace(outcome, until=own.upcoming.first)


def next_change_of(content: bytes, rules: PublicationRules) -> datetime | None:
    """When, after now, the record `content` will be judged otherwise, for a fifth of the cost of reading it."""
    own = replace(rules, upcoming=Upcoming())
    with suppress(Unreadable, Unwanted):
        judge(unpack_record(content), Origin("", WRITTEN, own))
    return own.upcoming.first


def _outcome_of(article_id: str, content: bytes, rules: PublicationRules) -> Outcome:
    try:
        record = unpack_record(content)
        fault = fault_of(article_id)
        if (stated := record_id(record)) and stated != article_id:
            fault = f"the record says that its id is {stated!r}, and it is written to {article_id!r}"
        elif not holds_text(record):
            fault = "the record has no field for an article's text, such as 'text' or 'sections'"
        if fault:
            return Refused(article_id, fault)
        read = read_record(record, Origin(article_id, WRITTEN, rules))
        return Read(read.article._replace(id=article_id), read.notes)
    except Unreadable as error:
        return Refused(article_id, str(error))
    except Unwanted as error:
        return Skipped(article_id, str(error), kept_back=error.kept_back)
