"""Where the words of queries stand on disk: in which fields of which segments, with which postings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from struct import Struct

import numpy as np
import numpy.typing as npt

from harbor_search.engines.clauses import Fuzzy, Leaf, Phrase, Prefix, Spellings, Term
from harbor_search.engines.embedded.adjacency import count_places, in_both, places_of
from harbor_search.engines.embedded.snapshot import Snapshot
from harbor_search.engines.embedded.term_expansion import Expansion, Lists, expand
from harbor_search.engines.embedded.term_places import ROW, TermPlaces
from harbor_search.ranking import Component
from harbor_search.store import FieldReader, TermEntry

__all__ = ["Source", "Sources", "TermPostings", "postings_with_positions", "size_of"]

Int32s = npt.NDArray[np.int32]

_MOST_SOURCES = 8_192
"""Terms whose lists are read, of which it is remembered where these are; each takes a kilobyte."""

_MOST_FREQUENCIES = 65_536
"""Terms of which it is remembered how frequent they are: some megabytes."""

_MOST_EXPANDED = 256
"""Beginnings and misspelt words whose terms are remembered; each takes some ten kilobytes."""

_NONE: Mapping[bytes, int] = {}

_ROW = Struct(f"={ROW}q")


@dataclass(frozen=True, slots=True)
class Source:
    """A term's list in one field of one segment, whose first document is `base`."""

    reader: FieldReader
    field: str
    base: int
    entry: TermEntry


Sources = Sequence[Source] | Expansion | list[Component]
"""What the list of a leaf is made of."""


class TermPostings:
    """The postings of a snapshot's terms, read from its files. Hold its lock."""

    def __init__(self, snapshot: Snapshot, expansions: int) -> None:
        """`expansions` is how many terms a pattern stands for at most."""
        self._snapshot = snapshot
        self._expansions = expansions
        self._expanded: dict[Prefix | Fuzzy, Expansion] = {}
        self._field_numbers = {name: number for number, name in enumerate(self.fields(None))}
        self._fields = self.fields(None)
        self._places = TermPlaces(snapshot.segments, self._fields)
        self._sources: dict[bytes, Sequence[Source]] = {}
        self._frequencies: dict[str | None, dict[bytes, int]] = {}
        self._lessened: dict[float, Mapping[str, npt.NDArray[np.float32]]] = {1.0: snapshot.norms}

    def fields(self, field: str | None) -> tuple[str, ...]:
        """The fields that a leaf looks in."""
        return (field,) if field else tuple(name for name, _ in self._snapshot.model.fields)

    def sources(self, term: bytes, field: str | None) -> Sequence[Source]:
        """Where a term is, in one field or in all."""
        known = self._sources.get(term)
        if known is None:
            if len(self._sources) > _MOST_SOURCES:
                self._sources.clear()
            rows = _ROW.iter_unpack(self._places.of([term])[0])
            known = self._sources[term] = [self._source(*row) for row in rows]
        return known if field is None or not known else [each for each in known if each.field == field]

    def _source(self, field: int, segment: int, at: int, size: int, df: int, cf: int) -> Source:
        name, snapshot = self._fields[field], self._snapshot
        return Source(
            snapshot.segments[segment].fields[name], name, snapshot.bases[segment], TermEntry(at, size, df, cf)
        )

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

    def sources_of(self, leaf: Leaf) -> Sources:
        """What the list of a leaf, which is no phrase, is made of."""
        assert not isinstance(leaf, Phrase)
        if isinstance(leaf, Spellings):
            return [each for one, counts in leaf.weighed for each in self.components(one, self._norms_times(counts))]
        return self.sources(leaf.text, leaf.field) if isinstance(leaf, Term) else self.expand(leaf)

    @property
    def articles(self) -> int:
        """How many articles there are."""
        return self._snapshot.articles

    def document_frequency(self, leaf: Term | Phrase) -> int:
        """How many documents have a term or phrase in the field in which most have it."""
        if isinstance(leaf, Phrase):
            return max((documents.size for documents, _, _ in self.components(leaf, self._snapshot.norms)), default=0)
        known = self._frequencies.get(leaf.field, _NONE).get(leaf.text)
        if known is None:
            counts: dict[str, int] = {}
            for each in self.sources(leaf.text, leaf.field):
                counts[each.field] = counts.get(each.field, 0) + each.reader.live_df(each.entry)
            known = self._known_frequencies(leaf.field)[leaf.text] = max(counts.values(), default=0)
        return known

    def _known_frequencies(self, field: str | None) -> dict[bytes, int]:
        """The frequencies of terms in a field that are known so far, with room for more."""
        if sum(map(len, self._frequencies.values())) > _MOST_FREQUENCIES:
            self._frequencies.clear()
        return self._frequencies.setdefault(field, {})

    def may_have(self, terms: Sequence[bytes], field: str | None) -> list[bool]:
        """Which of some terms of a field any document has."""
        found = list(map(bool, self._places.of(terms)))
        return (
            found
            if field is None
            else [there and bool(self.sources(term, field)) for term, there in zip(terms, found, strict=True)]
        )

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
            for documents, frequencies, norm in self.components(leaf._replace(field=name), norms):
                yield name, documents, frequencies, norm

    def _norms_times(self, counts: float) -> Mapping[str, npt.NDArray[np.float32]]:
        """The norms of occurrences that count so much."""
        norms = self._lessened.get(counts)
        if norms is None:
            norms = {name: norm * np.float32(counts) for name, norm in self._snapshot.norms.items()}
            self._lessened[counts] = norms
        return norms

    def components(self, leaf: Term | Phrase, norms: Mapping[str, npt.NDArray[np.float32]]) -> list[Component]:
        """The postings of a term or phrase in each field of each segment."""
        if isinstance(leaf, Term):
            return [self.component(each, norms) for each in self.sources(leaf.text, leaf.field)]
        of_terms = [{(e.field, e.base): e for e in self.sources(term, leaf.field)} for term in leaf.terms]
        places = [place for place in of_terms[0] if all(place in each for each in of_terms)]
        found = []
        for place in places:
            documents, frequencies = _together([each[place] for each in of_terms], leaf.offsets)
            if documents.size:
                found.append((documents, frequencies, norms[place[0]]))
        return found

    def component(self, source: Source, norms: Mapping[str, npt.NDArray[np.float32]]) -> Component:
        """The postings of a source."""
        documents, frequencies = source.reader.postings(source.entry, source.base)
        return documents, frequencies, norms[source.field]


def postings_with_positions(source: Source) -> tuple[Int32s, Int32s, Int32s]:
    """The documents of a source, with frequencies and the positions of all occurrences."""
    documents, frequencies = source.reader.postings(source.entry, source.base)
    return documents, frequencies, source.reader.positions(source.entry, frequencies)


def _together(sources: Sequence[Source], offsets: Sequence[int]) -> tuple[Int32s, Int32s]:
    """The documents in which terms stand at these distances from the first, and how often."""
    places: npt.NDArray[np.int64] | None = None
    for source, offset in zip(sources, offsets, strict=True):
        own = places_of(*postings_with_positions(source), offset)
        places = own if places is None else in_both(places, own)
    assert places is not None
    documents, counts = count_places(places)
    return documents, counts


def size_of(sources: Sources) -> int:
    """How many postings some sources have."""
    if isinstance(sources, Expansion):
        return sources.size
    return sum(each[0].size if isinstance(each, tuple) else each.entry.df for each in sources)
