"""Concepts: the things that a query in plain words names, each with all the ways in which an article may say it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from harbor_search.query import Boolean, Boosted, Node, Phrase, Term
from harbor_search.synonyms import Other

__all__ = ["CORRECTED", "FORM", "SYNONYM", "Concept", "Way", "any_of", "other_name", "weighed"]

CORRECTED, FORM, SYNONYM = "correction", "form", "synonym"
"""Where a way to say something comes from, but what was typed."""


class Way(NamedTuple):
    """A way to say a concept: its node, how it comes from what was typed (None: it is that), as which text, what an
    occurrence of it counts, which word was `typed` where that was corrected, and whether it names the same thing."""

    node: Node
    by: str | None
    text: str
    weight: float = 1.0
    typed: str = ""
    mutual: bool = True


class Concept(NamedTuple):
    """What some words of a query, typed side by side, name.

    `literal` are the nodes of the words (several for one word that may have been meant otherwise), of which an article
    has the concept by all in `words`; or it has it by any of `others`. `named` are the words of a name of several as
    they stand in the query.
    """

    typed: str
    literal: tuple[tuple[Way, ...], ...]
    others: tuple[Way, ...] = ()
    named: Phrase | None = None

    @property
    def ways(self) -> tuple[Way, ...]:
        """All ways, the literal ones first."""
        return (*(way for ways in self.literal for way in ways), *self.others)

    def whole(self) -> Node:
        """Articles that have the concept, one way or another."""
        words = [any_of([way.node for way in ways]) for ways in self.literal]
        together = words[0] if len(words) == 1 else Boolean(must=tuple(words))
        return any_of([together, *(way.node for way in self.others)])


def other_name(other: Other) -> Way:
    """A synonym as a way to say a concept."""
    node = Phrase(other.text) if " " in other.text else Term(other.text)
    return Way(node, SYNONYM, other.text, other.weight, mutual=other.mutual)


def any_of(nodes: Sequence[Node]) -> Node:
    """Articles that match at least one of some nodes."""
    return nodes[0] if len(nodes) == 1 else Boolean(should=tuple(nodes), minimum=1)


def weighed(node: Node, weight: float) -> Node:
    """A node that counts as much as is said, at most 1."""
    return node if weight >= 1 else Boosted(node, weight)
