"""The query tree: what a reader asked for, independent of any engine.

Texts in nodes are the reader's own words, not yet analysed: each engine analyses them as it analysed the articles. A
word that the analyzer splits ("covid-19") is matched as a phrase of its parts.

Nodes are made for each query and looked up by the engine. As tuples they cost a quarter of what frozen dataclasses do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, TypeVar

__all__ = [
    "FIELDS",
    "Boolean",
    "Boosted",
    "Dated",
    "DisMax",
    "Everything",
    "Filter",
    "Fuzzy",
    "Node",
    "Nothing",
    "Phrase",
    "Prefix",
    "Sectioned",
    "Tagged",
    "Term",
    "typed_equality",
]

FIELDS = ("title", "headings", "lead", "body", "names")
"""Searchable text fields. A node with `field=None` matches in any of them."""

_Kind = TypeVar("_Kind", bound=type[tuple[Any, ...]])


def typed_equality(kind: _Kind) -> _Kind:
    """Let tuples of this kind equal none of another, whatever both hold."""

    def equal(one: tuple[Any, ...], other: object) -> bool:
        return type(one) is type(other) and tuple.__eq__(one, other)

    def unequal(one: tuple[Any, ...], other: object) -> bool:
        return not equal(one, other)

    kind.__eq__, kind.__ne__ = equal, unequal  # type: ignore[method-assign,assignment]
    return kind


@typed_equality
class Term(NamedTuple):
    """Articles with this word."""

    text: str
    field: str | None = None


@typed_equality
class Phrase(NamedTuple):
    """Articles with these words in this order, at most `slop` positions of extra distance in between."""

    text: str
    field: str | None = None
    slop: int = 0


@typed_equality
class Prefix(NamedTuple):
    """Articles with a word that starts so."""

    text: str
    field: str | None = None


@typed_equality
class Fuzzy(NamedTuple):
    """Articles with a word within `distance` edits (insertion, deletion, substitution, transposition)."""

    text: str
    distance: int = 1
    field: str | None = None


@typed_equality
class Boolean(NamedTuple):
    """Articles that match every `must`, no `must_not`, and at least `minimum` of `should`.

    `should` clauses beyond the minimum only add to the score. `minimum` is 0 where `must` alone decides.
    """

    must: tuple[Node, ...] = ()
    should: tuple[Node, ...] = ()
    must_not: tuple[Node, ...] = ()
    minimum: int = 0


@dataclass(frozen=True, slots=True)
class Everything:
    """All articles, with score 0."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No article."""


@dataclass(frozen=True, slots=True)
class Sectioned:
    """Articles in a section, at any depth: `path` is part of a section's path, compared without case; score 0."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tagged:
    """Articles that have a tag, compared without case; score 0."""

    tag: str


@dataclass(frozen=True, slots=True)
class Dated:
    """Articles published from `first` to `last`, both included, None: no bound; score 0."""

    first: date | None
    last: date | None


Filter = Sectioned | Tagged | Dated


@typed_equality
class Boosted(NamedTuple):
    """Articles that match `node`, which scores `factor` (above 0, at most 1) of what it would."""

    node: Node
    factor: float


@typed_equality
class DisMax(NamedTuple):
    """Articles that match at least one of `nodes`; of those that they match, the one that scores most counts."""

    nodes: tuple[Node, ...]


Node = Term | Phrase | Prefix | Fuzzy | Boolean | Everything | Nothing | Boosted | DisMax | Filter
