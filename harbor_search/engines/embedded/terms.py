"""Leaves to posting lists in memory."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harbor_search.engines.embedded.leaves import Leaf, Similar, StartsWith, Word, Words
from harbor_search.engines.embedded.snapshot import Snapshot
from harbor_search.ranking import Arena, Component, PositionalArena, add_folded, idf, match_phrase
from harbor_search.store import FieldReader, TermEntry, similar_terms

__all__ = ["Listed", "Terms"]

_MOST_PHRASES = 10_000
"""Phrases remembered; each is a few hundred bytes."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A posting list in the arena and its weight, the inverse document frequency."""

    number: int
    idf: float
    df: int


@dataclass(frozen=True, slots=True)
class _Source:
    """A term's list in one field of one segment."""

    reader: FieldReader
    field: str
    base: int
    entry: TermEntry


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A phrase's weight and, by field, the positional lists of its words."""

    weight: float
    lists: dict[str, npt.NDArray[np.int64]]


class Terms:
    """The posting lists of a snapshot that were used so far, in memory. Not for several threads at once."""

    def __init__(self, snapshot: Snapshot, *, cache_bytes: int, expansions: int) -> None:
        self._snapshot = snapshot
        self._expansions = expansions
        # Two thirds for ranking (8 bytes a posting and as much again for bitmaps), the rest for phrases.
        self.arena = Arena(snapshot.count, cache_bytes // 2 // 12)
        self._positional = PositionalArena(cache_bytes // 2 // 24, cache_bytes // 2 // 8)
        self._listed: dict[Leaf, Listed | None] = {}
        self._sources: dict[tuple[bytes, str | None], list[_Source]] = {}
        self._dfs: dict[tuple[bytes, str | None], int] = {}
        self._phrases: dict[Words, _Phrase] = {}
        self._positional_ids: dict[tuple[str, bytes], int] = {}
        self._scratch = np.zeros(snapshot.count, np.float32)
        self._mark = self.arena.mark()

    def load(self, leaves: Sequence[Leaf], temporaries: int) -> dict[Leaf, Listed | None]:
        """The lists of all `leaves` (None where nothing matches), with room for so many temporary lists besides.

        Those of phrases and temporary lists stay until `release`.
        """
        missing = [leaf for leaf in dict.fromkeys(leaves) if isinstance(leaf, Words) or leaf not in self._listed]
        needed = sum(self._bound(leaf) for leaf in missing) + temporaries * self._snapshot.count
        if not self.arena.has_room(len(missing) + temporaries, needed):
            missing = list(dict.fromkeys(leaves))
            needed = sum(self._bound(leaf) for leaf in missing) + temporaries * self._snapshot.count
            self.arena.make_room(len(missing) + temporaries, needed)
            self._listed.clear()
        # Lists that stay come first, so that the temporary ones can be released behind them.
        for leaf in missing:
            if not isinstance(leaf, Words):
                self._listed[leaf] = self._fold(self._sources_of(leaf))
        self._mark = self.arena.mark()
        phrases = {leaf: self._phrase(leaf) for leaf in missing if isinstance(leaf, Words)}
        return {leaf: phrases[leaf] if isinstance(leaf, Words) else self._listed[leaf] for leaf in leaves}

    def release(self) -> None:
        """Forget the temporary lists that were added since `load`."""
        self.arena.release(self._mark)

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

    def _bound(self, leaf: Leaf) -> int:
        """Postings that the list of a leaf has at most."""
        if isinstance(leaf, Words):
            return min(sum(each.entry.df for each in self._lookup(term, leaf.field)) for term in leaf.terms)
        return min(self._snapshot.count, sum(each.entry.df for each in self._sources_of(leaf)))

    def _sources_of(self, leaf: Word | StartsWith | Similar) -> list[_Source]:
        if isinstance(leaf, Word):
            return self._lookup(leaf.term, leaf.field)
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

    def _fold(self, sources: list[_Source]) -> Listed | None:
        components = []
        for each in sources:
            documents, frequencies = each.reader.postings(each.entry, each.base)
            components.append((documents, frequencies, self._snapshot.norms[each.field]))
        return self._add(components, temporary=False)

    def _add(self, components: list[Component], *, temporary: bool, weight: float | None = None) -> Listed | None:
        if not components:
            return None
        number = add_folded(self.arena, components, self._snapshot.model.k1, self._scratch, temporary=temporary)
        df = int(self.arena.lists.ends[number] - self.arena.lists.starts[number])
        return Listed(number, idf(self._snapshot.articles, df) if weight is None else weight, df)

    def _phrase(self, leaf: Words) -> Listed | None:
        """The list of a phrase: its frequency in each field weighted like a term's, its idf the sum of its words'."""
        phrase = self._phrases.get(leaf)
        if phrase is None:
            if len(self._phrases) > _MOST_PHRASES:
                self._phrases.clear()
            lists = self._positional_lists(leaf)
            weight = sum(idf(self._snapshot.articles, self._df(term, leaf.field)) for term in leaf.terms)
            phrase = self._phrases[leaf] = _Phrase(weight, lists)
        offsets = np.array(leaf.offsets, np.int64)
        components: list[Component] = []
        for name, numbers in phrase.lists.items():
            documents, frequencies = match_phrase(self._positional.lists, numbers, offsets, leaf.slop)
            if documents.size:
                components.append((documents, frequencies, self._snapshot.norms[name]))
        return self._add(components, temporary=True, weight=phrase.weight)

    def _df(self, term: bytes, field: str | None) -> int:
        """The exact document frequency of a term across fields and segments."""
        known = self._dfs.get((term, field))
        if known is None:
            sources = self._lookup(term, field)
            found = [each.reader.postings(each.entry, each.base)[0] for each in sources]
            known = int(np.unique(np.concatenate(found)).size) if found else 0
            self._dfs[term, field] = known
        return known

    def _positional_lists(self, leaf: Words) -> dict[str, npt.NDArray[np.int64]]:
        """The positional lists of the words by field, loaded as needed; fields that lack one of the words left out."""
        sources = {(name, term): self._lookup(term, name) for name in self.fields(leaf.field) for term in leaf.terms}
        complete = [name for name in self.fields(leaf.field) if all(sources[name, term] for term in leaf.terms)]
        wanted = {key: each for key, each in sources.items() if key[0] in complete}
        missing = [key for key in wanted if key not in self._positional_ids]
        if not self._positional.has_room(len(missing), *_sizes(wanted[key] for key in missing)):
            missing = list(wanted)
            self._positional.make_room(len(missing), *_sizes(wanted.values()))
            self._positional_ids.clear()
            self._phrases.clear()
        for key in missing:
            self._positional_ids[key] = self._load_positional(wanted[key])
        return {
            name: np.array([self._positional_ids[name, term] for term in leaf.terms], np.int64) for name in complete
        }

    def _load_positional(self, sources: list[_Source]) -> int:
        lists = []
        for each in sources:
            documents, frequencies = each.reader.postings(each.entry, each.base)
            lists.append((documents, frequencies, each.reader.positions(each.entry, frequencies)))
        documents, frequencies, positions = (np.concatenate(parts) for parts in zip(*lists, strict=True))
        return self._positional.add(documents, frequencies, positions)


def _sizes(lists: Iterable[list[_Source]]) -> tuple[int, int]:
    entries = [each.entry for sources in lists for each in sources]
    return sum(entry.df for entry in entries), sum(entry.cf for entry in entries)
