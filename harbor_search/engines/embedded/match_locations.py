"""Where the words of a query stand in documents: the query as `match_kernel` has it, made of its leaves' terms."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from struct import Struct

import numpy as np
import numpy.typing as npt

from harbor_search.analysis import tokenize
from harbor_search.engines.clauses import Clause, Fuzzy, Leaf, Phrase, Prefix, Spellings, Term, leaves
from harbor_search.engines.embedded.match_kernel import BUFFERS, FIELDS, NAMES, find_in_names, find_matches
from harbor_search.engines.embedded.snapshot import Snapshot
from harbor_search.engines.embedded.term_loader import TermLoader
from harbor_search.ranking import new_table, set_arrays
from harbor_search.snippets import Occurrence

__all__ = ["MatchLocator", "QueryLeaves"]

Int64s = npt.NDArray[np.int64]

_NUMBER = 8
"""Bytes of a number."""

_ROW = Struct("=4q")

_MOST_KNOWN = 16_384
"""Leaves remembered: each takes some hundred bytes, a beginning or a misspelt word some ten kilobytes."""

_MOST_QUERIES = 1_024
"""Queries remembered: readers turn pages and ask the same. One is a few kilobytes, of beginnings some ten."""

_SHOWN = {"title": "title", "headings": "heading", "body": "body"}


class QueryLeaves:
    """The leaves of a query as numbers, each once, with their weights."""

    def __init__(self, parts: Sequence[bytes], owners: Sequence[int], weights: Sequence[float]) -> None:
        """`owners` are the leaves of `parts` (int64)."""
        self.numbers = np.frombuffer(bytearray().join(parts), np.int64) if parts else np.empty(0, np.int64)
        self.begins = np.array([*accumulate([len(part) // _NUMBER for part in parts], initial=0)], np.int64)
        self.owners = np.array(owners, np.int64)
        self.weights = np.array(weights, np.float64)


class MatchLocator:
    """Finds the words of queries in the documents of a snapshot. Not for several threads at once, but for `find`."""

    def __init__(self, snapshot: Snapshot, terms: TermLoader) -> None:
        self._snapshot, self._terms = snapshot, terms
        self._known: dict[Leaf, bytes] = {}
        self._queries: dict[int, tuple[Clause | None, QueryLeaves]] = {}
        self.buffers = new_table(len(snapshot.segments) * BUFFERS)
        for number, segment in enumerate(snapshot.segments):
            lists = [segment.fields[field].buffer for field in FIELDS]
            set_arrays(self.buffers, number * BUFFERS, [*lists, segment.layout_buffer])

    def leaves_of(self, clause: Clause | None) -> QueryLeaves:
        """The leaves of a clause whose lists are in memory, in its order.

        They are found by the very clause, which whoever asks again has kept: to compare clauses takes longer.

        Raises:
            OperationalError: a list is damaged.
        """
        known = self._queries.get(id(clause))
        if known is None:
            if len(self._queries) >= _MOST_QUERIES:
                self._queries.clear()
            # With the clause that they are of, so that no other has the same identity.
            known = self._queries[id(clause)] = clause, self._leaves_of(clause)
        return known[1]

    def _leaves_of(self, clause: Clause | None) -> QueryLeaves:
        distinct = list(dict.fromkeys(leaves(clause)))
        parts = [(self._leaf(each), number) for number, leaf in enumerate(distinct) for each in _spellings(leaf)]
        weights = self._terms.weights(distinct)
        return QueryLeaves([part for part, _ in parts], [number for _, number in parts], weights)

    def find_names(self, query: QueryLeaves, document: int, names: Sequence[str], most: int) -> Iterator[Occurrence]:
        """The occurrences in the names of a document, whose characters are those of their tokens: they are few.

        Raises:
            OperationalError: a list is damaged.
        """
        number, local = self._snapshot.place(document)
        found = find_in_names(self.buffers, number, local, query.numbers, query.begins, query.owners, most)
        if not found.size:
            return
        tokens = list(map(_token_places, names))
        firsts = list(accumulate(map(len, tokens), initial=0))
        for position, leaf in found.tolist():
            name = bisect_right(firsts, position) - 1
            start, end = tokens[name][position - firsts[name]]
            yield Occurrence("names", name, start, end, leaf, float(query.weights[leaf]))

    def find(self, query: QueryLeaves, document: int, most: int) -> Iterator[Occurrence]:
        """The occurrences in a document in the order of its text, the first `most` of each term in each field.

        Raises:
            OperationalError: a list or the layout of the document is damaged.
        """
        number, local = self._snapshot.place(document)
        place = self._snapshot.segments[number].layout_place(local)
        found = find_matches(self.buffers, number, local, place, query.numbers, query.begins, query.owners, most)
        weights = query.weights.tolist()
        for field, matches in zip(FIELDS[:NAMES], found, strict=True):
            for start, end, leaf, text in matches.tolist():
                yield Occurrence(_SHOWN[field], -1 if field == "title" else text, start, end, leaf, weights[leaf])

    def _leaf(self, leaf: Leaf) -> bytes:
        known = self._known.get(leaf)
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            known = self._known[leaf] = self._numbers(leaf)
        return known

    def _numbers(self, leaf: Leaf) -> bytes:
        """A leaf as `match_kernel` has it (int64)."""
        words: Sequence[bytes | None] = leaf.terms if isinstance(leaf, Phrase) else (None,)
        offsets, slop = (leaf.offsets, leaf.slop) if isinstance(leaf, Phrase) else ((0,), -1)
        rows = [rows for word in words for rows in self._rows(leaf, word)]
        head = [len(words), slop, len(self._snapshot.segments) * len(FIELDS), *offsets]
        sizes = [len(each) // _NUMBER for each in rows]
        firsts = accumulate(sizes, initial=len(head) + len(rows) + 1)
        return array("q", [*head, *firsts]).tobytes() + b"".join(rows)

    def _rows(self, leaf: Leaf, word: bytes | None) -> list[bytes]:
        """For each segment and field int64[n, 4]: the lists of a leaf, or of one word of a phrase."""
        if isinstance(leaf, Prefix | Fuzzy) and leaf.field != "lead":
            found = self._of_pattern(leaf)
        else:
            # The lead is not shown apart from the body, but its words stand there as well.
            own = FIELDS if leaf.field is None else ("body",) if leaf.field == "lead" else (leaf.field,)
            found = self._of_terms((word,) if word is not None else self._terms_of(leaf), own)
        return [found.get((base, field), b"") for base in self._snapshot.bases for field in FIELDS]

    def _of_pattern(self, leaf: Prefix | Fuzzy) -> dict[tuple[int, str], bytes]:
        """The lists of what a leaf stands for, by the first document of their segment and their field."""
        names = self._terms.postings.fields(None)
        lists = [(part.lists, part.places) for part in self._terms.postings.expand(leaf).parts]
        return {(own.base, names[own.field]): own.reader.require_sound(places).tobytes() for own, places in lists}

    def _of_terms(self, terms: Iterable[bytes], fields: Sequence[str]) -> dict[tuple[int, str], bytes]:
        """The same of terms in some fields."""
        found: dict[tuple[int, str], bytes] = {}
        for term in terms:
            for source in self._terms.postings.sources(term, None):
                if source.field in fields:
                    source.reader.require_sound_entry(source.entry)
                    place = source.base, source.field
                    found[place] = found.get(place, b"") + _ROW.pack(*source.entry)
        return found

    def _terms_of(self, leaf: Leaf) -> tuple[bytes, ...]:
        if isinstance(leaf, Term):
            return (leaf.text,)
        assert isinstance(leaf, Prefix | Fuzzy)
        return self._terms.postings.expand(leaf).terms


@lru_cache(maxsize=4_096)
def _token_places(name: str) -> tuple[tuple[int, int], ...]:
    """The characters of the tokens of a name. Rare diseases have dozens of them, and are found by them."""
    return tuple((token.start, token.end) for token in tokenize(name))


def _spellings(leaf: Leaf) -> tuple[Leaf, ...]:
    """The leaves whose places are those of a leaf."""
    return tuple(each for each, _ in leaf.weighed) if isinstance(leaf, Spellings) else (leaf,)
