"""A page of hits: what is shown of documents, from display columns and the passages that a kernel chooses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, partial
from operator import attrgetter
from struct import Struct
from typing import NamedTuple, cast

import numpy as np
import numpy.typing as npt

from harbor_search.analysis.character_properties import character_properties, learn
from harbor_search.article import Article, Section
from harbor_search.engines.criteria import Criteria
from harbor_search.engines.embedded.match_locations import MatchLocator, QueryLeaves
from harbor_search.engines.embedded.page_kernel import MOST_TITLE_RANGES, UNKNOWN, show_hits
from harbor_search.engines.embedded.page_rows import (
    HIT_WIDTH,
    NAMED,
    PASSAGES,
    RECORD,
    RECORD_END,
    ROW_WIDTH,
    TITLE_WIDTH,
)
from harbor_search.engines.embedded.shown_hits import Described, OtherSnippets, ShownHits, Written, bare_hit, describe
from harbor_search.engines.embedded.snapshot import Snapshot
from harbor_search.engines.hits import MOST_IN_HIT
from harbor_search.errors import OperationalError
from harbor_search.results import Hit, Snippet
from harbor_search.snippets import best_snippets, names_snippet
from harbor_search.store import Block, BlockCache, SegmentReader

__all__ = ["PageMaker"]

_MOST_KNOWN = 8_192
"""Documents of which it is remembered what is shown of them, some megabytes: readers see the same ones again."""

_MOST_NAMED = 1_024
"""Documents of which the names are remembered: a kilobyte each, where a hit is found by one of dozens."""

_entry = attrgetter("entry")

_ROW = Struct(f"={HIT_WIDTH}q")

Int64s = npt.NDArray[np.int64]


class _Placed(NamedTuple):
    """What is shown of a document whatever the query; its segment, the number of the block there that has its record,
    by what that is found in the cache, and its row for the kernel (int64)."""

    described: Described
    segment: SegmentReader
    block: int
    key: tuple[int, int]
    row: bytes


class PageMaker:
    """Makes the hits of pages from the documents of a snapshot. Threads may share it."""

    def __init__(self, snapshot: Snapshot, locator: MatchLocator, blocks: BlockCache) -> None:
        """`blocks` keeps articles that were uncompressed."""
        self._snapshot, self._locator, self._blocks = snapshot, locator, blocks
        self._names_of = lru_cache(maxsize=_MOST_NAMED)(partial(_names, snapshot, blocks))
        self._described: dict[int, Described] = {}
        self._placed: dict[int, _Placed] = {}

    def bare(self, documents: Sequence[int], scores: Sequence[float]) -> tuple[Hit, ...]:
        """Hits without marks and snippets."""
        return tuple(map(bare_hit, map(self._describe, documents), scores))

    def shown(
        self,
        documents: Sequence[int],
        scores: Sequence[float],
        query: QueryLeaves,
        criteria: Criteria,
        sections: Mapping[int, int],
    ) -> Sequence[Hit]:
        """Hits with what is marked in their titles and their snippets; of those among `sections`, which have no word of
        the query, passages of the section with that number.

        Raises:
            OperationalError: a file is damaged.
        """
        if not len(documents):
            return ()
        described, rows, blocks = self._places(documents)
        named = np.zeros((len(blocks), query.weights.size), np.bool_)
        written, others = _show(self._locator, rows, blocks, query, criteria, named)
        if not others and not sections:
            return ShownHits(described, scores, written)
        shown = written.rows[:, PASSAGES : NAMED + 1].tolist()
        snippets = {
            place: self._other_snippets(document, not passages, query, named[place], criteria, sections)
            for place, (document, (passages, by_name)) in enumerate(zip(documents, shown, strict=True))
            if by_name or not passages or document in sections
        }
        return ShownHits(described, scores, written, snippets)

    def _other_snippets(
        self,
        document: int,
        bare: bool,
        query: QueryLeaves,
        named: npt.NDArray[np.bool_],
        criteria: Criteria,
        sections: Mapping[int, int],
    ) -> OtherSnippets:
        """What a hit shows besides the passages that the kernel chose, which is `bare` where it chose none; `named` are
        the leaves that only the names of the hit have."""
        instead = self._section(document, sections[document], criteria) if document in sections else ()
        if bare and not instead:
            instead = self._lead(document, criteria)
        return OtherSnippets(instead + self._names(document, query, named.tolist()), bool(instead))

    def article_id(self, document: int) -> str:
        """The id of a document's article."""
        return self._describe(document).display.id

    def _describe(self, document: int) -> Described:
        known = self._described.get(document)
        if known is None:
            number, local = self._snapshot.place(document)
            segment = self._snapshot.segments[number]
            known = describe(segment.display(local), self._snapshot.similar(document), segment.words_of(local))
            if len(self._described) >= _MOST_KNOWN:
                self._described.clear()
            self._described[document] = known
        return known

    def _places(self, documents: Sequence[int]) -> tuple[Sequence[Described], Int64s, list[Block]]:
        """What is shown of documents whatever the query; int64[documents, HIT_WIDTH]: where the kernel finds each; and
        the blocks that have their records."""
        placed = list(map(self._placed.get, documents))
        if None in placed:
            placed = [each or self._place(document) for each, document in zip(placed, documents, strict=True)]
        described, segments, numbers, keys, rows = zip(*cast(list[_Placed], placed), strict=True)
        blocks = self._blocks.find(keys)
        if None in blocks:
            found = zip(blocks, segments, numbers, strict=True)
            blocks = [block or segment.block(number, self._blocks) for block, segment, number in found]
        return described, _int64s(rows, HIT_WIDTH), cast(list[Block], blocks)

    def _place(self, document: int) -> _Placed:
        number, local = self._snapshot.place(document)
        segment = self._snapshot.segments[number]
        block = segment.block_of(local)
        begin, end = segment.record_in(segment.block(block, self._blocks), block, local)
        described = self._describe(document)
        row = _ROW.pack(number, local, *segment.layout_place(local), begin, end, *described.place)
        placed = _Placed(described, segment, block, segment.block_key(block), row)
        if len(self._placed) >= _MOST_KNOWN:
            self._placed.clear()
        self._placed[document] = placed
        return placed

    def _names(self, document: int, query: QueryLeaves, by_name: Sequence[bool]) -> tuple[Snippet, ...]:
        """The names with words that stand nowhere else in the article; `by_name` says of which leaves that is so."""
        if True not in by_name:
            return ()
        names = self._names_of(document)
        found = self._locator.find_names(query, document, names, MOST_IN_HIT)
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


