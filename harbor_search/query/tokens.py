"""What the lexer makes of a query's text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from harbor_search.query.nodes import Filter

__all__ = ["BINARY", "LEAVES", "OPERANDS", "OPERATORS", "Kind", "Sign", "Token"]


class Kind(Enum):
    """The kinds of token: four that match words, one that narrows, three operators, and the two parentheses."""

    WORD = auto()
    PHRASE = auto()
    PREFIX = auto()
    FUZZY = auto()
    FILTER = auto()
    AND = auto()
    OR = auto()
    NOT = auto()
    OPEN = auto()
    CLOSE = auto()


class Sign(Enum):
    """What stands before a word: `+` (must), `-` (must not) or nothing."""

    NONE = ""
    MUST = "+"
    MUST_NOT = "-"


LEAVES = frozenset({Kind.WORD, Kind.PHRASE, Kind.PREFIX, Kind.FUZZY})
OPERANDS = LEAVES | {Kind.FILTER}
BINARY = frozenset({Kind.AND, Kind.OR})
OPERATORS = BINARY | {Kind.NOT}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the query.

    `text` is what to match (a phrase without its quotes, a prefix without its asterisk); `position` is the character
    offset where the piece starts in what the reader typed. `number` is a phrase's slop or a fuzzy word's distance;
    `narrowing` is what a filter asks for.
    """

    kind: Kind
    text: str
    position: int
    sign: Sign = Sign.NONE
    field: str | None = None
    number: int = 0
    narrowing: Filter | None = None
