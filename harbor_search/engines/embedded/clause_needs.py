"""What the clauses of a query need in memory before it can be run."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from harbor_search.engines.clauses import Boolean, Boosted, Clause, DisMax, Everything, Leaf, Phrase, Term
from harbor_search.query import Filter

__all__ = ["Needs", "lists_of", "needs_of", "needs_of_leaves", "terms_of"]

_Unscored = Everything | Filter


class Needs(NamedTuple):
    """What a query needs in memory: the lists of its `leaves`, of which `lists` have one, `positioned` those with
    positions; and room for so many temporary lists of all documents. The first `own` leaves are the query's; those of
    what is beside it follow."""

    leaves: tuple[Leaf, ...]
    lists: tuple[Leaf, ...]
    positioned: frozenset[Term]
    temporaries: int
    own: int


@lru_cache(maxsize=1024)
def needs_of(clause: Clause | None, *beside: Clause | None) -> Needs:
    """What a clause and others need. Readers turn pages and ask the same."""
    own = tuple(_all_leaves(clause))
    needed = [*own, *(leaf for each in beside for leaf in _all_leaves(each))]
    # Of each group, what it scores may become a list of its own; so may what no group scores.
    groups = 2 * sum(map(_groups, (clause, *beside))) + 1 + len(beside)
    phrases = sum(isinstance(leaf, Phrase) for leaf in needed)
    return needs_of_leaves(needed)._replace(temporaries=groups + phrases, own=len(own))


def needs_of_leaves(leaves: Sequence[Leaf]) -> Needs:
    """What some leaves need."""
    lists = dict.fromkeys(each for leaf in leaves for each in lists_of(leaf))
    positioned = frozenset(each for leaf in leaves if isinstance(leaf, Phrase) for each in terms_of(leaf))
    return Needs(tuple(leaves), tuple(lists), positioned, 0, len(leaves))


def terms_of(phrase: Phrase) -> list[Term]:
    """The words of a phrase, each for itself."""
    return [Term(term, phrase.field) for term in phrase.terms]


def lists_of(leaf: Leaf) -> list[Leaf]:
    """The leaves that have lists of their own."""
    return [*terms_of(leaf)] if isinstance(leaf, Phrase) else [leaf]


def _all_leaves(clause: Clause | None) -> list[Leaf]:
    if isinstance(clause, Boolean):
        return [
            leaf
            for part in (clause.must, clause.should, clause.must_not)
            for each in part
            for leaf in _all_leaves(each)
        ]
    if isinstance(clause, Boosted):
        return _all_leaves(clause.clause)
    if isinstance(clause, DisMax):
        return [leaf for each in clause.clauses for leaf in _all_leaves(each)]
    return [] if clause is None or isinstance(clause, _Unscored) else [clause]


def _groups(clause: Clause | None) -> int:
    """How many temporary lists a clause may need, phrases apart."""
    if isinstance(clause, _Unscored):
        return 1
    if isinstance(clause, Boosted):
        return 1 + _groups(clause.clause)
    if isinstance(clause, DisMax):
        return 1 + sum(map(_groups, clause.clauses))
    if not isinstance(clause, Boolean):
        return 0
    return 1 + sum(_groups(each) for part in (clause.must, clause.should, clause.must_not) for each in part)
