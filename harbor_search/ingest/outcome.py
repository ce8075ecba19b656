"""What becomes of each thing found in a source: read, refused or skipped."""

from __future__ import annotations

from dataclasses import dataclass

from harbor_search.article import Article

__all__ = ["Origin", "Outcome", "Read", "Refused", "Skipped", "Unreadable", "Unwanted", "reason_of"]


@dataclass(frozen=True, slots=True)
class Read:
    """An article; `notes` are sentences about faults that were mended on the way (an impossible date left out)."""

    article: Article
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that should have been an article and is not one; `reason` says why and what would help."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that is no article and was not expected to be one."""

    source: str
    reason: str


Outcome = Read | Refused | Skipped


@dataclass(frozen=True, slots=True)
class Origin:
    """Where bytes came from: `id` for an article that brings none of its own, `name` relative to the source's root."""

    id: str
    name: str


class Unwanted(Exception):
    """Raised by readers for what its author keeps from readers (a draft); `str(error)` is the reason of a `Skipped`."""


class Unreadable(Exception):
    """Raised by readers for bytes that hold no article; `str(error)` becomes the reason of a `Refused`."""


def reason_of(error: OSError) -> str:
    """Why the operating system would not give a file, for a `Refused`."""
    return f"the file cannot be read: {error.strerror or error}"
