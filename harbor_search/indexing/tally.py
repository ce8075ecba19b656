"""What a rebuild or an update has read so far, and when there is too much it could not read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from harbor_search.config import Settings
from harbor_search.engines import GenerationInfo
from harbor_search.errors import OperationalError
from harbor_search.ingest import Outcome, Read, Refused, Skipped
from harbor_search.reports import IndexReport, Refusal

__all__ = ["NothingPublished", "Tally", "Tolerance"]

NAMED = 5
"""Reasons told in a message: enough to see a pattern, few enough to read."""


class NothingPublished(OperationalError):
    """Indexing was stopped; `report` says what was read and refused until then, and names no generation."""

    def __init__(self, error: OperationalError, report: IndexReport) -> None:
        super().__init__(str(error))
        self.report = report


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How many articles may be refused: `grace` always, beyond that `share` of all (0 to 1)."""

    share: float
    grace: int

    @classmethod
    def of(cls, settings: Settings) -> Tolerance:
        """What the settings tolerate."""
        return cls(share=settings.max_refused, grace=settings.max_refused_grace)

    def exceeded(self, refused: int, total: int) -> bool:
        """Whether `refused` of `total` articles are too many."""
        return refused > self.grace and refused > self.share * total


@dataclass(slots=True)
class Tally:
    """Counts and reasons, gathered while articles stream to the engine."""

    articles: int = 0
    refused: list[Refusal] = field(default_factory=list)
    skipped: list[Refusal] = field(default_factory=list)
    noted: list[Refusal] = field(default_factory=list)
    kept_back: list[Skipped] = field(default_factory=list)

    @property
    def read(self) -> int:
        """How many articles there were, those included that could not be read."""
        return self.articles + len(self.refused)

    def add(self, outcome: Outcome) -> None:
        """Count one outcome."""
        if isinstance(outcome, Read):
            self.articles += 1
            # By id: several articles of one file may share what they call their source.
            self.noted.extend(Refusal(outcome.article.id, note) for note in outcome.notes)
        elif isinstance(outcome, Refused):
            self.refused.append(Refusal(outcome.source, outcome.reason))
        else:
            self.skipped.append(Refusal(outcome.source, outcome.reason))
            if outcome.kept_back:
                self.kept_back.append(outcome)

    def require_tolerable(self, tolerance: Tolerance, *, expected: int = 0) -> None:
        """Check the refusals against `tolerance`, of the articles read or of `expected` where that is more.

        Raises:
            OperationalError: too many; the message has the first reasons.
        """
        if tolerance.exceeded(len(self.refused), max(self.read, expected)):
            raise OperationalError(
                f"{len(self.refused):,} of the {self.read:,} articles read could not be used, which is more than "
                f"the settings max_refused ({tolerance.share:.0%}) and max_refused_grace ({tolerance.grace}) tolerate; "
                f"nothing was published. Mend the articles or raise the settings. {_first(self.refused)}"
            )

    def require_articles(self) -> None:
        """Check that there is something to publish.

        Raises:
            OperationalError: no article was read; an empty index would take every answer from the readers.
        """
        if not self.articles:
            told = _first(self.refused or self.skipped)
            raise OperationalError(
                "no article was found in the sources, and an empty index is not published; "
                f"name the folder or file that holds the articles{'. ' if told else ''}{told}"
            )

    def report(self, info: GenerationInfo | None, seconds: float, next_change: datetime | None = None) -> IndexReport:
        """The report on what became of it: `info`, or None where nothing was published, after so many seconds."""
        return IndexReport(
            generation=info.name if info else "",
            read=self.read,
            indexed=info.articles if info else 0,
            refused=tuple(self.refused),
            skipped=tuple(self.skipped),
            noted=tuple(self.noted),
            seconds=round(seconds, 3),
            bytes=info.bytes if info else 0,
            near_duplicates=info.near_duplicates if info else 0,
            next_change=next_change,
        )


def _first(items: list[Refusal]) -> str:
    if not items:
        return ""
    more = f"; and {len(items) - NAMED:,} more" if len(items) > NAMED else ""
    return "First: " + "; ".join(f"{item.source}: {item.reason}" for item in items[:NAMED]) + more
