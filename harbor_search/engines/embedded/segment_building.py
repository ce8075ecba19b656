"""Writing the index of a generation: articles in, sealed segments out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from harbor_search.analysis import Analyzer, get_analyzer, joined_names
from harbor_search.article import Article
from harbor_search.compiled import usable_processors
from harbor_search.config import Settings
from harbor_search.engines.languages import languages_of
from harbor_search.engines.protocol import Progress
from harbor_search.errors import OperationalError
from harbor_search.store import (
    Deleted,
    IndexFolder,
    SegmentReader,
    SegmentWriter,
    freeze_existing_objects,
    is_ascending,
    merge_segments,
    open_index_folder,
    release_unused_memory,
    remove_segment,
    short_switch_interval,
    write_groups,
    write_index_folder,
)
from harbor_search.store.whoosh import segment_name, write_toc

__all__ = ["IndexingLimits", "Segment", "check_index", "merged", "write_contents", "write_index", "write_segments"]

_BATCH_ARTICLES = 1_000
_BATCH_CHARACTERS = 1_000_000
"""Of a batch, so that what is made of it stays below 15 MB: its texts take a byte a character or more, and there is
room for five bytes of words and spans a byte."""
_CHECK_EVERY = 97
_FORGET_EVERY = 256
"""Articles checked before the pages they are on are let go: some MB."""


@dataclass(frozen=True, slots=True)
class IndexingLimits:
    """What indexing may use: so many bytes of memory, and so many processes (1 or 2) that hold them together; the share
    of their text at which articles are near-duplicates (0: these are not looked for); and the names of the analyzers
    of articles in other languages than the collection's."""

    memory_bytes: int
    processes: int
    near_duplicates: float
    languages: frozenset[str]

    @classmethod
    def of(cls, settings: Settings) -> IndexingLimits:
        """What the settings allow."""
        processes = settings.index_processes or (2 if usable_processors() > 2 else 1)
        return cls(settings.memory_mb * 1_000_000, processes, settings.near_duplicates, languages_of(settings))


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of an index: its name, how many documents it has, and which of them were deleted (None: none); of a new
    one also the analyzers that some have besides that of the collection."""

    name: str
    count: int
    deleted: Deleted | None = None
    analyzers: frozenset[str] = frozenset()

    @property
    def deletions(self) -> int:
        """How many of its documents were deleted."""
        return 0 if self.deleted is None else int(self.deleted.sum())


def write_index(
    folder: Path, articles: Iterable[Article], analyzer: Analyzer, limits: IndexingLimits, progress: Progress
) -> list[Segment]:
    """Index `articles` in `folder` as one segment, or none where there are no articles.

    Raises:
        ValueError: two articles have one id.
    """
    segments = write_segments(folder, articles, analyzer, limits, progress)
    release_unused_memory()
    write_contents(folder, analyzer, segments, limits.near_duplicates)
    return segments


def write_segments(
    folder: Path, articles: Iterable[Article], analyzer: Analyzer, limits: IndexingLimits, progress: Progress
) -> list[Segment]:
    """Write `articles` as a segment, or none where there are none.

    Raises:
        ValueError: two articles have one id.
    """
    batches = _batches(iter(articles))
    first = next(batches, None)
    if first is None:
        return []
    writer = SegmentWriter(
        folder,
        segment_name(),
        analyzer,
        limits.memory_bytes,
        limits.processes,
        with_signatures=limits.near_duplicates > 0,
        languages=limits.languages,
    )
    try:
        with short_switch_interval(), freeze_existing_objects():
            for batch in chain([first], batches):
                writer.add(batch)
                progress("index", writer.count, None)
            return [_finish(writer, progress)]
    finally:
        writer.close()


def merged(folder: Path, segments: Sequence[Segment], progress: Progress) -> Segment:
    """Put one segment in the place of several of `folder`."""
    articles = sum(segment.count - segment.deletions for segment in segments)
    progress("merge", 0, articles)
    readers = [SegmentReader(folder, segment.name, segment.deletions) for segment in segments]
    name = segment_name()
    count = merge_segments(readers, folder, name)
    for segment in segments:
        remove_segment(folder, segment.name)
    progress("merge", articles, articles)
    analyzers = frozenset(chain.from_iterable(segment.analyzers for segment in segments))
    return Segment(name, count, analyzers=analyzers)


def write_contents(folder: Path, analyzer: Analyzer, segments: Sequence[Segment], near_duplicates: float) -> None:
    """Make `segments` the index in `folder`, for us and for Whoosh, and group its near-duplicates.

    `analyzer` is the one that the collection had before, of all its languages.
    """
    used = frozenset(chain.from_iterable(segment.analyzers for segment in segments))
    analyzer = get_analyzer(joined_names(analyzer.name, used))
    named = [(segment.name, segment.deletions) for segment in segments]
    write_index_folder(folder, analyzer=analyzer.name, fingerprint=analyzer.fingerprint, segments=named)
    deleted = [None if each.deleted is None else each.deleted.nonzero()[0] for each in segments]
    listed = [(each.name, each.count, gone) for each, gone in zip(segments, deleted, strict=True)]
    write_toc(folder, analyzer.name, listed)
    write_groups(folder, open_index_folder(folder).segments, near_duplicates)


def check_index(folder: Path, articles: int, progress: Progress, *, passing: Set[str] = frozenset()) -> None:
    """Read back what was written: every id must be in its place, once, and a sample of articles must be whole.

    Of the segments named in `passing`, which were checked when they were written, only the numbers are compared.

    Raises:
        OperationalError: it is not as it was written.
    """
    index = open_index_folder(folder)
    found = 0
    for segment in index.segments:
        if segment.name not in passing:
            _check_segment(segment)
        found += segment.live_count
        progress("verify", found, articles)
    if found != articles:
        raise OperationalError(f"the new index has {found} articles instead of {articles}; rebuild again")
    if not passing:
        _check_ids(index)


def _check_segment(segment: SegmentReader) -> None:
    order = segment.columns["id_order"]
    if order.size != segment.count or not is_ascending(segment.columns["ids"], segment.columns["id_ends"], order):
        raise OperationalError(f"the ids of segment {segment.name} are out of order; rebuild again")
    for document in range(0, segment.count, _CHECK_EVERY):
        if document % (_CHECK_EVERY * _FORGET_EVERY) == 0:
            segment.release_pages()
        if segment.article(document).id.encode() != segment.article_id(document):
            raise OperationalError(f"document {document} of segment {segment.name} is not itself; rebuild again")


def _check_ids(index: IndexFolder) -> None:
    """No article may be live in two segments."""
    seen: set[bytes] = set()
    for segment in index.segments if len(index.segments) > 1 else ():
        live = [each for document, each in enumerate(segment.ids()) if segment.is_live(document)]
        if not seen.isdisjoint(live):
            raise OperationalError(f"segment {segment.name} has articles that an earlier one has too; rebuild again")
        seen.update(live)


def _finish(writer: SegmentWriter, progress: Progress) -> Segment:
    progress("merge", 0, writer.count)
    writer.finish()
    progress("merge", writer.count, writer.count)
    return Segment(writer.name, writer.count, analyzers=frozenset(writer.analyzers))


def _batches(articles: Iterator[Article]) -> Iterator[list[Article]]:
    """Batches bounded in number and in text."""
    batch: list[Article] = []
    characters = 0
    for article in articles:
        batch.append(article)
        characters += len(article.title) + len(article.lead)
        for section in article.body:
            characters += len(section.heading) + len(section.text)
        if characters >= _BATCH_CHARACTERS or len(batch) >= _BATCH_ARTICLES:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch
