"""A page of hits: what is shown of documents, from display columns and the passages that a kernel chooses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from struct import Struct
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harbor_search.analysis.character_properties import character_properties, learn
from harbor_search.article import Article, Section
from harbor_search.engines.embedded.match_locations import MatchLocator, QueryLeaves
from harbor_search.engines.embedded.page_kernel import (
    HIT_WIDTH,
    MOST_TITLE_RANGES,
    ROW_WIDTH,
    TITLE_WIDTH,
    UNKNOWN,
    show_hits,
)
from harbor_search.engines.embedded.snapshot import Snapshot
from harbor_search.engines.protocol import Criteria
from harbor_search.errors import OperationalError
from harbor_search.results import Hit, Range, Snippet
from harbor_search.snippets import best_snippets, names_snippet
from harbor_search.store import Block, DecodedBlocks, Display, SegmentReader

__all__ = ["PageMaker"]

_MOST_IN_HIT = 200
"""Occurrences of a term looked at to choose a hit's passages."""

_MOST_KNOWN = 8_192
"""Documents of which it is remembered what is shown of them, some megabytes: readers see the same ones again."""

_RANGE = Struct("=ii")

Int64s = npt.NDArray[np.int64]


class _Known(NamedTuple):
    """What a hit shows of a document, and how many near-duplicates and words it has."""

    display: Display
    similar: int
    words: int


class _Placed(NamedTuple):
    """Of a document its segment, the number of the block there that has its record, and its row for the kernel."""

    segment: SegmentReader
    block: int
    row: tuple[int, ...]


class PageMaker:
    """Makes the hits of pages from the documents of a snapshot. Threads may share it."""

    def __init__(self, snapshot: Snapshot, locator: MatchLocator, blocks: DecodedBlocks) -> None:
        """`blocks` keeps articles that were uncompressed."""
        self._snapshot, self._locator, self._blocks = snapshot, locator, blocks
        self._known: dict[int, _Known] = {}
        self._placed: dict[int, _Placed] = {}

    def bare(self, documents: Sequence[int], scores: Sequence[float]) -> tuple[Hit, ...]:
        """Hits without marks and snippets."""
        found = zip(map(self._look_up, documents), scores, strict=True)
        return tuple([_hit(known, score, (), ()) for known, score in found])

    def shown(
        self,
        documents: Sequence[int],
        scores: Sequence[float],
        query: QueryLeaves,
        criteria: Criteria,
        sections: Mapping[int, int],
    ) -> tuple[Hit, ...]:
        """Hits with what is marked in their titles and their snippets; of those among `sections`, which have no word of
        the query, passages of the section with that number.

        Raises:
            OperationalError: a file is damaged.
        """
        if not len(documents):
            return ()
        every = list(map(self._look_up, documents))
        rows, blocks = self._rows(documents)
        named = np.zeros((len(blocks), query.weights.size), np.bool_)
        shown = _show(self._locator, rows, blocks, query, criteria, named)
        hits = []
        for document, known, score, (marks, snippets), by_name in zip(
            documents, every, scores, shown, named.tolist(), strict=True
        ):
            if document in sections:
                snippets = self._section(document, sections[document], criteria) or snippets
            if not snippets:
                snippets = self._lead(document, criteria)
            if True in by_name:
                snippets += self._names(document, query, by_name)
            hits.append(_hit(known, score, marks, snippets))
        return tuple(hits)

    def _look_up(self, document: int) -> _Known:
        known = self._known.get(document)
        if known is None:
            number, local = self._snapshot.place(document)
            segment = self._snapshot.segments[number]
            known = _Known(segment.display(local), self._snapshot.similar(document), segment.words_of(local))
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[document] = known
        return known

    def _rows(self, documents: Sequence[int]) -> tuple[Int64s, list[Block]]:
        """int64[documents, HIT_WIDTH]: where the kernel finds each document; and the blocks that have their records."""
        rows: list[int] = []
        blocks = []
        for segment, block, row in map(self._place, documents):
            blocks.append(segment.block(block, self._blocks))
            rows += row
        return np.array(rows, np.int64).reshape(-1, HIT_WIDTH), blocks

    def _place(self, document: int) -> _Placed:
        placed = self._placed.get(document)
        if placed is None:
            number, local = self._snapshot.place(document)
            segment = self._snapshot.segments[number]
            block = segment.block_of(local)
            begin, end = segment.record_in(segment.block(block, self._blocks), block, local)
            placed = _Placed(segment, block, (number, local, *segment.layout_place(local), begin, end))
            if len(self._placed) >= _MOST_KNOWN:
                self._placed.clear()
            self._placed[document] = placed
        return placed

    def _names(self, document: int, query: QueryLeaves, by_name: Sequence[bool]) -> tuple[Snippet, ...]:
        """The names with words that stand nowhere else in the article; `by_name` says of which leaves that is so."""
        segment, local = self._snapshot.locate(document)
        names = segment.names(local, self._blocks)
        found = self._locator.find_names(query, document, names, _MOST_IN_HIT)
        return names_snippet(names, [each for each in found if by_name[each.leaf]])

    def _section(self, document: int, number: int, criteria: Criteria) -> tuple[Snippet, ...]:
        """The passages with which a section of an article begins; none where it has no text."""
        body = self._snapshot.article(document).body[number : number + 1]
        return best_snippets(Article("", "", body), (), count=criteria.snippets, length=criteria.snippet_length)

    def _lead(self, document: int, criteria: Criteria) -> tuple[Snippet, ...]:
        """The lead of an article whose sections have no text."""
        lead = self._snapshot.article(document).lead
        bare = Article("", "", (Section("", "", lead),))
        return best_snippets(bare, (), count=criteria.snippets, length=criteria.snippet_length)


def _hit(known: _Known, score: float, marks: tuple[Range, ...], snippets: tuple[Snippet, ...]) -> Hit:
    own, url, title, section, published, views = known.display
    # By position: names would take a tenth of a page's time.
    return Hit(
        own, url, title, marks, section, published, views, float(score), snippets, (), (), known.similar, known.words
    )


def _show(
    locator: MatchLocator,
    places: Int64s,
    blocks: Sequence[Block],
    query: QueryLeaves,
    criteria: Criteria,
    named: npt.NDArray[np.bool_],
) -> list[tuple[tuple[Range, ...], tuple[Snippet, ...]]]:
    """For each hit what is marked in its title, and its snippets; in `named` which leaves only its names have."""
    count, length = criteria.snippets, criteria.snippet_length
    table = np.array([each for block in blocks for each in (block.address, len(block.data), 1)], np.int64)
    out = np.empty(len(blocks) * count * length, np.int32)
    ranges = np.empty((len(blocks) * (count * length + MOST_TITLE_RANGES), 2), np.int32)
    rows = np.empty((len(blocks), TITLE_WIDTH + count * ROW_WIDTH), np.int64)
    arguments = (
        places, table, locator.buffers, query.numbers, query.begins, query.owners, query.weights, _MOST_IN_HIT,
        (count, length), character_properties(), out, ranges, rows, named,
    )  # fmt: skip
    status = show_hits(*arguments)
    if status == UNKNOWN:
        for block, place in zip(blocks, places, strict=True):
            learn(block.data[place[-2] : place[-1]].decode(errors="ignore"))
        status = show_hits(*arguments)
    if status < 0:
        raise OperationalError("a stored article is damaged; roll back or rebuild the index")
    return _unpacked(out, ranges, rows, blocks)


def _unpacked(
    out: npt.NDArray[np.int32], ranges: npt.NDArray[np.int32], rows: Int64s, blocks: Sequence[Block]
) -> list[tuple[tuple[Range, ...], tuple[Snippet, ...]]]:
    listed = rows.tolist()
    characters, pairs = 0, 0
    for row in listed:
        pairs = row[0]
        if row[1]:
            characters, pairs = row[TITLE_WIDTH + row[1] * ROW_WIDTH - 2 : TITLE_WIDTH + row[1] * ROW_WIDTH]
    text = str(out[:characters].data, "utf-32-le")
    every = tuple(_RANGE.iter_unpack(ranges[:pairs].data))
    found = []
    at, pair = 0, 0
    for row, (data, _, _) in zip(listed, blocks, strict=True):
        first, pair = pair, row[0]
        marks, snippets = every[first:pair], []
        begin = -1
        for i in range(TITLE_WIDTH, TITLE_WIDTH + row[1] * ROW_WIDTH, ROW_WIDTH):
            start, middle, stop, end, last = row[i : i + ROW_WIDTH]
            if start != begin:  # most passages of an article are from one section
                begin = start
                heading, anchor = data[start:middle].decode(), data[middle:stop].decode()
            snippets.append(Snippet("body", heading, anchor, text[at:end], every[pair:last]))
            at, pair = end, last
        found.append((marks, tuple(snippets)))
    return found
