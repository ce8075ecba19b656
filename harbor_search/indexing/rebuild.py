"""Rebuild: from sources to a new live generation and a report."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from pathlib import Path

from harbor_search.article import Article
from harbor_search.config import Settings
from harbor_search.engines import Progress, SearchEngine
from harbor_search.indexing.tally import Tally, Tolerance
from harbor_search.ingest import Outcome, Read, count_hint, read_articles
from harbor_search.results import IndexReport

__all__ = ["rebuild"]


def rebuild(engine: SearchEngine, sources: Sequence[Path], settings: Settings, progress: Progress) -> IndexReport:
    """Index everything in `sources` anew and make it live; whatever stops that leaves the live index as it was.

    `progress` is told how many articles to expect wherever that can be known beforehand.

    Raises:
        UserError: one of `sources` is not there.
        OperationalError: too many articles were refused, there were none at all, or the engine could not build.
    """
    started = time.perf_counter()
    outcomes = read_articles(sources, max_bytes=settings.max_source_bytes)
    expected = count_hint(sources)
    tally = Tally()
    tolerance = Tolerance(share=settings.max_refused, grace=settings.max_refused_grace)
    with closing(_articles(outcomes, tally, tolerance, expected or 0)) as articles:
        info = engine.rebuild(articles, _with_total(progress, expected))
    return IndexReport(
        generation=info.name,
        read=tally.read,
        indexed=info.articles,
        refused=tuple(tally.refused),
        skipped=tuple(tally.skipped),
        noted=tuple(tally.noted),
        seconds=round(time.perf_counter() - started, 3),
        bytes=info.bytes,
    )


def _articles(
    outcomes: Iterable[Outcome], tally: Tally, tolerance: Tolerance, expected: int
) -> Generator[Article, None, None]:
    """The articles of `outcomes`; raises into the engine, which aborts the build, when they must not be published.

    On the way the refusals are measured against what is expected in all, as broken articles often lie together;
    at the end against what there was.
    """
    for outcome in outcomes:
        tally.add(outcome)
        if isinstance(outcome, Read):
            yield outcome.article
        else:
            tally.require_tolerable(tolerance, expected=expected)
    tally.require_tolerable(tolerance)
    tally.require_articles()


def _with_total(progress: Progress, expected: int | None) -> Progress:
    """`progress`, told the expected number of articles where the engine, which reads a stream, cannot know it."""

    def tell(stage: str, done: int, total: int | None) -> None:
        if total is None and stage == "index" and expected is not None:
            total = max(expected, done)
        progress(stage, done, total)

    return tell
