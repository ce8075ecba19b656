"""Records of exports, feeds and databases as articles: HTML as sections."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from harbor_search.ingest.html_fragment import parts_of_html
from harbor_search.ingest.outcome import Origin, Outcome, Refused, Skipped, Unreadable, Unwanted, not_understood
from harbor_search.ingest.record import read_record

__all__ = ["outcome_of", "plain_text", "sections_of"]

_BLANK_LINE = re.compile(r"\r?\n[ \t]*\r?\n")
_BLOCK = re.compile(r"<(?:p|div|h[1-6]|ul|ol|table|section|figure|blockquote|pre)[\s>]", re.IGNORECASE)


def outcome_of(record: Mapping[str, Any], origin: Origin, label: str) -> Outcome:
    """What becomes of one record."""
    try:
        return read_record(record, origin)
    except Unreadable as error:
        return Refused(label, str(error))
    except Unwanted as error:
        return Skipped(label, str(error), kept_back=error.kept_back)
    except Exception as error:
        # Records come in any form; one must not stop the others.
        return Refused(label, not_understood(error))


def sections_of(markup: str) -> list[dict[str, str]]:
    """HTML of an article as sections of a record; text without any block keeps its blank lines as paragraphs."""
    if not _BLOCK.search(markup):
        markup = "".join(f"<p>{paragraph}</p>" for paragraph in _BLANK_LINE.split(markup))
    return [{"heading": part.heading, "text": part.text, "anchor": part.anchor} for part in parts_of_html(markup)]


def plain_text(markup: str) -> str:
    """HTML of a title or a summary as text."""
    return "\n\n".join(part["text"] for part in sections_of(markup)).strip() if "<" in markup else unescape(markup)
