"""The stream of articles from the sources to the engine, counted and guarded on its way."""

from __future__ import annotations

from collections.abc import Generator, Iterable

from harbor_search.article import Article
from harbor_search.config import Settings
from harbor_search.engines import Progress
from harbor_search.indexing.tally import Tally, Tolerance
from harbor_search.ingest import Outcome, PublicationRules, Read

__all__ = ["articles_of", "publication_rules", "with_total"]


def articles_of(
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


def publication_rules(settings: Settings) -> PublicationRules:
    """Which articles may be shown by the settings and at this moment."""
    return PublicationRules(include_future=settings.include_future, include_expired=settings.include_expired)


def with_total(progress: Progress, expected: int | None) -> Progress:
    """`progress`, told the expected number of articles where the engine, which reads a stream, cannot know it."""

    def tell(stage: str, done: int, total: int | None) -> None:
        if total is None and stage == "index" and expected is not None:
            total = max(expected, done)
        progress(stage, done, total)

    return tell
