"""Rebuild: from sources to a new live generation and a report."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from harbor_search.config import Settings
from harbor_search.engines import Progress, SearchEngine
from harbor_search.errors import OperationalError
from harbor_search.indexing.stream import articles_of, outcomes_of, with_total
from harbor_search.indexing.tally import NothingPublished, Tally, Tolerance
from harbor_search.indexing.written_source import Written, publication_rules
from harbor_search.ingest import Source, count_hint
from harbor_search.reports import IndexReport

__all__ = ["rebuild"]


def rebuild(
    engine: SearchEngine,
    sources: Sequence[Source | Path],
    settings: Settings,
    progress: Progress,
    gate: Callable[[SearchEngine], None] | None = None,
) -> IndexReport:
    """Index everything in `sources` anew, and what was written to the service, and make it live; whatever stops that
    leaves the live index as it was.

    `progress` is told how many articles to expect wherever that can be known beforehand. `gate` may try the new index
    before it becomes live; what it raises leaves the live one as it was.

    Raises:
        UserError: one of `sources` is not there.
        NothingPublished: too many articles were refused, there were none at all, or the engine could not build.
    """
    started = time.perf_counter()
    rules = publication_rules(settings)
    written = Written(settings, rules)
    outcomes = written.beside(outcomes_of(sources, settings, rules))
    expected = count_hint(sources)
    tally = Tally()
    try:
        with closing(articles_of(outcomes, tally, Tolerance.of(settings), expected or 0)) as articles:
            info = engine.rebuild(articles, with_total(progress, expected), gate, written.mark)
    except OperationalError as error:
        raise NothingPublished(error, tally.report(None, time.perf_counter() - started)) from error
    return tally.report(info, time.perf_counter() - started, rules.upcoming.first)
