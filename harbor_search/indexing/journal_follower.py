"""Following the journal: what was written becomes searchable, and is so from and until the moments that it states, in
small commits."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain

from harbor_search.article import Article
from harbor_search.config import Settings
from harbor_search.engines import SearchEngine
from harbor_search.errors import OperationalError
from harbor_search.indexing.scheduled_publication import Planned
from harbor_search.indexing.written_source import Written, journal_path, publication_rules
from harbor_search.ingest import PublicationRules, Read, Refused, read_written
from harbor_search.journal import Entry, Journal

__all__ = ["Follower"]

_log = logging.getLogger(__name__)

AT_ONCE = 1_000
"""Entries in one commit: some tenths of a second of work, so that what comes after waits no longer than that."""

LOOK = 0.05
"""Seconds between looks at the journal, each some microseconds."""

PACE = 0.4
"""Seconds from commit to commit: each makes every searching process open the index anew, and what is written must be
found within a second."""

LONGEST_BUILD = timedelta(days=1)
"""Longer than a rebuild takes: what has changed since its beginning it may have read as it was before."""

RETRY = 0.5
"""Seconds after which is tried again what could not be done, mostly since a rebuild is running."""


JITTER = timedelta(minutes=1)
"""By so much clocks are set back in passing; what was published too early by less is not worth judging anew."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What the index and the journal were when nothing was left to do."""

    generation: str
    mark: str


class Follower:
    """Brings an index up to what its journal says; one process at a time should run one.

    Several do no harm: they take turns at the index, and each looks at what is live before it adds to it. So does
    whatever else publishes: a rebuild or a rollback leaves an index with an older mark, which is then brought up again.
    """

    def __init__(self, engine: SearchEngine, settings: Settings) -> None:
        self._engine = engine
        self._settings = settings
        self._journal: Journal | None = None
        self._done: _Look | None = None
        self._told = ""
        self._planned = Planned()
        self._own = ""
        self._judged: datetime | None = None

    def run(self, wait: Callable[[float], bool]) -> None:
        """Follow until `wait`, which is given seconds, says True.

        What cannot be done is logged once, and tried again.
        """
        pause = 0.0
        while not wait(pause):
            began = time.monotonic()
            try:
                pause = LOOK
                if self.catch_up():
                    pause = max(LOOK, PACE - (time.monotonic() - began))
                self._told = ""
            except OperationalError as error:
                self._tell(str(error))
                pause = RETRY

    def catch_up(self) -> bool:
        """Bring the index nearer to the journal, by one commit at most; False where nothing was left to do.

        Raises:
            OperationalError: a rebuild is running, or the index or the journal cannot be read or written.
        """
        self._journal = self._journal or Journal.open_existing(journal_path(self._settings))
        if self._journal is None:
            return False
        rules = publication_rules(self._settings)
        self._mind_the_clock(rules)
        if self._done is not None and self._done == self._look(self._journal) and not self._planned.has_come(rules.now):
            return False
        # The generation first: one that is published meanwhile is another, and is looked at next time.
        if self._engine.mark() is not None:
            self._plan(self._journal, rules)
        reached = self._engine.mark()
        if reached is None:
            return self._begin(self._journal, rules)
        entries = self._journal.since(reached, AT_ONCE)
        with self._planned.due(rules.now) as due:
            written = bool(entries or due)
            if written:
                self._write(self._journal, entries, due, rules, reached)
        if len(entries) < AT_ONCE and self._planned.complete:
            # What changes nothing in the index publishes nothing, so its mark stays behind: no reason to try again.
            look = _Look(self._own, self._journal.mark())
            last = self._journal.mark_at(entries[-1]) if entries else look.mark
            self._done = look if look.mark == last else None
        return written

    def _mind_the_clock(self, rules: PublicationRules) -> None:
        """Judge anew, where the clock was set back, what was published or had expired by the time that it was."""
        if self._judged and rules.now < self._judged - JITTER:
            self._planned.begin(rules, judged_later=True)
            self._done = None
        self._judged = rules.now

    def _plan(self, journal: Journal, rules: PublicationRules) -> None:
        """Know when articles are published or expire that are in an index which somebody else made, or an older one."""
        generation = self._engine.generation()
        if generation != self._own:
            self._planned.begin(replace(rules, now=self._engine.stats().live.built - LONGEST_BUILD))
            self._own, self._done = generation, None
        self._planned.look_on(journal)

    def _look(self, journal: Journal) -> _Look:
        try:
            return _Look(self._engine.generation(), journal.mark())
        except OperationalError:
            return _Look("", journal.mark())

    def _begin(self, journal: Journal, rules: PublicationRules) -> bool:
        """Make the first index, of nothing but what was written."""
        look, written = self._look(journal), Written(self._settings, rules)
        articles = (outcome.article for outcome in written.beside(()) if isinstance(outcome, Read))
        first = next(articles, None)
        if first is None:
            self._planned.begin(rules)
            self._planned.note(rules.upcoming.first, "")
            self._done = look
            return False
        self._engine.rebuild(chain([first], articles), _silent, marking=written.mark)
        return True

    def _write(
        self, journal: Journal, entries: list[Entry], due: list[str], rules: PublicationRules, reached: str
    ) -> None:
        again = [entry for entry in map(journal.entry, due) if entry is not None]
        articles: list[Article] = []
        removed: set[str] = set()
        moments: list[tuple[datetime, str]] = []
        for entry in {each.id: each for each in (*again, *entries)}.values():
            outcome = None if entry.record is None else read_written(entry.id, entry.record, rules)
            if isinstance(outcome, Read):
                articles.append(outcome.article)
            else:
                removed.add(entry.id)
            if outcome and not isinstance(outcome, Refused) and outcome.until:
                moments.append((outcome.until, entry.id))
        mark = journal.mark_at(entries[-1]) if entries else reached
        self._own = self._engine.write(articles, removed, mark, _silent, since=reached).generation.name
        for moment, article_id in moments:
            self._planned.note(moment, article_id)

    def _tell(self, fault: str) -> None:
        if fault != self._told:
            _log.warning("what was written is not searchable yet, and will be: %s", fault)
        self._told = fault


def _silent(stage: str, done: int, total: int | None) -> None:
    """Progress that nobody watches."""