def _names(snapshot: Snapshot, blocks: BlockCache, document: int) -> tuple[str, ...]:
    segment, local = snapshot.locate(document)
    return segment.names(local, blocks)


def _show(
    locator: MatchLocator,
    places: Int64s,
    blocks: Sequence[Block],
    query: QueryLeaves,
    criteria: Criteria,
    named: npt.NDArray[np.bool_],
) -> tuple[Written, int]:
    """What the kernel writes of the hits, in `named` which leaves only their names have; and how many hits have such
    leaves or no passage."""
    count, length = criteria.snippets, criteria.snippet_length
    table = _int64s(map(_entry, blocks))
    out = np.empty(len(blocks) * count * length, np.int32)
    ranges = np.empty((len(blocks) * (count * length + MOST_TITLE_RANGES), 2), np.int32)
    rows = np.empty((len(blocks), TITLE_WIDTH + count * ROW_WIDTH), np.int64)
    arguments = (
        places, table, locator.buffers, query.numbers, query.begins, query.owners, query.weights, MOST_IN_HIT,
        (count, length), character_properties(), out, ranges, rows, named,
    )  # fmt: skip
    status = show_hits(*arguments)
    if status == UNKNOWN:
        for block, place in zip(blocks, places, strict=True):
            learn(block.data[place[RECORD] : place[RECORD_END]].decode(errors="ignore"))
        status = show_hits(*arguments)
    if status < 0:
        raise OperationalError("a stored article is damaged; roll back or rebuild the index")
    return Written(places, out, ranges, rows, blocks, table), status


def _int64s(parts: Iterable[bytes], columns: int = 0) -> Int64s:
    """What some bytes have, one after the other; in rows of so many `columns`, where these are told."""
    found = np.frombuffer(bytearray().join(parts), np.int64)
    return found.reshape(-1, columns) if columns else found
