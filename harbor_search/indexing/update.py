"""Update: what changed in the sources becomes the new live generation, and a report."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from harbor_search.config import Settings
from harbor_search.engines import Progress, SearchEngine
from harbor_search.errors import OperationalError
from harbor_search.indexing.removals import Leaving
from harbor_search.indexing.stream import articles_of, outcomes_of, with_total
from harbor_search.indexing.tally import NothingPublished, Tally, Tolerance
from harbor_search.indexing.written_source import Written, publication_rules
from harbor_search.ingest import ReadBefore, Source, count_hint
from harbor_search.reports import Refusal, UpdateReport

__all__ = ["update"]


def update(
    engine: SearchEngine,
    sources: Sequence[Source | Path],
    settings: Settings,
    progress: Progress,
    before: ReadBefore | None = None,
) -> UpdateReport:
    """Make the index what a rebuild from `sources` would make it, at the cost of what changed.

    Only an article that may be one that can no longer be read stays although it is not in the sources, in the version
    that was indexed; the report names it. Where every article of the index was read and says itself that it may not be
    shown any more, an empty one is published. Whatever stops the update leaves the live index as it was.
    Files that look as they did when they were read into `before` are not read again.

    Raises:
        UserError: one of `sources` is not there.
        NothingPublished: too many articles were refused or would leave, there were none at all, or the engine could not
            build.
    """
    started = time.perf_counter()
    rules = publication_rules(settings)
    written = Written(settings, rules)
    outcomes = written.beside(outcomes_of(sources, settings, rules, before))
    expected = count_hint(sources)
    tally = Tally()
    leaving = Leaving(tally, settings.max_removed)

    def mark() -> str:
        leaving.require_checked()
        return written.mark()

    try:
        stream = articles_of(outcomes, tally, Tolerance.of(settings), expected or 0, emptying=True)
        with closing(stream) as articles:
            done = engine.update(articles, leaving.keeping, with_total(progress, expected), leaving.check, mark)
    except OperationalError as error:
        raise NothingPublished(error, tally.report(None, time.perf_counter() - started)) from error
    reason = "not in the sources any more, but it may be one that could not be read"
    return UpdateReport(
        index=tally.report(done.generation, time.perf_counter() - started, rules.upcoming.first),
        added=done.added,
        changed=done.changed,
        removed=done.removed,
        kept=tuple(Refusal(article_id, reason) for article_id in done.kept),
        published=done.published,
        rebuilt=done.rebuilt,
    )
