"""The leaves of a query for who explains a score: those that count, and how each reads."""

from __future__ import annotations

from collections.abc import Iterator

from harbor_search.engines.clauses import Boolean, Boosted, Clause, Fuzzy, Leaf, Phrase, Prefix, Spellings, Term

__all__ = ["leaf_text", "wanted_leaves", "weighted_leaves"]


def weighted_leaves(clause: Clause | None, factor: float = 1.0) -> Iterator[tuple[Leaf, float]]:
    """The leaves that were typed, other names left out, and what each counts."""
    match clause:
        case Boosted(inner, own):
            yield from weighted_leaves(inner, factor * own)
        case Boolean(must, should):
            for each in (*must, *should):
                yield from weighted_leaves(each, factor)
        case Term() | Phrase() | Prefix() | Fuzzy() | Spellings():
            yield clause, factor


def wanted_leaves(clause: Clause | None) -> Iterator[Leaf]:
    """The leaves that count in full, and those that must be there."""
    for leaf, factor in weighted_leaves(clause):
        if factor == 1.0:
            yield leaf


def leaf_text(leaf: Leaf) -> str:
    """A leaf as the index has it."""
    match leaf:
        case Spellings(asked):
            return leaf_text(asked)
        case Phrase(terms):
            return b" ".join(terms).decode("utf-8", "replace")
        case Fuzzy(text):
            return text
        case Term(term) | Prefix(term):
            return term.decode("utf-8", "replace")
