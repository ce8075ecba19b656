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
    needed: list[Leaf] = []
    groups = _add(clause, needed)
    own = len(needed)
    for each in beside:
        groups += _add(each, needed)
    # Of each group, what it scores may become a list of its own; so may what no group scores.
    temporaries = 2 * groups + 1 + len(beside) + sum([isinstance(leaf, Phrase) for leaf in needed])
    return needs_of_leaves(needed)._replace(temporaries=temporaries, own=own)


def needs_of_leaves(leaves: Sequence[Leaf]) -> Needs:
    """What some leaves need."""
    lists: dict[Leaf, None] = {}
    positioned: set[Term] = set()
    for leaf in leaves:
        if isinstance(leaf, Phrase):
            terms = terms_of(leaf)
            lists |= dict.fromkeys(terms)
            positioned.update(terms)
        else:
            lists[leaf] = None
    return Needs(tuple(leaves), tuple(lists), frozenset(positioned), 0, len(leaves))


def terms_of(phrase: Phrase) -> list[Term]:
    """The words of a phrase, each for itself."""
    return [Term(term, phrase.field) for term in phrase.terms]


def lists_of(leaf: Leaf) -> list[Leaf]:
    """The leaves that have lists of their own."""
    return [*terms_of(leaf)] if isinstance(leaf, Phrase) else [leaf]


def _add(clause: Clause | None, leaves: list[Leaf]) -> int:
    """Add the leaves of a clause to others; how many temporary lists it may need, phrases apart."""
    parts: Sequence[Clause]
    if isinstance(clause, Boolean):
        parts = (*clause.must, *clause.should, *clause.must_not)
    elif isinstance(clause, Boosted):
        parts = (clause.clause,)
    elif isinstance(clause, DisMax):
        parts = clause.clauses
    elif clause is None:
        return 0
    elif isinstance(clause, _Unscored):
        return 1
    else:
        leaves.append(clause)
        return 0
    return 1 + sum([_add(each, leaves) for each in parts])
