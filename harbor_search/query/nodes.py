"""The query tree: what a reader asked for, independent of any engine.

Texts in nodes are the reader's own words, not yet analysed: each engine analyses them as it analysed the articles. A
word that the analyzer splits ("covid-19") is matched as a phrase of its parts.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FIELDS", "Boolean", "Everything", "Fuzzy", "Node", "Nothing", "Phrase", "Prefix", "Term"]

FIELDS = ("title", "headings", "lead", "body")
"""Searchable text fields. A node with `field=None` matches in any of them."""


@dataclass(frozen=True, slots=True)
class Term:
    """Articles with this word."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """Articles with these words in this order, at most `slop` positions of extra distance in between."""

    text: str
    field: str | None = None
    slop: int = 0


@dataclass(frozen=True, slots=True)
class Prefix:
    """Articles with a word that starts so."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Articles with a word within `distance` edits (insertion, deletion, substitution, transposition)."""

    text: str
    distance: int = 1
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Boolean:
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


Node = Term | Phrase | Prefix | Fuzzy | Boolean | Everything | Nothing
