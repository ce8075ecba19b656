"""Leaves to posting lists in memory."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harbor_search.engines.embedded.leaves import Leaf, Similar, StartsWith, Word, Words
from harbor_search.engines.embedded.snapshot import Snapshot
from harbor_search.query import Node
from harbor_search.ranking import Component, Ranker, add_folded, idf
from harbor_search.store import FieldReader, TermEntry, similar_terms

__all__ = ["Operand", "Terms"]

Int32s = npt.NDArray[np.int32]

Operand = int | tuple[int, ...]
"""What a leaf is in a plan: the number of its list, -1 where nothing matches; a phrase as `ranking.Plan` has it."""

_NOTHING = -1

_MOST_KNOWN = 65_536
"""Leaves of queries remembered; each is some hundred bytes."""


@dataclass(frozen=True, slots=True)
class _Source:
    """A term's list in one field of one segment."""

    reader: FieldReader
    field: str
    base: int
    entry: TermEntry


class Terms:
    """The posting lists of a snapshot that were used so far, in memory. Not for several threads at once.

    `known` has what query nodes are in a plan, for those whose lists are in memory.
    """

    def __init__(self, snapshot: Snapshot, *, cache_bytes: int, expansions: int) -> None:
        self._snapshot = snapshot
        self._expansions = expansions
        # Half for ranking (8 bytes a posting, half as much for columns and for bitmaps), the rest for phrases: 4
        # bytes a position and 12 a posting, of which there may be as many.
        self.ranker = Ranker(
            snapshot.ranks,
            snapshot.order,
            [snapshot.norms[name] for name, _ in snapshot.model.fields],
            snapshot.model.k1,
            postings=cache_bytes // 2 // 16,
            positions=cache_bytes // 2 // 16,
        )
        self.known: dict[Node, Operand] = {}
        self._arena = self.ranker.arena
        self._numbers: dict[Leaf, int] = {}
        self._positioned: set[Word] = set()
        self._sources: dict[tuple[bytes, str | None], list[_Source]] = {}
        self._scratch = np.zeros(snapshot.count, np.float32)
        self._mark = self._arena.mark()

    def load(self, leaves: Sequence[Leaf], temporaries: int) -> None:
        """Have the lists of all `leaves` in memory, with room for so many temporary lists of all documents besides.

        Temporary lists stay until `release`.
        """
        self._forget_nothings()
        wanted = dict.fromkeys(each for leaf in leaves for each in _lists_of(leaf))
        positioned = {each for leaf in leaves if isinstance(leaf, Words) for each in words_of(leaf)}
        missing = {leaf: self._sources_of(leaf) for leaf in wanted if leaf not in self._numbers}
        bare = positioned - self._positioned
        if not self._arena.has_room(*self._needs(missing, bare, temporaries)):
            missing, bare = {leaf: self._sources_of(leaf) for leaf in wanted}, positioned
            self._forget()
            self._arena.make_room(*self._needs(missing, bare, temporaries))
        for leaf, sources in missing.items():
            self._numbers[leaf] = self._fold(sources)
        for word in bare:
            self._add_positions(word)
        self._mark = self._arena.mark()

    def release(self) -> None:
        """Forget the temporary lists that were added since `load`."""
        self._arena.release(self._mark)

    def remember(self, node: Node, leaf: Leaf) -> None:
        """Note what a query's leaf is in plans, if its lists are in memory."""
        if all(each in self._numbers for each in _lists_of(leaf)):
            if len(self.known) >= _MOST_KNOWN:
                self.known.clear()
            self.known[node] = self.operand(leaf)

    def _forget_nothings(self) -> None:
        """Words that no article has take no room in the arena, which is never full of them."""
        if len(self._numbers) > _MOST_KNOWN:
            self._numbers = {leaf: number for leaf, number in self._numbers.items() if number != _NOTHING}
            self._positioned &= self._numbers.keys()

    def operand(self, leaf: Leaf) -> Operand:
        """What a leaf that was loaded is in a plan."""
        if not isinstance(leaf, Words):
            return self._numbers[leaf]
        numbers = [self._numbers[word] for word in words_of(leaf)]
        return _NOTHING if _NOTHING in numbers else (len(numbers), leaf.slop, *numbers, *leaf.offsets)

    def weight(self, leaf: Leaf) -> float:
        """The inverse document frequency of a loaded leaf, of a phrase the sum of its words'; 0 for nothing."""
        numbers = [self._numbers[each] for each in _lists_of(leaf)]
        return 0.0 if _NOTHING in numbers else float(sum(self._arena.lists.weights[number] for number in numbers))

    def _forget(self) -> None:
        self.known.clear()
        self._numbers.clear()
        self._positioned.clear()

    def fields(self, field: str | None) -> tuple[str, ...]:
        """The fields that a leaf looks in."""
        return (field,) if field else tuple(name for name, _ in self._snapshot.model.fields)

    def sources(self, term: bytes, field: str | None) -> list[tuple[str, int, FieldReader, TermEntry]]:
        """Where a term is: (field, first document of the segment, the segment's field, entry)."""
        return [(each.field, each.base, each.reader, each.entry) for each in self._lookup(term, field)]

    def expand(self, leaf: StartsWith | Similar) -> list[bytes]:
        """The terms that a leaf stands for, the most frequent (of the most similar) of them where they are too many."""
        counts: dict[bytes, tuple[int, int]] = {}
        for field in self.fields(leaf.field):
            for segment in self._snapshot.segments:
                for term, distance, entry in self._candidates(leaf, segment.fields[field]):
                    df = segment.fields[field].live_df(entry)
                    if df:
                        counts[term] = (-distance, counts.get(term, (0, 0))[1] + df)
        best = heapq.nlargest(self._expansions, counts, key=lambda term: (counts[term], term))
        if isinstance(leaf, StartsWith) and leaf.term and leaf.term not in best:
            best.append(leaf.term)
        return best

    def _candidates(self, leaf: StartsWith | Similar, reader: FieldReader) -> Iterable[tuple[bytes, int, TermEntry]]:
        if isinstance(leaf, Similar):
            yield from similar_terms(reader.dictionary, leaf.term, leaf.distance)
            return
        for term, entry in reader.dictionary.starting_at(leaf.prefix):
            if not term.startswith(leaf.prefix):
                return
            yield term, 0, entry

    def _needs(
        self, missing: Mapping[Leaf, list[_Source]], bare: Iterable[Word], temporaries: int
    ) -> tuple[int, int, int, int]:
        """Lists, postings, positions and entries for positions that have to fit into the arena, at most."""
        count = self._snapshot.count
        postings = sum(min(count, sum(each.entry.df for each in sources)) for sources in missing.values())
        positions, firsts = 0, 0
        for word in bare:
            sources = self._sources_of(word)
            positions += sum(each.entry.cf for each in sources)
            size = min(count, sum(each.entry.df for each in sources))
            firsts += len({each.field for each in sources}) * (size + 1)
        return len(missing) + temporaries, postings + temporaries * count, positions, firsts

    def _sources_of(self, leaf: Leaf) -> list[_Source]:
        if isinstance(leaf, Word):
            return self._lookup(leaf.term, leaf.field)
        assert not isinstance(leaf, Words)
        return [source for term in self.expand(leaf) for source in self._lookup(term, leaf.field)]

    def _lookup(self, term: bytes, field: str | None) -> list[_Source]:
        known = self._sources.get((term, field))
        if known is None:
            if len(self._sources) > 100_000:
                self._sources.clear()
            known = [
                _Source(segment.fields[name], name, base, entry)
                for name in self.fields(field)
                for base, segment in zip(self._snapshot.bases, self._snapshot.segments, strict=True)
                if (entry := segment.fields[name].find(term)) is not None
            ]
            self._sources[term, field] = known
        return known

    def _fold(self, sources: list[_Source]) -> int:
        """Add the list of some sources to the arena; its number, -1 where it is empty."""
        components: list[Component] = []
        for each in sources:
            documents, frequencies = each.reader.postings(each.entry, each.base)
            components.append((documents, frequencies, self._snapshot.norms[each.field]))
        if not components:
            return _NOTHING
        number, df = add_folded(self._arena, components, self._snapshot.model.k1, self._scratch)
        self._arena.reweigh(number, idf(self._snapshot.articles, df))
        return number

    def _add_positions(self, word: Word) -> None:
        """Give the list of a word the positions of its postings, field by field."""
        for number, name in enumerate(self.fields(None)):
            sources = [each for each in self._sources_of(word) if each.field == name]
            if sources:
                lists = [_with_positions(each) for each in sources]
                parts = (np.concatenate(arrays) for arrays in zip(*lists, strict=True))
                self._arena.add_positions(self._numbers[word], number, *parts)
        self._positioned.add(word)


def words_of(phrase: Words) -> list[Word]:
    """The words of a phrase, each for itself."""
    return [Word(term, phrase.field) for term in phrase.terms]


def _lists_of(leaf: Leaf) -> list[Leaf]:
    """The leaves that have lists of their own."""
    return [*words_of(leaf)] if isinstance(leaf, Words) else [leaf]


def _with_positions(source: _Source) -> tuple[Int32s, Int32s, Int32s]:
    documents, frequencies = source.reader.postings(source.entry, source.base)
    return documents, frequencies, source.reader.positions(source.entry, frequencies)
