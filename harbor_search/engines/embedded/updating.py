"""Updating the index of a generation: what changed since, in a segment of its own; what left, marked as deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from harbor_search.analysis import Analyzer
from harbor_search.article import Article
from harbor_search.engines.embedded.embedding_model import Embedder
from harbor_search.engines.embedded.segment_building import Segment, merged, write_contents
from harbor_search.engines.languages import fault_of_analyzer
from harbor_search.engines.protocol import Progress
from harbor_search.store import (
    Deleted,
    Generation,
    Generations,
    IndexFolder,
    NothingBuilt,
    OtherFormat,
    due_merges,
    hash_of,
    open_index_folder,
    remove_segment,
    write_deletions,
)

__all__ = ["Base", "Difference", "apply_difference", "open_base"]

_TELL_EVERY = 500


@dataclass(frozen=True, slots=True)
class Base:
    """The live generation and its index, to be updated."""

    generation: Generation
    index: IndexFolder


def open_base(generations: Generations, analyzer: Analyzer, embedder: Embedder) -> tuple[Base | None, str]:
    """The live generation where articles analysed by `analyzer` can be added to it, else why they cannot.

    Raises:
        OperationalError: it is damaged; an update would hand that on.
    """
    try:
        with generations.pin_live() as pin:
            pin.generation.require_sound()
            index = open_index_folder(pin.path)
            generation = pin.generation
            lacks = embedder.lacks(pin.path)
    except NothingBuilt:
        return None, "there was no index yet"
    except OtherFormat as error:
        return None, str(error)
    if analyzer_fault := fault_of_analyzer(index.analyzer, index.fingerprint, analyzer):
        return None, analyzer_fault
    return (None, lacks) if lacks else (Base(generation, index), "")


class Difference:
    """What a stream of articles has that an index has not, and the other way round.

    Take all of `fresh`, then call `vanish` or `remove`.
    """

    def __init__(self, index: IndexFolder) -> None:
        self.added = self.changed = self.removed = 0
        self.kept: list[str] = []
        self._segments = index.segments
        self.gone: list[Deleted] = [
            np.zeros(each.count, np.bool_) if each.deleted is None else each.deleted.copy() for each in index.segments
        ]
        self._seen = [gone.copy() for gone in self.gone]
        self._new: set[str] = set()

    @property
    def any(self) -> bool:
        """Whether there is any difference."""
        return bool(self.added or self.changed or self.removed)

    def fresh(self, articles: Iterable[Article], progress: Progress) -> Iterator[Article]:
        """Those of `articles` that the index has not, or not so; the old versions of these are gone.

        Raises:
            ValueError: two articles have one id.
        """
        for number, article in enumerate(articles, 1):
            place = self._place(article.id)
            if article.id in self._new or (place is not None and self._seen[place[0]][place[1]]):
                raise ValueError(f"two articles have the id {article.id!r}")
            if place is None:
                self._new.add(article.id)
                self.added += 1
                yield article
            elif not self._has(place, article):
                self.changed += 1
                yield article
            if number % _TELL_EVERY == 0:
                progress("index", number, None)

    def vanish(self, keeps: Callable[[Article], bool] | None) -> None:
        """Let go what was not in the stream, but for articles that are to be kept (None: none are)."""
        for segment, gone, seen in zip(self._segments, self.gone, self._seen, strict=True):
            for document in np.nonzero(~seen)[0].tolist():
                if keeps and keeps(article := segment.article(document)):
                    self.kept.append(article.id)
                else:
                    gone[document] = True
                    self.removed += 1

    def remove(self, ids: Set[str]) -> None:
        """Let go the articles with these ids, and no others that were not in the stream."""
        for article_id in ids:
            place = self._place(article_id)
            if place is not None and not self._seen[place[0]][place[1]]:
                self.gone[place[0]][place[1]] = self._seen[place[0]][place[1]] = True
                self.removed += 1

    def _has(self, place: tuple[int, int], article: Article) -> bool:
        at, document = place
        self._seen[at][document] = True
        same = self._segments[at].content_hash(document) == hash_of(article)
        self.gone[at][document] = not same
        return same

    def _place(self, article_id: str) -> tuple[int, int] | None:
        wanted = article_id.encode()
        for at, segment in enumerate(self._segments):
            document = segment.find(wanted)
            if document is not None:
                return at, document
        return None


def apply_difference(
    folder: Path,
    index: IndexFolder,
    gone: list[Deleted],
    new: list[Segment],
    analyzer: Analyzer,
    near_duplicates: float,
    progress: Progress,
) -> list[Segment]:
    """Make of the index in `folder`, as it was opened as `index`, the one with `new` segments and without what is gone.

    Segments are merged where that pays. Files that `folder` shares with the live generation are replaced or removed,
    never changed. Returns the segments of the new index: at least one, if only of articles that are gone.
    """
    emptied = not new and all(deleted.all() for deleted in gone)
    segments: list[Segment] = []
    for reader, deleted in zip(index.segments, gone, strict=True):
        left = reader.count - int(deleted.sum())
        if not left and (segments or not emptied):
            remove_segment(folder, reader.name)
            continue
        if left < reader.live_count:
            write_deletions(folder, reader.name, deleted)
        segments.append(Segment(reader.name, reader.count, deleted if left < reader.count else None))
    if not emptied:
        segments = _merge(folder, [*segments, *new], progress)
    write_contents(folder, analyzer, segments, near_duplicates)
    return segments


def _merge(folder: Path, segments: list[Segment], progress: Progress) -> list[Segment]:
    merges = due_merges([(segment.count, segment.deletions) for segment in segments])
    taken = {number for merge in merges for number in merge.segments}
    made = [merged(folder, [segments[number] for number in merge.segments], progress) for merge in merges]
    return [segment for number, segment in enumerate(segments) if number not in taken] + made
