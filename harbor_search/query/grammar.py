"""From tokens to the query tree.

    sequence    = { alternatives }                      beside each other
    alternatives = conjunction { OR conjunction }
    conjunction = operand { AND operand }
    operand     = { NOT } ( word | phrase | "(" sequence ")" )

Signs belong to operands. Operators where no operand is are passed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harbor_search.query.nodes import Filter, Fuzzy, Node, Phrase, Prefix, Term
from harbor_search.query.simplify import all_of, any_of, clauses
from harbor_search.query.tokens import OPERATORS, Kind, Sign, Token

__all__ = ["balance", "build_tree"]


def balance(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """`tokens` without the parentheses that have no partner."""
    opened: list[int] = []
    alone: set[int] = set()
    for index, token in enumerate(tokens):
        if token.kind is Kind.OPEN:
            opened.append(index)
        elif token.kind is Kind.CLOSE:
            if opened:
                opened.pop()
            else:
                alone.add(index)
    alone.update(opened)
    return tuple(token for index, token in enumerate(tokens) if index not in alone)


def build_tree(tokens: Sequence[Token], *, strict: bool) -> Node | None:
    """The tree for `tokens` with balanced parentheses; None where nothing is left to search for.

    `strict` makes words beside each other requirements instead of alternatives. Recurses once per level of
    parentheses, whose depth the caller bounds.
    """
    return _Grammar(tokens, strict=strict).sequence(None)


Leaf = Term | Phrase | Prefix | Fuzzy | Filter


@dataclass(frozen=True, slots=True)
class _Operand:
    sign: Sign
    node: Node


class _Grammar:
    """A cursor over tokens; each method reads one rule and leaves the cursor after it."""

    def __init__(self, tokens: Sequence[Token], *, strict: bool) -> None:
        self.tokens = tokens
        self.strict = strict
        self.at = 0

    def kind(self) -> Kind | None:
        return self.tokens[self.at].kind if self.at < len(self.tokens) else None

    def sequence(self, field: str | None) -> Node | None:
        must: list[Node] = []
        should: list[Node] = []
        must_not: list[Node] = []
        filters: list[Node] = []
        while self.kind() not in (Kind.CLOSE, None):
            operand = self.alternatives(field)
            if operand is None:
                continue
            if operand.sign is Sign.MUST_NOT:
                must_not.append(operand.node)
            elif isinstance(operand.node, Filter):
                filters.append(operand.node)
            elif operand.sign is Sign.MUST or self.strict:
                must.append(operand.node)
            else:
                should.append(operand.node)
        return _narrowed(clauses(must, should, must_not), filters)

    def alternatives(self, field: str | None) -> _Operand | None:
        operands = [self.conjunction(field)]
        while self.kind() is Kind.OR:
            self.at += 1
            operands.append(self.conjunction(field))
        found = [operand for operand in operands if operand is not None]
        if len(found) < 2:
            return found[0] if found else None
        return _joined(found, any_of([_positive(operand) for operand in found]))

    def conjunction(self, field: str | None) -> _Operand | None:
        operands = [self.operand(field)]
        while self.kind() is Kind.AND:
            self.at += 1
            operands.append(self.operand(field))
        found = [operand for operand in operands if operand is not None]
        if len(found) < 2:
            return found[0] if found else None
        must = [operand.node for operand in found if operand.sign is not Sign.MUST_NOT]
        must_not = [operand.node for operand in found if operand.sign is Sign.MUST_NOT]
        return _joined(found, all_of(must, must_not))

    def operand(self, field: str | None) -> _Operand | None:
        negated = False
        while self.kind() in OPERATORS:
            negated ^= self.kind() is Kind.NOT
            self.at += 1
        if self.kind() in (Kind.CLOSE, None):
            return None
        token = self.tokens[self.at]
        self.at += 1
        node = self.group(token.field or field) if token.kind is Kind.OPEN else _leaf(token, token.field or field)
        return None if node is None else _Operand(_negated(token.sign) if negated else token.sign, node)

    def group(self, field: str | None) -> Node | None:
        node = self.sequence(field)
        self.at += 1  # the closing parenthesis
        return node


def _leaf(token: Token, field: str | None = None) -> Leaf:
    """The node of a token that matches words or narrows the search."""
    match token.kind:
        case Kind.FILTER:
            assert token.narrowing is not None
            return token.narrowing
        case Kind.PHRASE:
            return Phrase(token.text, field, token.number)
        case Kind.PREFIX:
            return Prefix(token.text, field)
        case Kind.FUZZY:
            return Fuzzy(token.text, token.number, field)
        case _:
            return Term(token.text, field)


def _narrowed(node: Node | None, filters: Sequence[Node]) -> Node | None:
    """What matches `node`, if there is one, and every filter: a filter is a requirement, with or without a sign."""
    if not filters:
        return node
    return all_of([*([] if node is None else [node]), *filters], ())


def _negated(sign: Sign) -> Sign:
    return Sign.NONE if sign is Sign.MUST_NOT else Sign.MUST_NOT


def _positive(operand: _Operand) -> Node:
    """The operand's node; where it is negated, everything but that."""
    if operand.sign is not Sign.MUST_NOT:
        return operand.node
    return all_of((), (operand.node,)) or operand.node


def _joined(operands: Sequence[_Operand], node: Node | None) -> _Operand | None:
    """Operands under an operator as one operand: a `+` on any of them asks for the whole."""
    sign = Sign.MUST if any(operand.sign is Sign.MUST for operand in operands) else Sign.NONE
    return None if node is None else _Operand(sign, node)
