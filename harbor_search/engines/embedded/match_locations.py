"""Where the words of a query stand in a document, from stored positions and character ranges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harbor_search.engines.embedded.analysed_query import Clause, Fuzzy, Leaf, Phrase, Prefix, Term, leaves
from harbor_search.engines.embedded.snapshot import Snapshot
from harbor_search.engines.embedded.term_loader import TermLoader
from harbor_search.ranking import phrase_places
from harbor_search.snippets import Occurrence

__all__ = ["MatchLocator"]

Int32s = npt.NDArray[np.int32]

_INDEX_FIELDS = {"title": "title", "headings": "heading", "body": "body"}


@dataclass(frozen=True, slots=True)
class _QueryLeaf:
    """A leaf of the query, its number there, what it weighs, and the terms that it stands for."""

    leaf: Leaf
    number: int
    weight: float
    terms: tuple[bytes, ...]


class MatchLocator:
    """Finds the words of one query, prepared once and used for each document of a page."""

    def __init__(
        self, snapshot: Snapshot, terms: TermLoader, clause: Clause | None, weights: dict[Leaf, float]
    ) -> None:
        self._snapshot = snapshot
        self._terms = terms
        distinct = list(dict.fromkeys(leaves(clause)))
        self._leaves = [_QueryLeaf(leaf, i, weights[leaf], self._words(leaf)) for i, leaf in enumerate(distinct)]

    def occurrences(self, document: int, most: int) -> tuple[Occurrence, ...]:
        """The occurrences in a document in the order of its text, at most `most` of each word in each field."""
        found = [
            occurrence
            for field, name in _INDEX_FIELDS.items()
            for occurrence in self._in_field(document, field, name, most)
        ]
        order = {"title": 0, "heading": 1, "body": 2}
        return tuple(sorted(found, key=lambda each: (order[each.field], each.section, each.start, each.leaf)))

    def _in_field(self, document: int, field: str, name: str, most: int) -> Iterator[Occurrence]:
        segment, local = self._snapshot.locate(document)
        places = None
        for each in self._leaves:
            # The lead has no ranges of its own, but its words stand in the body as well.
            if each.leaf.field not in (None, field) and (each.leaf.field, field) != ("lead", "body"):
                continue
            positions = self._positions(each, document - local, field, local, most)
            if not positions.size:
                continue
            places = places or segment.places(local, field)
            for text, start, end in zip(*(array.tolist() for array in places.of(positions)), strict=True):
                yield Occurrence(name, text if field != "title" else -1, start, end, each.number, each.weight)

    def _positions(self, each: _QueryLeaf, base: int, field: str, local: int, most: int) -> Int32s:
        leaf = each.leaf
        if isinstance(leaf, Prefix | Fuzzy) and leaf.field in (None, field):
            expansion = self._terms.expand(leaf)
            return np.unique(expansion.positions(self._terms.field_number(field), base, local, most))
        found = [self._term_positions(term, base, field, local, most) for term in each.terms]
        if isinstance(leaf, Phrase):
            if not all(positions.size for positions in found):
                return np.empty(0, np.int32)
            places = phrase_places(found, list(leaf.offsets), leaf.slop)
            return np.unique(places).astype(np.int32)
        return np.unique(np.concatenate(found)) if len(found) > 1 else found[0]

    def _term_positions(self, term: bytes, base: int, field: str, local: int, most: int) -> Int32s:
        for _, first, reader, entry in self._terms.sources(term, field):
            if first == base:
                return reader.positions_in(entry, local, most)
        return np.empty(0, np.int32)

    def _words(self, leaf: Leaf) -> tuple[bytes, ...]:
        if isinstance(leaf, Term):
            return (leaf.text,)
        if isinstance(leaf, Phrase):
            return leaf.terms
        return self._terms.expand(leaf).terms or (b"",)
