"""The stream of articles from the sources to the engine, counted and guarded on its way."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from pathlib import Path

from harbor_search.article import Article
from harbor_search.compiled import usable_processors
from harbor_search.config import Settings
from harbor_search.engines import Progress
from harbor_search.indexing.tally import Tally, Tolerance
from harbor_search.ingest import Outcome, PublicationRules, Read, ReadBefore, Source, read_articles

__all__ = ["articles_of", "outcomes_of", "with_total"]

INDEXING_MB = 340
"""What the program and its batches take, as the setting `memory_mb` says."""

EXTRACTING_MB = 60
"""What a process takes that extracts pages of a usual size (42 for pages of 60 kB), and some room."""


IDLE_MB = 42
"""What such a process holds between pages."""

LEAST_MB = 40
"""For one file, however little memory there is: pages of 2 MB, which hardly any site has."""


def articles_of(
    outcomes: Iterable[Outcome], tally: Tally, tolerance: Tolerance, expected: int, *, emptying: bool = False
) -> Generator[Article, None, None]:
    """The articles of `outcomes`; raises into the engine, which aborts the build, when they must not be published.

    On the way the refusals are measured against what is expected in all, as broken articles often lie together;
    at the end against what there was. With `emptying` all that there was may say itself that it may not be shown.
    """
    for outcome in outcomes:
        tally.add(outcome)
        if isinstance(outcome, Read):
            yield outcome.article
        else:
            tally.require_tolerable(tolerance, expected=expected)
    tally.require_tolerable(tolerance)
    if not (emptying and tally.kept_back):
        tally.require_articles()


def outcomes_of(
    sources: Sequence[Source | Path], settings: Settings, rules: PublicationRules, before: ReadBefore | None = None
) -> Iterator[Outcome]:
    """What becomes of everything in `sources`, read as the settings say, and as what may be shown by `rules`.

    Raises:
        UserError: one of `sources` is not there.
    """
    processes = settings.extract_processes or _affordable(settings.memory_mb)
    return read_articles(
        sources,
        max_bytes=settings.max_source_bytes,
        rules=rules,
        fetched=settings.index / "fetched",
        processes=processes,
        before=before,
        allowance=_allowance(settings.memory_mb, processes),
    )


def _allowance(memory_mb: int, processes: int) -> int:
    """Bytes that one file may take to be read, beside what the program and the processes that extract hold anyway."""
    beside = INDEXING_MB + (processes * IDLE_MB if processes > 1 else 0)
    return max(memory_mb - beside, LEAST_MB) * 1_000_000


def _affordable(memory_mb: int) -> int:
    """How many processes can extract beside the one that indexes: one a processor, and each within the memory."""
    return max(1, min(usable_processors(), (memory_mb - INDEXING_MB) // EXTRACTING_MB))


def with_total(progress: Progress, expected: int | None) -> Progress:
    """`progress`, told the expected number of articles where the engine, which reads a stream, cannot know it."""

    def tell(stage: str, done: int, total: int | None) -> None:
        if total is None and stage == "index" and expected is not None:
            total = max(expected, done)
        progress(stage, done, total)

    return tell
