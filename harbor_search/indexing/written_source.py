"""Written articles beside those of the sources: a source of their own, which has the last word on its ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from harbor_search.config import Settings
from harbor_search.ingest import Outcome, PublicationRules, Read, Skipped, read_written
from harbor_search.journal import JOURNAL, Journal

__all__ = ["Written", "journal_path", "publication_rules"]


def journal_path(settings: Settings) -> Path:
    """Where the journal of what was written lies."""
    return settings.index / JOURNAL


def publication_rules(settings: Settings) -> PublicationRules:
    """What may be shown at this moment, as the settings say."""
    return PublicationRules(include_future=settings.include_future, include_expired=settings.include_expired)


class Written:
    """What was written to the service until a rebuild or an update reads it."""

    def __init__(self, settings: Settings, rules: PublicationRules) -> None:
        self._path = journal_path(settings)
        self._rules = rules
        self._mark = ""

    def beside(self, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        """The outcomes of the sources, without the articles that were written or deleted since, and the written ones.

        Raises:
            OperationalError: the journal cannot be read.
        """
        journal = Journal.open_existing(self._path)
        if journal is None:
            yield from outcomes
            return
        with closing(journal), journal.snapshot() as snapshot:
            self._mark = snapshot.mark
            ids = snapshot.ids()
            for outcome in outcomes:
                if isinstance(outcome, Read) and outcome.article.id in ids:
                    yield Skipped(outcome.article.id, "it was written or deleted through the service, which counts")
                else:
                    yield outcome
            for entry in snapshot.entries():
                if entry.record is not None:
                    yield read_written(entry.id, entry.record, self._rules)

    def mark(self) -> str:
        """The mark of an index of all that `beside` gave, empty where nothing was ever written."""
        return self._mark
