"""Writing the index of a generation: articles in, sealed segments out."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from harbor_search.analysis import Analyzer
from harbor_search.article import Article
from harbor_search.engines.protocol import Progress
from harbor_search.errors import OperationalError
from harbor_search.store import SegmentWriter, open_index_folder, write_index_folder
from harbor_search.store.whoosh import segment_name, write_toc

__all__ = ["check_index", "write_index"]

_BATCH_ARTICLES = 500
_BATCH_CHARACTERS = 2_000_000
_CHECK_EVERY = 97
_BASE_BYTES = 200_000_000
_TOKEN_BYTES = 26
"""Memory that a token takes while its segment's posting lists are made; the process itself takes the base."""


def write_index(
    folder: Path, articles: Iterable[Article], analyzer: Analyzer, *, memory_bytes: int, progress: Progress
) -> int:
    """Index `articles` in `folder` and return how many they are.

    Raises:
        ValueError: two articles have one id.
    """
    most_tokens = max(1_000_000, (memory_bytes - _BASE_BYTES) // _TOKEN_BYTES)
    written: list[tuple[str, int]] = []
    done = 0
    writer: SegmentWriter | None = None
    for batch in _batches(_unique(articles)):
        if writer is None:
            writer = SegmentWriter(folder, segment_name(), analyzer)
        writer.add(batch)
        done += len(batch)
        progress("index", done, None)
        if writer.tokens >= most_tokens:
            written.append(_finish(writer))
            writer = None
    if writer is not None:
        written.append(_finish(writer))
    names = [name for name, _ in written]
    write_index_folder(folder, analyzer=analyzer.name, fingerprint=analyzer.fingerprint, segments=names)
    write_toc(folder, analyzer.name, [(name, count, None) for name, count in written])
    return done


def check_index(folder: Path, articles: int, progress: Progress) -> None:
    """Read back what was written: every id must be in its place, and a sample of articles must be whole.

    Raises:
        OperationalError: it is not as it was written.
    """
    index = open_index_folder(folder)
    found = 0
    for segment in index.segments:
        ids = segment.ids()
        ordered = [ids[document] for document in segment.columns["id_order"].tolist()]
        if len(ordered) != segment.count or any(a >= b for a, b in itertools.pairwise(ordered)):
            raise OperationalError(f"the ids of segment {segment.name} are out of order; rebuild again")
        for document in range(0, segment.count, _CHECK_EVERY):
            if segment.article(document).id.encode() != ids[document]:
                raise OperationalError(f"document {document} of segment {segment.name} is not itself; rebuild again")
        found += segment.count
        progress("verify", found, articles)
    if found != articles:
        raise OperationalError(f"the new index has {found} articles instead of {articles}; rebuild again")


def _finish(writer: SegmentWriter) -> tuple[str, int]:
    writer.finish()
    return writer.name, writer.count


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
