"""Clauses: what an analysed query is made of, terms of the index in the place of the reader's words.

They have the names of the nodes of `query`, whose texts they hold as the analyzer gives them, and are tuples as those
are: they are what lists, plans and places of words are remembered by.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from harbor_search import query
from harbor_search.query import typed_equality

__all__ = [
    "Boolean",
    "Boosted",
    "Clause",
    "DisMax",
    "Everything",
    "Fuzzy",
    "Leaf",
    "Phrase",
    "Prefix",
    "Spellings",
    "Term",
    "leaves",
]


@typed_equality
class Term(NamedTuple):
    """One term, in one field or (None) any."""

    text: bytes
    field: str | None


@typed_equality
class Phrase(NamedTuple):
    """Terms at their distances from the first, in order, at most `slop` further apart in all."""

    terms: tuple[bytes, ...]
    offsets: tuple[int, ...]
    slop: int
    field: str | None


@typed_equality
class Prefix(NamedTuple):
    """All terms that start with `text`, and `term`, which the text is analysed to as a word."""

    text: bytes
    term: bytes | None
    field: str | None


@typed_equality
class Fuzzy(NamedTuple):
    """All terms within `distance` edits of `text`."""

    text: str
    distance: int
    field: str | None


_OTHER_SPELLING = 0.7
"""What an occurrence in another spelling counts: enough to be found beside the one asked for, never quite as well."""


_PARTS = 0.15
"""What an occurrence of the parts of a compound counts: so little that not even a title that has them comes before a
text that has the word ("Schuhe an der Hand" for "Handschuh")."""


@typed_equality
class Spellings(NamedTuple):
    """One word in the spelling that was asked for, in others of the collection, which count a little less, and as the
    parts of a compound near each other, which count much less."""

    asked: Term | Phrase
    others: tuple[Term | Phrase, ...]
    parts: tuple[Phrase, ...] = ()

    @property
    def weighed(self) -> Iterator[tuple[Term | Phrase, float]]:
        """All of them, that which was asked for first, with what an occurrence counts."""
        yield self.asked, 1.0
        for other in self.others:
            yield other, _OTHER_SPELLING
        for part in self.parts:
            yield part, _PARTS

    @property
    def field(self) -> str | None:
        """The field of all of them."""
        return self.asked.field


Leaf = Term | Phrase | Prefix | Fuzzy | Spellings


@dataclass(frozen=True, slots=True)
class Everything:
    """Every document."""


@typed_equality
class Boolean(NamedTuple):
    """As `query.Boolean`."""

    must: tuple[Clause, ...]
    should: tuple[Clause, ...]
    must_not: tuple[Clause, ...]
    minimum: int


@typed_equality
class Boosted(NamedTuple):
    """As `query.Boosted`."""

    clause: Leaf | Boolean
    factor: float


@typed_equality
class DisMax(NamedTuple):
    """As `query.DisMax`."""

    clauses: tuple[Leaf | Boolean | Boosted, ...]


Clause = Leaf | Everything | Boolean | Boosted | DisMax | query.Filter


def leaves(clause: Clause | None) -> list[Leaf]:
    """The leaves that a match may have, in the order of the query; excluded ones left out."""
    parts: Sequence[Clause]
    if isinstance(clause, Boolean):
        parts = (*clause.must, *clause.should)
    elif isinstance(clause, Boosted):
        parts = (clause.clause,)
    elif isinstance(clause, DisMax):
        parts = clause.clauses
    else:
        return [] if clause is None or isinstance(clause, Everything | query.Filter) else [clause]
    return [leaf for each in parts for leaf in leaves(each)]
