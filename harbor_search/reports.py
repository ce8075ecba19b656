"""What rebuilds and updates report, as frozen data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

__all__ = ["IndexReport", "Refusal", "UpdateReport"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A source item that was not indexed as it came, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What was indexed. `refused` items are not in the index; `noted` ones are, with a fault mended (a date dropped);
    `skipped` ones were never articles (an image beside the pages). `near_duplicates` are articles that are nearly the
    same as another one, of each group all but one. `next_change` is when one of the articles is to be published or
    expires, so that an update would find other articles in the same sources; None where that is not to be expected."""

    generation: str
    read: int
    indexed: int
    refused: tuple[Refusal, ...]
    skipped: tuple[Refusal, ...]
    noted: tuple[Refusal, ...]
    seconds: float
    bytes: int
    near_duplicates: int = 0
    next_change: datetime | None = None


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """What an update did. `index` is about the generation that is live afterwards and what was read for it.

    `kept` are articles that the sources do not have any more and that stay nevertheless. `published` is False where
    nothing had changed. `rebuilt` says why everything was indexed anew; all articles are `added` then.
    """

    index: IndexReport
    added: int
    changed: int
    removed: int
    kept: tuple[Refusal, ...]
    published: bool
    rebuilt: str
