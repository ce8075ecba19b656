"""From a query tree to leaves: what is looked up in the index, with the words analysed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from harbor_search.analysis import Analyzer, fold, get_analyzer
from harbor_search.query import Boolean, Everything, Fuzzy, Node, Nothing, Phrase, Prefix, Term

__all__ = ["All", "Clause", "Group", "Leaf", "Similar", "StartsWith", "Word", "Words", "analyse", "leaves"]


@dataclass(frozen=True, slots=True)
class Word:
    """One term, in one field or (None) any."""

    term: bytes
    field: str | None


@dataclass(frozen=True, slots=True)
class Words:
    """Terms at their distances from the first, in order, at most `slop` further apart in all."""

    terms: tuple[bytes, ...]
    offsets: tuple[int, ...]
    slop: int
    field: str | None


@dataclass(frozen=True, slots=True)
class StartsWith:
    """All terms that start with `prefix`, and `term`, which the prefix is analysed to as a word."""

    prefix: bytes
    term: bytes | None
    field: str | None


@dataclass(frozen=True, slots=True)
class Similar:
    """All terms within `distance` edits of `term`."""

    term: str
    distance: int
    field: str | None


Leaf = Word | Words | StartsWith | Similar


@dataclass(frozen=True, slots=True)
class All:
    """Every document."""


@dataclass(frozen=True, slots=True)
class Group:
    """As `query.Boolean`."""

    must: tuple[Clause, ...]
    should: tuple[Clause, ...]
    must_not: tuple[Clause, ...]
    minimum: int


Clause = Leaf | All | Group


def analyse(node: Node, analyzer: Analyzer) -> Clause | None:
    """The clause for a node; None where it has no word ("!?") and so matches nothing and excludes nothing."""
    match node:
        case Term(text, field):
            return _words(text, field, 0, analyzer)
        case Phrase(text, field, slop):
            return _words(text, field, slop, analyzer)
        case Prefix(text, field):
            words = [token.text for token in analyzer.analyze(text)]
            prefix = "".join(c for c in fold(text) if c.isalnum())
            return StartsWith(prefix.encode(), words[0].encode() if words else None, field) if prefix else None
        case Fuzzy(text, distance, field):
            words = [token.text for token in analyzer.analyze(text)]
            return Similar(words[0], distance, field) if len(words) == 1 else _words(text, field, 0, analyzer)
        case Boolean():
            return _group(node, analyzer)
        case Everything():
            return All()
        case Nothing():
            return None


def _words(text: str, field: str | None, slop: int, analyzer: Analyzer) -> Leaf | None:
    return _known_words(text, field, slop, analyzer.name)


@lru_cache(maxsize=16_384)
def _known_words(text: str, field: str | None, slop: int, analyzer: str) -> Leaf | None:
    """Analysed once: readers share most of their words."""
    tokens = [token for token in get_analyzer(analyzer).analyze(text) if token.text]
    terms = tuple(token.text.encode("utf-8", "surrogatepass") for token in tokens)
    if not terms:
        return None
    if len(terms) == 1:
        return Word(terms[0], field)
    return Words(terms, tuple(token.position - tokens[0].position for token in tokens), slop, field)


def _group(node: Boolean, analyzer: Analyzer) -> Clause | None:
    must, should, must_not = (
        tuple(clause for each in nodes if (clause := analyse(each, analyzer)) is not None)
        for nodes in (node.must, node.should, node.must_not)
    )
    if not must and not should:
        # Without a word to look for, nothing matches; `-word` alone comes with an `Everything` to take away from.
        return None
    # A clause without words cannot be held against an article that matches all the others.
    minimum = min(node.minimum if must else max(node.minimum, 1), len(should))
    if not must_not and len(must) + len(should) == 1 and (must or minimum == 1):
        return (must or should)[0]
    return Group(must, should, must_not, minimum)


def leaves(clause: Clause | None) -> Iterator[Leaf]:
    """The leaves that a match may have, in the order of the query; excluded ones left out."""
    match clause:
        case None | All():
            return
        case Group(must, should):
            for each in (*must, *should):
                yield from leaves(each)
        case _:
            yield clause
