"""Writing the index of a generation: articles in, sealed segments out."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from harbor_search.analysis import Analyzer
from harbor_search.article import Article
from harbor_search.engines.protocol import Progress
from harbor_search.errors import OperationalError
from harbor_search.store import (
    Deleted,
    IndexFolder,
    SegmentReader,
    SegmentWriter,
    merge_segments,
    open_index_folder,
    remove_segment,
    write_index_folder,
)
from harbor_search.store.whoosh import segment_name, write_toc

__all__ = ["Segment", "check_index", "merged", "write_contents", "write_index", "write_segments"]

_BATCH_ARTICLES = 500
_BATCH_CHARACTERS = 2_000_000
_CHECK_EVERY = 97
_BASE_BYTES = 200_000_000
_TOKEN_BYTES = 26
"""Memory that a token takes while its segment's posting lists are made; the process itself takes the base."""
_LEAST_TOKENS = 1_000_000
"""Of a segment, however little memory is allowed: thousands of tiny segments would cost more to merge."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of an index: its name, how many documents it has, and which of them were deleted (None: none)."""

    name: str
    count: int
    deleted: Deleted | None = None

    @property
    def deletions(self) -> int:
        """How many of its documents were deleted."""
        return 0 if self.deleted is None else int(self.deleted.sum())


def write_index(
    folder: Path, articles: Iterable[Article], analyzer: Analyzer, *, memory_bytes: int, progress: Progress
) -> list[Segment]:
    """Index `articles` in `folder` as one segment, or none where there are no articles.

    Raises:
        ValueError: two articles have one id.
    """
    segments = write_segments(
        folder, _unique(articles), analyzer, memory_bytes, lambda done: progress("index", done, None)
    )
    if len(segments) > 1:
        segments = [merged(folder, segments, progress)]
    write_contents(folder, analyzer, segments)
    return segments


def write_segments(
    folder: Path, articles: Iterable[Article], analyzer: Analyzer, memory_bytes: int, told: Callable[[int], None]
) -> list[Segment]:
    """Write `articles`, no two with one id, as segments, as many as the memory asks for; tell how many are done."""
    most_tokens = max(_LEAST_TOKENS, (memory_bytes - _BASE_BYTES) // _TOKEN_BYTES)
    written: list[Segment] = []
    done = 0
    writer: SegmentWriter | None = None
    for batch in _batches(iter(articles)):
        if writer is None:
            writer = SegmentWriter(folder, segment_name(), analyzer)
        writer.add(batch)
        done += len(batch)
        told(done)
        if writer.tokens >= most_tokens:
            written.append(_finish(writer))
            writer = None
    if writer is not None:
        written.append(_finish(writer))
    return written


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
    return Segment(name, count)


def write_contents(folder: Path, analyzer: Analyzer, segments: Sequence[Segment]) -> None:
    """Make `segments` the index in `folder`, for us and for Whoosh."""
    named = [(segment.name, segment.deletions) for segment in segments]
    write_index_folder(folder, analyzer=analyzer.name, fingerprint=analyzer.fingerprint, segments=named)
    deleted = [None if each.deleted is None else each.deleted.nonzero()[0] for each in segments]
    listed = [(each.name, each.count, gone) for each, gone in zip(segments, deleted, strict=True)]
    write_toc(folder, analyzer.name, listed)


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
    ids = segment.ids()
    ordered = [ids[document] for document in segment.columns["id_order"].tolist()]
    if len(ordered) != segment.count or any(a >= b for a, b in itertools.pairwise(ordered)):
        raise OperationalError(f"the ids of segment {segment.name} are out of order; rebuild again")
    for document in range(0, segment.count, _CHECK_EVERY):
        if segment.article(document).id.encode() != ids[document]:
            raise OperationalError(f"document {document} of segment {segment.name} is not itself; rebuild again")


def _check_ids(index: IndexFolder) -> None:
    """No article may be live in two segments."""
    seen: set[bytes] = set()
    for segment in index.segments if len(index.segments) > 1 else ():
        live = [each for document, each in enumerate(segment.ids()) if segment.is_live(document)]
        if not seen.isdisjoint(live):
            raise OperationalError(f"segment {segment.name} has articles that an earlier one has too; rebuild again")
        seen.update(live)


def _finish(writer: SegmentWriter) -> Segment:
    writer.finish()
    return Segment(writer.name, writer.count)


def _unique(articles: Iterable[Article]) -> Iterator[Article]:
    seen: set[str] = set()
    for article in articles:
        if article.id in seen:
            raise ValueError(f"two articles have the id {article.id!r}")
        seen.add(article.id)
        yield article


def _batches(articles: Iterator[Article]) -> Iterator[list[Article]]:
    """Batches bounded in number and in text."""
    while batch := list(islice(_until_full(articles), _BATCH_ARTICLES)):
        yield batch


def _until_full(articles: Iterator[Article]) -> Iterator[Article]:
    characters = 0
    for article in articles:
        yield article
        characters += len(article.title) + sum(len(each.heading) + len(each.text) for each in article.body)
        if characters >= _BATCH_CHARACTERS:
            return
