"""Leaves to posting lists in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harbor_search.engines.analysed_query import Fuzzy, Leaf, Phrase, Prefix, Spellings, Term
from harbor_search.engines.embedded.neighbours import count_places, in_both, places_of
from harbor_search.engines.embedded.snapshot import Snapshot
from harbor_search.engines.embedded.term_expansion import Expansion, Lists, expand
from harbor_search.query import Piece
from harbor_search.ranking import (
    BARE,
    MUST,
    MUST_NOT,
    NOT_LOADED,
    STOPS,
    SUBJECT,
    Component,
    Ranker,
    add_folded,
    add_merged,
    idf,
    make_clause,
    new_table,
    set_arrays,
)
from harbor_search.store import FieldReader, TermEntry

__all__ = ["CacheUse", "Needs", "Operand", "TermLoader", "needs_of"]

Int32s = npt.NDArray[np.int32]

Operand = int | tuple[int, ...]
"""What a leaf is in a plan: the number of its list, -1 where nothing matches; a phrase as `ranking.Plan` has it."""

_NOTHING = -1

_MOST_KNOWN = 65_536
"""Leaves and pieces of queries remembered; each is some hundred bytes."""

_KINDS = {"": BARE, "+": MUST, "-": MUST_NOT}


_KEPT, _KEPT_SHARE = 512, 32
"""The temporary lists of a search are kept for when it is made again where they have so many postings together, and one
more for so many documents: phrases and synonyms of most have less, and making them takes longer than using them."""

_MOST_EXPANDED = 256
"""Beginnings and misspelt words whose terms are remembered; each takes some ten kilobytes."""


@dataclass(frozen=True, slots=True)
class _Source:
    """A term's list in one field of one segment."""

    reader: FieldReader
    field: str
    base: int
    entry: TermEntry


_Sources = list[_Source] | Expansion | list[Component]


class Needs(NamedTuple):
    """What a query needs in memory: lists, those of them with positions, and room for so many temporary lists of all
    documents."""

    lists: tuple[Leaf, ...]
    positioned: frozenset[Term]
    temporaries: int


class CacheUse(NamedTuple):
    """Postings in memory and those that fit, lists read into it so far, and how often it was emptied to make room."""

    postings: int
    room: int
    read: int
    emptied: int


