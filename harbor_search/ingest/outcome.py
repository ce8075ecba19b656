"""What becomes of each thing found in a source: read, refused or skipped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from harbor_search.article import Article
from harbor_search.ingest.publication_rules import PublicationRules

__all__ = ["Origin", "Outcome", "Read", "Refused", "Skipped", "Unreadable", "Unwanted", "not_understood", "reason_of"]


@dataclass(frozen=True, slots=True)
class Read:
    """An article; `notes` are sentences about faults that were mended on the way (an impossible date left out).

    Of a file, `until` is the moment from which on the outcome may be another, as here an article expires then.
    """

    article: Article
    notes: tuple[str, ...] = ()
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that should have been an article and is not one; `reason` says why and what would help.

    `passing` is True of a fault of reading, not of what was read: the same file may be read well the next time.
    """

    source: str
    reason: str
    passing: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that is no article and was not expected to be one; `until` as for `Read`.

    `kept_back` is the id of an article that says itself that it may not be shown; empty for anything else.
    """

    source: str
    reason: str
    until: datetime | None = None
    kept_back: str = ""


Outcome = Read | Refused | Skipped


@dataclass(frozen=True, slots=True)
class Origin:
    """Where bytes came from: `id` for an article that brings none of its own, `name` relative to the source's root.

    `rules` say which articles may be shown, `inherited` what is said around it of whether it may, names folded.
    """

    id: str
    name: str
    rules: PublicationRules = field(default_factory=PublicationRules)
    inherited: Mapping[str, Any] = field(default_factory=dict)


class Unwanted(Exception):
    """Raised by readers for what is lawfully no article: kept back by its author, or without a text of its own.

    `str(error)` becomes the reason of a `Skipped`; `kept_back` is the article's id in the first case.
    """

    def __init__(self, reason: str, kept_back: str = "") -> None:
        super().__init__(reason)
        self.kept_back = kept_back


class Unreadable(Exception):
    """Raised by readers for bytes that hold no article; `str(error)` becomes the reason of a `Refused`."""


def not_understood(error: Exception) -> str:
    """Why something ended in an error that nobody foresaw, for a `Refused`."""
    return f"it cannot be made sense of ({type(error).__name__}: {error}); please report this with the text"


def reason_of(error: OSError) -> str:
    """Why the operating system would not give a file, for a `Refused`."""
    return f"the file cannot be read: {error.strerror or error}"
