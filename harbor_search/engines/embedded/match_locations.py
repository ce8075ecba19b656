"""Where the words of a query stand in a document, from stored positions and character ranges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harbor_search.analysis import tokenize
from harbor_search.engines.analysed_query import Clause, Fuzzy, Leaf, Phrase, Prefix, Spellings, leaves
from harbor_search.engines.embedded.snapshot import Snapshot
from harbor_search.engines.embedded.term_loader import TermLoader
from harbor_search.ranking import phrase_places
from harbor_search.snippets import Occurrence

__all__ = ["MatchLocator"]

Int32s = npt.NDArray[np.int32]

_INDEX_FIELDS = {"title": "title", "headings": "heading", "body": "body"}
"""Fields whose character ranges are stored, and what snippets call them."""


@dataclass(frozen=True, slots=True)
class _QueryLeaf:
    """A leaf of the query, its number there, and what it weighs."""

    leaf: Leaf
    number: int
    weight: float


class MatchLocator:
    """Finds the words of one query, prepared once and used for each document of a page."""

    def __init__(
        self, snapshot: Snapshot, terms: TermLoader, clause: Clause | None, weights: dict[Leaf, float]
    ) -> None:
        self._snapshot = snapshot
        self._terms = terms
        distinct = list(dict.fromkeys(leaves(clause)))
        self._leaves = [_QueryLeaf(leaf, i, weights[leaf]) for i, leaf in enumerate(distinct)]

    def occurrences(self, document: int, most: int) -> tuple[Occurrence, ...]:
        """The occurrences in a document in the order of its text, at most `most` of each word in each field."""
        found = [
            occurrence
            for field, name in _INDEX_FIELDS.items()
            for occurrence in self._in_field(document, field, name, most)
        ]
        found += self._in_names(document, most)
        order = {"title": 0, "heading": 1, "body": 2, "names": 3}
        return tuple(sorted(found, key=lambda each: (order[each.field], each.section, each.start, each.leaf)))

    def _in_field(self, document: int, field: str, name: str, most: int) -> Iterator[Occurrence]:
        segment, local = self._snapshot.locate(document)
        places = None
        for each in self._leaves:
            # The lead has no ranges of its own, but its words stand in the body as well.
            if each.leaf.field not in (None, field) and (each.leaf.field, field) != ("lead", "body"):
                continue
            positions = self._positions(each.leaf, document - local, field, local, most)
            if not positions.size:
                continue
            places = places or segment.places(local, field)
            for text, start, end in zip(*(array.tolist() for array in places.of(positions)), strict=True):
                yield Occurrence(name, text if field != "title" else -1, start, end, each.number, each.weight)

    def _in_names(self, document: int, most: int) -> Iterator[Occurrence]:
        """Occurrences in the article's names, whose character ranges are those of its tokens: they are few."""
        _, local = self._snapshot.locate(document)
        tokens: list[tuple[int, int, int]] = []
        for each in self._leaves:
            if each.leaf.field not in (None, "names"):
                continue
            positions = self._positions(each.leaf, document - local, "names", local, most)
            if positions.size and not tokens:
                tags = self._snapshot.article(document).tags
                tokens = [(i, token.start, token.end) for i, tag in enumerate(tags) for token in tokenize(tag)]
            for position in positions.tolist():
                name, start, end = tokens[position]
                yield Occurrence("names", name, start, end, each.number, each.weight)

    def _positions(self, leaf: Leaf, base: int, field: str, local: int, most: int) -> Int32s:
        if isinstance(leaf, Spellings):
            found = [self._positions(each, base, field, local, most) for each in (leaf.asked, *leaf.others)]
            return np.unique(np.concatenate(found))
        if isinstance(leaf, Phrase):
            found = [self._term_positions(term, base, field, local, most) for term in leaf.terms]
            if not all(positions.size for positions in found):
                return np.empty(0, np.int32)
            places = phrase_places(found, list(leaf.offsets), leaf.slop)
            return np.unique(places).astype(np.int32)
        if isinstance(leaf, Prefix | Fuzzy):
            if leaf.field in (None, field):
                expansion = self._terms.expand(leaf)
                return np.unique(expansion.positions(self._terms.field_number(field), base, local, most))
            terms = self._terms.expand(leaf).terms
            found = [self._term_positions(term, base, field, local, most) for term in terms]
            return np.unique(np.concatenate(found)) if found else np.empty(0, np.int32)
        return self._term_positions(leaf.text, base, field, local, most)

    def _term_positions(self, term: bytes, base: int, field: str, local: int, most: int) -> Int32s:
        for _, first, reader, entry in self._terms.sources(term, field):
            if first == base:
                return reader.positions_in(entry, local, most)
        return np.empty(0, np.int32)