class TermLoader:
    """The posting lists of a snapshot that were used so far, in memory. Not for several threads at once.

    `clauses` has what the pieces of plain queries are to the ranker, where their lists are in memory or they
    are stop words, which most queries leave out. `emptied` is how often all lists were forgotten to make room, and
    `forgotten` how often any were.
    """

    def __init__(self, snapshot: Snapshot, *, cache_bytes: int, expansions: int) -> None:
        self._snapshot = snapshot
        self._expansions = expansions
        self._expanded: dict[Prefix | Fuzzy, Expansion] = {}
        self._field_numbers = {name: number for number, name in enumerate(self.fields(None))}
        norms = [snapshot.norms[name] for name in self.fields(None)]
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
        self._sources: dict[tuple[bytes, str | None], list[_Source]] = {}
        self._lessened: dict[float, Mapping[str, npt.NDArray[np.float32]]] = {1.0: snapshot.norms}
        self._scratch = np.zeros(snapshot.count, np.float32)
        self._mark = self._cache.mark()
        self._read = 0
        self._nothings = 0
        self.emptied = 0
        self.forgotten = 0

    @property
    def use(self) -> CacheUse:
        """How the memory for posting lists is used."""
        return CacheUse(self._cache.used, self._cache.lists.documents.size, self._read, self.emptied)

    def load(self, needs: Needs) -> None:
        """Have all that is needed in memory. Temporary lists stay until `settle`, at least."""
        self._forget_nothings()
        wanted, positioned, temporaries = needs
        missing = {leaf: self._sources_of(leaf) for leaf in wanted if leaf not in self._numbers}
        bare = positioned - self._positioned
        if not self._cache.has_room(*self._needs(missing, bare, temporaries)):
            missing, bare = {leaf: self._sources_of(leaf) for leaf in wanted}, positioned
            self._forget()
            self._cache.make_room(*self._needs(missing, bare, temporaries))
            self._nothings = 0
            self.emptied += 1
            self.forgotten += 1
        self._read += len(missing)
        for leaf, sources in missing.items():
            self._numbers[leaf] = number = self._fold(sources)
            self._nothings += number == _NOTHING
        for term in bare:
            self._add_positions(term)
        self._mark = self._cache.mark()

    def settle(self) -> bool:
        """Keep the temporary lists that were added since `load` where all are short, else forget them; whether they
        are kept."""
        added = self._cache.mark()
        kept = added[0] - self._mark[0] <= self._snapshot.count // _KEPT_SHARE + _KEPT
        if kept:
            self._mark = added
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

    def knows(self, piece: Piece) -> bool:
        """Whether `remember` has nothing to add: stop words may have been left out before."""
        return piece in self.clauses and not piece.stops

    def remember(self, piece: Piece, leaf: Leaf) -> None:
        """Note what a piece of a plain query is to the ranker, if its lists are in memory or it can be left out."""
        loaded = all(each in self._numbers for each in _lists_of(leaf))
        if loaded or piece.stops:
            if piece not in self.clauses and len(self.clauses) >= _MOST_KNOWN:
                self.clauses.clear()
            kind = _KINDS[piece.sign] | (STOPS if piece.stops else 0) | (SUBJECT if piece.subject else 0)
            self.clauses[piece] = make_clause(kind, self.operand(leaf) if loaded else NOT_LOADED)

    def _forget_nothings(self) -> None:
        """Words that no article has take no room in the cache, which is never full of them."""
        if self._nothings > _MOST_KNOWN:
            self._numbers = {leaf: number for leaf, number in self._numbers.items() if number != _NOTHING}
            self._positioned &= self._numbers.keys()
            self._nothings = 0
            self.forgotten += 1

    def operand(self, leaf: Leaf) -> Operand:
        """What a leaf that was loaded is in a plan."""
        if not isinstance(leaf, Phrase):
            return self._numbers[leaf]
        numbers = [self._numbers[term] for term in terms_of(leaf)]
        return _NOTHING if _NOTHING in numbers else (len(numbers), leaf.slop, *numbers, *leaf.offsets)

    def weight(self, leaf: Leaf) -> float:
        """The inverse document frequency of a loaded leaf, of a phrase the sum of its words'; 0 for nothing."""
        numbers = [self._numbers[each] for each in _lists_of(leaf)]
        return 0.0 if _NOTHING in numbers else float(sum(self._cache.lists.weights[number] for number in numbers))

    def standing(self, leaf: Leaf, document: int) -> dict[str, tuple[int, float]]:
        """By field how often a leaf stands in a document, and what that adds to the weighted frequency.

        Empty for a phrase whose words may stand apart.
        """
        found: dict[str, tuple[int, float]] = {}
        for field, documents, frequencies, norms in self._standing(leaf):
            for at in np.flatnonzero(documents == document).tolist():
                count, weight = found.get(field, (0, 0.0))
                frequency = int(frequencies[at])
                if frequency:
                    found[field] = count + frequency, weight + frequency * float(norms[document])
        return found

    def _standing(self, leaf: Leaf) -> Iterator[tuple[str, Int32s, Int32s, npt.NDArray[np.float32]]]:
        """By field the documents of a leaf, with frequencies and norms."""
        match leaf:
            case Spellings():
                for spelling, counts in leaf.weighed:
                    yield from self._standing_so(spelling, self._norms_times(counts))
            case Prefix() | Fuzzy():
                postings, start = self.expand(leaf).postings(), 0
                names = self.fields(None)
                for end, field in zip(postings.ends.tolist(), postings.fields.tolist(), strict=True):
                    name, part = names[field], slice(start, end)
                    yield name, postings.documents[part], postings.frequencies[part], self._snapshot.norms[name]
                    start = end
            case _:
                yield from self._standing_so(leaf, self._snapshot.norms)

    def _standing_so(
        self, leaf: Term | Phrase, norms: Mapping[str, npt.NDArray[np.float32]]
    ) -> Iterator[tuple[str, Int32s, Int32s, npt.NDArray[np.float32]]]:
        fields = self.fields(leaf.field) if isinstance(leaf, Term) or not leaf.slop else ()
        for name in fields:
            for documents, frequencies, norm in self._components(leaf._replace(field=name), norms):
                yield name, documents, frequencies, norm

    def _forget(self) -> None:
        self.clauses.clear()
        self._numbers.clear()
        self._positioned.clear()

    def fields(self, field: str | None) -> tuple[str, ...]:
        """The fields that a leaf looks in."""
        return (field,) if field else tuple(name for name, _ in self._snapshot.model.fields)

    def sources(self, term: bytes, field: str | None) -> list[tuple[str, int, FieldReader, TermEntry]]:
        """Where a term is: (field, first document of the segment, the segment's field, entry)."""
        sources = self._sources.get((term, field))
        if sources is None:  # a list in all fields is in memory by now, mostly
            sources = [each for each in self._lookup(term, None) if field is None or each.field == field]
        return [(each.field, each.base, each.reader, each.entry) for each in sources]

    def expand(self, leaf: Prefix | Fuzzy) -> Expansion:
        """The terms that a leaf stands for, the most frequent (of the most similar) of them where they are too many."""
        known = self._expanded.get(leaf)
        if known is None:
            if len(self._expanded) >= _MOST_EXPANDED:
                self._expanded.clear()
            lists = [
                Lists(segment.fields[name], self.field_number(name), base)
                for name in self.fields(leaf.field)
                for base, segment in zip(self._snapshot.bases, self._snapshot.segments, strict=True)
            ]
            known = self._expanded[leaf] = expand(leaf, lists, self._expansions)
        return known

    def field_number(self, name: str) -> int:
        """The place of a field among those that are searched."""
        return self._field_numbers[name]

    def _needs(
        self, missing: Mapping[Leaf, _Sources], bare: Iterable[Term], temporaries: int
    ) -> tuple[int, int, int, int]:
        """Lists, postings, positions and entries for positions that have to fit into the cache, at most."""
        count = self._snapshot.count
        postings = sum(min(count, _size(sources)) for sources in missing.values())
        positions, firsts = 0, 0
        for term in bare:
            sources = self._lookup(term.text, term.field)
            positions += sum(each.entry.cf for each in sources)
            firsts += len({each.field for each in sources}) * (min(count, _size(sources)) + 1)
        return len(missing) + temporaries, postings + temporaries * count, positions, firsts

    @property
    def articles(self) -> int:
        """How many articles there are."""
        return self._snapshot.articles

    def document_frequency(self, leaf: Term | Phrase) -> int:
        """How many documents have a term or phrase in the field in which most have it."""
        if isinstance(leaf, Phrase):
            return max((documents.size for documents, _, _ in self._components(leaf, self._snapshot.norms)), default=0)
        counts: dict[str, int] = {}
        for each in self._lookup(leaf.text, leaf.field):
            counts[each.field] = counts.get(each.field, 0) + each.entry.df
        return max(counts.values(), default=0)

    def may_have(self, terms: Sequence[bytes], field: str | None) -> list[bool]:
        """Which of some terms of a field any document has."""
        found = np.zeros(len(terms), np.int64)
        for name in self.fields(field):
            found += self._snapshot.document_frequencies(terms, name)
        return [count > 0 for count in found.tolist()]

    def _sources_of(self, leaf: Leaf) -> _Sources:
        assert not isinstance(leaf, Phrase)
        if isinstance(leaf, Spellings):
            return [each for one, counts in leaf.weighed for each in self._components(one, self._norms_times(counts))]
        return self._lookup(leaf.text, leaf.field) if isinstance(leaf, Term) else self.expand(leaf)

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

    def _fold(self, sources: _Sources) -> int:
        """Add the list of some sources to the cache; its number, -1 where it is empty."""
        if not sources:
            return _NOTHING
        k1 = self._snapshot.model.k1
        if isinstance(sources, Expansion):
            number, df = add_merged(self._cache, sources.postings(), self._norms, k1, self._scratch)
        else:
            components = [e if isinstance(e, tuple) else self._component(e, self._snapshot.norms) for e in sources]
            number, df = add_folded(self._cache, components, k1, self._scratch)
        if df:
            self._cache.reweigh(number, idf(self._snapshot.articles, df))
        return number

    def _norms_times(self, counts: float) -> Mapping[str, npt.NDArray[np.float32]]:
        """The norms of occurrences that count so much."""
        norms = self._lessened.get(counts)
        if norms is None:
            norms = {name: norm * np.float32(counts) for name, norm in self._snapshot.norms.items()}
            self._lessened[counts] = norms
        return norms

    def _components(self, leaf: Term | Phrase, norms: Mapping[str, npt.NDArray[np.float32]]) -> list[Component]:
        """The postings of a term or phrase in each field of each segment."""
        if isinstance(leaf, Term):
            return [self._component(each, norms) for each in self._lookup(leaf.text, leaf.field)]
        of_terms = [{(e.field, e.base): e for e in self._lookup(term, leaf.field)} for term in leaf.terms]
        places = [place for place in of_terms[0] if all(place in each for each in of_terms)]
        found = []
        for place in places:
            documents, frequencies = _together([each[place] for each in of_terms], leaf.offsets)
            if documents.size:
                found.append((documents, frequencies, norms[place[0]]))
        return found

    def _component(self, source: _Source, norms: Mapping[str, npt.NDArray[np.float32]]) -> Component:
        documents, frequencies = source.reader.postings(source.entry, source.base)
        return documents, frequencies, norms[source.field]

    def _add_positions(self, term: Term) -> None:
        """Give the list of a term the positions of its postings, field by field."""
        for number, name in enumerate(self.fields(None)):
            sources = [each for each in self._lookup(term.text, term.field) if each.field == name]
            if sources:
                lists = [_with_positions(each) for each in sources]
                parts = (np.concatenate(arrays) for arrays in zip(*lists, strict=True))
                self._cache.add_positions(self._numbers[term], number, *parts)
        self._positioned.add(term)


