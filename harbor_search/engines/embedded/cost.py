"""What a query will cost, told before any of it is done: from the lengths of the posting lists it needs."""

from __future__ import annotations

from harbor_search.engines.embedded.snapshot import Snapshot
from harbor_search.query import (
    Boolean,
    Boosted,
    DisMax,
    Everything,
    Fuzzy,
    Node,
    Nothing,
    Phrase,
    Piece,
    PlainQuery,
    Prefix,
    Query,
    Term,
)

__all__ = ["Cost"]

POSITIONS = 4
"""A posting of a phrase counts so often: its positions are decoded and compared."""

EXPANSION = 50
"""What one word of an expanded one counts besides its postings: it is looked up, decoded and merged."""

KEPT = 20_000
"""Words whose lengths are remembered, a few megabytes."""


class Cost:
    """The cost of queries on one snapshot, in postings. Threads may share it.

    An estimate: a list counts whole although kernels skip much of it, and a word counts by its list in the body, which
    all but the rarest have most of their postings in.
    """

    def __init__(self, snapshot: Snapshot, expansions: int) -> None:
        self._snapshot = snapshot
        self._expansions = expansions
        # No lru_cache on a method: a snapshot that is part of a cycle would hold its files until garbage is collected.
        self._lengths: dict[str, int] = {}
        self._pieces: dict[Piece, int] = {}

    def __call__(self, query: Query) -> int:
        """About how many postings `query` reads."""
        if isinstance(query, PlainQuery):
            try:
                return sum(map(self._pieces.__getitem__, query.pieces))
            except KeyError:
                return self._of_pieces(query)
        return self._of(query)

    def _of_pieces(self, query: PlainQuery) -> int:
        if len(self._pieces) >= KEPT:
            self._pieces.clear()
        costs = {piece: self._of(piece.node) for piece in query.pieces}
        self._pieces.update(costs)
        return sum(costs[piece] for piece in query.pieces)

    def _of(self, node: Node) -> int:
        if isinstance(node, Term):
            return self._words(node.text)
        if isinstance(node, Phrase):
            return POSITIONS * self._words(node.text)
        if isinstance(node, Prefix | Fuzzy):
            # Which words it stands for is found by work that this is to be known before.
            return self._expansions * EXPANSION + self._snapshot.count
        if isinstance(node, Boolean):
            return sum(map(self._of, (*node.must, *node.should, *node.must_not)))
        if isinstance(node, Boosted):
            return self._of(node.node)
        if isinstance(node, DisMax):
            return sum(map(self._of, node.nodes))
        return 0 if isinstance(node, Nothing) else self._snapshot.count // (8 if isinstance(node, Everything) else 1)

    def _words(self, text: str) -> int:
        """How long the lists of the words of `text` are together."""
        known = self._lengths.get(text)
        if known is None:
            if len(self._lengths) >= KEPT:
                self._lengths.clear()
            known = self._lengths[text] = self._length(text)
        return known

    def _length(self, text: str) -> int:
        found = 0
        for token in self._snapshot.analyzer.analyze(text):
            for segment in self._snapshot.segments:
                entry = segment.fields["body"].dictionary.find(token.text.encode("utf-8", "replace"))
                found += entry.df if entry else 0
        return found
