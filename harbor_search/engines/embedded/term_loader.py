"""Leaves to posting lists in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harbor_search.engines.clauses import Leaf, Phrase, Term
from harbor_search.engines.embedded.clause_needs import Needs, lists_of, terms_of
from harbor_search.engines.embedded.snapshot import Snapshot
from harbor_search.engines.embedded.term_expansion import Expansion
from harbor_search.engines.embedded.term_postings import Source, Sources, TermPostings, size_of
from harbor_search.query import Piece
from harbor_search.ranking import (
    BARE,
    MUST,
    MUST_NOT,
    NOT_LOADED,
    STOPS,
    SUBJECT,
    Ranker,
    add_folded,
    add_merged,
    idf,
    make_clause,
    new_table,
    set_arrays,
)

__all__ = ["CacheUse", "Operand", "TermLoader"]

Int32s = npt.NDArray[np.int32]

Operand = int | tuple[int, ...]
"""What a leaf is in a plan: the number of its list, -1 where nothing matches; a phrase as `ranking.Plan` has it."""

_NOTHING = -1

_MOST_KNOWN = 65_536
"""Leaves and pieces of queries remembered; each is some hundred bytes."""

_KINDS = {"": BARE, "+": MUST, "-": MUST_NOT}


_KEPT, _KEPT_SHARE = 512, 32
"""The temporary lists of a search are kept for when it is made again where they have so many postings together, and one
more for so many documents: phrases and synonyms of most have less, and making them takes longer than using them ..."""

_LONG_SHARE = 4
"""... Longer ones are kept as long as they fill no more than one part in so many of the room together."""


class CacheUse(NamedTuple):
    """Postings in memory and those that fit, lists read into it so far, and how often it was emptied to make room."""

    postings: int
    room: int
    read: int
    emptied: int


class TermLoader:
    """The posting lists of a snapshot that were used so far, in memory. Not for several threads at once.

    `postings` knows where words stand. `clauses` has what the pieces of plain queries are to the ranker, where their
    lists are in memory or they are stop words, which most queries leave out. `emptied` is how often all lists were
    forgotten to make room, and `forgotten` how often any were.
    """

    def __init__(self, snapshot: Snapshot, *, cache_bytes: int, expansions: int) -> None:
        self._snapshot = snapshot
        self.postings = TermPostings(snapshot, expansions)
        norms = [snapshot.norms[name] for name in self.postings.fields(None)]
        self._norms = new_table(len(norms))
        set_arrays(self._norms, 0, norms)
        # Half for ranking (8 bytes a posting, half as much for columns and for bitmaps), the rest for phrases: 4
        # bytes a position and 12 a posting, of which there may be as many.
        self.ranker = Ranker(
            snapshot.ranks,
            snapshot.order,
            norms,
            snapshot.model.k1,
            postings=cache_bytes // 2 // 16,
            positions=cache_bytes // 2 // 16,
        )
        self.clauses: dict[Piece, bytes] = {}
        self._cache = self.ranker.cache
        self._numbers: dict[Leaf, int] = {}
        self._positioned: set[Term] = set()
        self._scratch = np.zeros(snapshot.count, np.float32)
        self._mark = self._cache.mark()
        self._read = 0
        self._nothings = 0
        self._long = 0  # postings of long temporary lists that stay
        self.emptied = 0
        self.forgotten = 0

    @property
    def use(self) -> CacheUse:
        """How the memory for posting lists is used."""
        return CacheUse(self._cache.used, self._cache.lists.documents.size, self._read, self.emptied)

    def load(self, needs: Needs) -> dict[Leaf, Operand]:
        """Have all that is needed in memory; what each leaf is in a plan. Temporary lists stay until `settle`, at
        least.

        Raises:
            OperationalError: a list is damaged.
        """
        self._forget_nothings()
        wanted, positioned, temporaries = needs.lists, needs.positioned, needs.temporaries
        missing = {leaf: self.postings.sources_of(leaf) for leaf in wanted if leaf not in self._numbers}
        bare = positioned - self._positioned
        if not self._cache.has_room(*self._needs(missing, bare, temporaries)):
            missing, bare = {leaf: self.postings.sources_of(leaf) for leaf in wanted}, positioned
            self._forget()
            self._cache.make_room(*self._needs(missing, bare, temporaries))
            self._nothings = self._long = 0
            self.emptied += 1
            self.forgotten += 1
        self._read += len(missing)
        for leaf, sources in missing.items():
            self._add(leaf, sources, positioned=leaf in bare)
        for term in bare - self._positioned:
            sources = self.postings.sources(term.text, term.field)
            self._add_positions(term, sources, [each.reader.postings(each.entry, each.base) for each in sources])
        self._mark = self._cache.mark()
        operands: dict[Leaf, Operand] = {leaf: self._numbers[leaf] for leaf in wanted}
        operands |= {leaf: self._operand(leaf) for leaf in needs.leaves if isinstance(leaf, Phrase)}
        return operands

    def settle(self) -> bool:
        """Keep the temporary lists that were added since `load` where all are short, or there is room to spare, else
        forget them; whether they are kept."""
        added = self._cache.mark()
        size = added[0] - self._mark[0]
        long = size > self._snapshot.count // _KEPT_SHARE + _KEPT
        kept = not long or self._long + size <= self._cache.lists.documents.size // _LONG_SHARE
        if kept:
            self._mark = added
            self._long += size if long else 0
        else:
            self._cache.release(self._mark)
        return kept

    def reopen(self, temporaries: int) -> bool:
        """Begin to add temporary lists again, as after `load`; whether there is room for so many."""
        self._mark = self._cache.mark()
        return self._cache.has_room(temporaries, temporaries * self._snapshot.count)

    def has_temporaries(self) -> bool:
        """Whether lists were added since `load`, which `settle` may forget."""
        return self._cache.mark() != self._mark

    def remember(self, pieces: Iterable[tuple[Piece, Leaf]]) -> None:
        """Note what pieces of plain queries are to the ranker, if their lists are in memory or they can be left out."""
        for piece, leaf in pieces:
            loaded = all(each in self._numbers for each in lists_of(leaf))
            if loaded or piece.stops:
                if piece not in self.clauses and len(self.clauses) >= _MOST_KNOWN:
                    self.clauses.clear()
                kind = _KINDS[piece.sign] | (STOPS if piece.stops else 0) | (SUBJECT if piece.subject else 0)
                self.clauses[piece] = make_clause(kind, self._operand(leaf) if loaded else NOT_LOADED)

    def _forget_nothings(self) -> None:
        """Words that no article has take no room in the cache, which is never full of them."""
        if self._nothings > _MOST_KNOWN:
            self._numbers = {leaf: number for leaf, number in self._numbers.items() if number != _NOTHING}
            self._positioned &= self._numbers.keys()
            self._nothings = 0
            self.forgotten += 1

    def _operand(self, leaf: Leaf) -> Operand:
        if not isinstance(leaf, Phrase):
            return self._numbers[leaf]
        numbers = [self._numbers[term] for term in terms_of(leaf)]
        return _NOTHING if _NOTHING in numbers else (len(numbers), leaf.slop, *numbers, *leaf.offsets)

    def weights(self, leaves: Iterable[Leaf]) -> list[float]:
        """The inverse document frequencies of loaded leaves, of phrases the sums of their words'; 0 for nothing."""
        return list(map(self._weight, leaves))

    def _weight(self, leaf: Leaf) -> float:
        numbers = [self._numbers[each] for each in lists_of(leaf)]
        return 0.0 if _NOTHING in numbers else float(sum(self._cache.lists.weights[number] for number in numbers))

    def _forget(self) -> None:
        self.clauses.clear()
        self._numbers.clear()
        self._positioned.clear()

    def _needs(
        self, missing: Mapping[Leaf, Sources], bare: Iterable[Term], temporaries: int
    ) -> tuple[int, int, int, int]:
        """Lists, postings, positions and entries for positions that have to fit into the cache, at most."""
        count = self._snapshot.count
        postings = sum(min(count, size_of(sources)) for sources in missing.values())
        positions, firsts = 0, 0
        for term in bare:
            sources = self.postings.sources(term.text, term.field)
            positions += sum(each.entry.cf for each in sources)
            firsts += len({each.field for each in sources}) * (min(count, size_of(sources)) + 1)
        return len(missing) + temporaries, postings + temporaries * count, positions, firsts

    def _add(self, leaf: Leaf, sources: Sources, *, positioned: bool) -> None:
        """Add the list of a leaf, made of some sources, to the cache, where that is not empty; with positions where it
        is to be `positioned`."""
        number, df = _NOTHING, 0
        postings: list[tuple[Int32s, Int32s]] = []
        k1, norms = self._snapshot.model.k1, self._snapshot.norms
        if isinstance(sources, Expansion):
            number, df = add_merged(self._cache, sources.postings(), self._norms, k1, self._scratch)
        elif sources:
            read = self.postings.component
            components = [each if isinstance(each, tuple) else read(each, norms) for each in sources]
            number, df = add_folded(self._cache, components, k1, self._scratch)
            postings = [(documents, frequencies) for documents, frequencies, _ in components]
        if df:
            self._cache.reweigh(number, idf(self._snapshot.articles, df))
        self._numbers[leaf] = number
        self._nothings += number == _NOTHING
        if positioned and isinstance(leaf, Term):
            self._add_positions(leaf, self.postings.sources(leaf.text, leaf.field), postings)

    def _add_positions(self, term: Term, sources: Sequence[Source], postings: Sequence[tuple[Int32s, Int32s]]) -> None:
        """Give the list of a term the positions of its postings, which are those of its sources, field by field."""
        by_field: dict[str, list[tuple[Int32s, Int32s, Int32s]]] = {}
        for source, (documents, frequencies) in zip(sources, postings, strict=True):
            positions = source.reader.positions(source.entry, frequencies)
            by_field.setdefault(source.field, []).append((documents, frequencies, positions))
        for name, lists in by_field.items():
            parts = lists[0] if len(lists) == 1 else [np.concatenate(arrays) for arrays in zip(*lists, strict=True)]
            self._cache.add_positions(self._numbers[term], self.postings.field_number(name), *parts)
        self._positioned.add(term)