def needs_of(leaves: Sequence[Leaf], temporaries: int) -> Needs:
    """What some leaves, and so many temporary lists, need in memory."""
    lists = dict.fromkeys(each for leaf in leaves for each in _lists_of(leaf))
    positioned = frozenset(each for leaf in leaves if isinstance(leaf, Phrase) for each in terms_of(leaf))
    return Needs(tuple(lists), positioned, temporaries)


def terms_of(phrase: Phrase) -> list[Term]:
    """The words of a phrase, each for itself."""
    return [Term(term, phrase.field) for term in phrase.terms]


def _lists_of(leaf: Leaf) -> list[Leaf]:
    """The leaves that have lists of their own."""
    return [*terms_of(leaf)] if isinstance(leaf, Phrase) else [leaf]


def _with_positions(source: _Source) -> tuple[Int32s, Int32s, Int32s]:
    documents, frequencies = source.reader.postings(source.entry, source.base)
    return documents, frequencies, source.reader.positions(source.entry, frequencies)


def _together(sources: Sequence[_Source], offsets: Sequence[int]) -> tuple[Int32s, Int32s]:
    """The documents in which terms stand at these distances from the first, and how often."""
    places: npt.NDArray[np.int64] | None = None
    for source, offset in zip(sources, offsets, strict=True):
        own = places_of(*_with_positions(source), offset)
        places = own if places is None else in_both(places, own)
    assert places is not None
    documents, counts = count_places(places)
    return documents, counts


def _size(sources: _Sources) -> int:
    """How many postings some sources have."""
    if isinstance(sources, Expansion):
        return sources.size
    return sum(each[0].size if isinstance(each, tuple) else each.entry.df for each in sources)
